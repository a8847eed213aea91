// The small engine in Node, from the very files that the site serves:
//
//   node micropython_runner.mjs RUNTIME_FOLDER KITS_FOLDER < requests > answers
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { answerLines } from "./lines.mjs";

const [runtime, kits] = /** @type {[string, string]} */ (process.argv.slice(2));
const { loadMicroPython } = await import(pathToFileURL(`${runtime}/micropython.mjs`).href);
const engine = await loadMicroPython({ stdout: (/** @type {string} */ line) => process.stderr.write(`${line}\n`) });

engine.runPython("import sys\nsys.path.insert(0, '/')\n");
/** @type {((slug: string, request: string, facts: string) => string) | undefined} */
let answer;
const written = new Set();

/** @param {string} slug */
function unpack(slug) {
  /** @type {{modules: Record<string, string>}} */
  const { modules } = JSON.parse(readFileSync(`${kits}/${slug}.json`, "utf8"));
  for (const [path, bytes] of Object.entries(modules)) {
    engine.FS.mkdirTree(`/${path.slice(0, path.lastIndexOf("/"))}`);
    engine.FS.writeFile(`/${path}`, Buffer.from(bytes, "latin1"));
  }
  engine.runPython("from calculators.core.run import answer_json\n");
  answer = engine.globals.get("answer_json");
}

await answerLines((slug, request, facts) => {
  if (!written.has(slug)) unpack(slug);
  written.add(slug);
  return /** @type {NonNullable<typeof answer>} */ (answer)(slug, request, facts);
});

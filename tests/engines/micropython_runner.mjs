// The small engine in Node, from the very files that the site serves:
//
//   node micropython_runner.mjs RUNTIME_FOLDER SOURCES_FOLDER < requests > answers
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { answerLines } from "./lines.mjs";

const [runtime, sources] = /** @type {[string, string]} */ (process.argv.slice(2));
const { loadMicroPython } = await import(pathToFileURL(`${runtime}/micropython.mjs`).href);
const engine = await loadMicroPython({ stdout: (/** @type {string} */ line) => process.stderr.write(`${line}\n`) });

/** @param {string} name of a file of sources */
function writeModules(name) {
  for (const [path, text] of Object.entries(JSON.parse(readFileSync(`${sources}/${name}.json`, "utf8")))) {
    engine.FS.mkdirTree(`/${path.slice(0, path.lastIndexOf("/"))}`);
    engine.FS.writeFile(`/${path}`, Buffer.from(text, "latin1"));
  }
}

writeModules("core");
engine.runPython("import sys\nsys.path.insert(0, '/')\nfrom calculators.core.run import answer_json\n");
const answer = engine.globals.get("answer_json");
const written = new Set();
await answerLines((slug, request, facts) => {
  if (!written.has(slug)) writeModules(slug);
  written.add(slug);
  return answer(slug, request, facts);
});

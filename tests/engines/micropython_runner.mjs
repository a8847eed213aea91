// The small engine in Node, with the calculators' sources as they are:
//
//   node micropython_runner.mjs REPOSITORY < requests > answers
import { readFileSync, readdirSync } from "node:fs";
// @ts-expect-error -- the package comes without types
import { loadMicroPython } from "@micropython/micropython-webassembly-pyscript/micropython.mjs";
import { answerLines } from "./lines.mjs";

const [root] = /** @type {[string]} */ (process.argv.slice(2));
const engine = await loadMicroPython({ stdout: (/** @type {string} */ line) => process.stderr.write(`${line}\n`) });

// It has no such module, and annotations are nothing that it evaluates.
engine.FS.writeFile("/__future__.py", "annotations = None\n");
const folders = new Set();
for (const entry of readdirSync(`${root}/calculators`, { recursive: true, encoding: "utf8" }).sort()) {
  if (!entry.endsWith(".py") || entry === "__main__.py") continue;
  const path = `/calculators/${entry}`;
  const folder = path.slice(0, path.lastIndexOf("/"));
  if (!folders.has(folder)) engine.FS.mkdirTree(folder);
  folders.add(folder);
  engine.FS.writeFile(path, readFileSync(`${root}${path}`, "utf8"));
}

engine.runPython("import sys\nsys.path.insert(0, '/')\nfrom calculators.core.run import answer_json\n");
const answer = engine.globals.get("answer_json");
await answerLines((slug, request, facts) => answer(slug, request, facts));

// The full engine in Node, booted from the very files that the site serves:
//
//   node pyodide_runner.mjs RUNTIME_FOLDER PYTHON_STDLIB_ZIP < requests > answers
import { pathToFileURL } from "node:url";
import { answerLines } from "./lines.mjs";

const [runtime, library] = /** @type {[string, string]} */ (process.argv.slice(2));
/** @type {typeof import("pyodide")} */
const { loadPyodide } = await import(pathToFileURL(`${runtime}/pyodide.mjs`).href);
const python = await loadPyodide({ indexURL: runtime, stdLibURL: library });
const run = python.pyimport("calculators.core.run");
await answerLines((slug, request, facts) => run.answer_json(slug, request, facts));

// @ts-check
/** Module worker with the full engine: CPython, as Pyodide, from this site's own files. */
import { checkWasm, fetchAhead, fetchText, loadModule, serve } from "./engine-base-worker.js";

/**
 * @typedef {import("./protocol.js").Files} Files
 * @typedef {{pyimport(name: string): any}} Pyodide
 */

/**
 * @param {Files} files
 * @param {(words: string) => void} stage
 * @returns {Promise<import("./engine-base-worker.js").Started<string>>}
 */
async function start(files, stage) {
  stage("Loading Python (4 MB, kept by the browser for next time) ...");
  // All at once: the module, its larger half, the machine code and the library do not wait for each other.
  const wasm = `${files.runtime}pyodide.asm.wasm`;
  const lock = `${files.runtime}pyodide-lock.json`; // lists no packages: the calculators lie in the library
  const broken = fetchAhead(wasm, [files.python, lock], () => stage("Starting Python ..."));
  const modules = ["pyodide.mjs", "pyodide.asm.mjs"].map((name) => loadModule(files.runtime + name));
  const [, { loadPyodide, version }] = await Promise.race([Promise.all([checkWasm(), ...modules]), broken]);
  /** @type {Promise<Pyodide>} */
  const loading = loadPyodide({ indexURL: files.runtime, stdLibURL: files.python, lockFileURL: lock });
  const pyodide = await Promise.race([loading, broken]);
  const { answerer } = pyodide.pyimport("calculators.core.run");
  const [python = ""] = pyodide.pyimport("sys").version.split(" ");
  return { engine: "pyodide", versions: { python, pyodide: version }, answerer };
}

/** @type {import("./engine-base-worker.js").Engine<string>} */
const engine = { start, load: (slug, files) => fetchText(`${files.facts}${slug}.json`) };
serve(engine);

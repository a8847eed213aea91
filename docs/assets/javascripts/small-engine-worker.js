// @ts-check
/** Module worker with the small engine: MicroPython with the calculators as bytecode. */
import { checkWasm, fetchAhead, fetchText, loadModule } from "./engine-files-worker.js";
import { createHandler } from "./engine-handler.js";

/**
 * @typedef {import("./protocol.js").Files} Files
 * @typedef {{sources: string, facts: string}} Needed a calculator's modules, as JSON, and its facts
 * @typedef {{FS: {mkdirTree(path: string): void, writeFile(path: string, content: Uint8Array): void},
 *   runPython(code: string): void, globals: {get(name: string): any}}} MicroPython
 */

/**
 * @param {Files} files
 * @param {(words: string) => void} stage
 * @returns {Promise<import("./engine-handler.js").Started<Needed>>}
 */
async function start(files, stage) {
  stage("Working it out ...");
  const wasm = `${files.micropython}micropython.wasm`;
  const broken = fetchAhead(wasm, [], () => {});
  const [{ loadMicroPython }, core] = await Promise.race([
    Promise.all([loadModule(`${files.micropython}micropython.mjs`), fetchText(`${files.sources}core.json`), checkWasm()]),
    broken,
  ]);
  /** @type {MicroPython} */
  const python = await Promise.race([loadMicroPython({ url: wasm, stdout: () => {} }), broken]);
  writeModules(python, core);
  python.runPython("import sys\nsys.path.insert(0, '/')\nfrom calculators.core.run import answer_json");
  python.runPython("python_version = '.'.join([str(n) for n in sys.implementation.version[:2]])");
  const answer = python.globals.get("answer_json");
  const written = new Set();
  return {
    engine: "micropython",
    versions: { micropython: python.globals.get("python_version") },
    answer(slug, request, { sources, facts }) {
      if (!written.has(slug)) writeModules(python, sources);
      written.add(slug);
      return answer(slug, request, facts);
    },
  };
}

/**
 * @param {MicroPython} python
 * @param {string} sources compiled modules by path, a character for each byte, as JSON
 */
function writeModules({ FS }, sources) {
  for (const [path, text] of Object.entries(JSON.parse(sources))) {
    FS.mkdirTree(`/${path.slice(0, path.lastIndexOf("/"))}`);
    FS.writeFile(`/${path}`, Uint8Array.from(text, (letter) => letter.charCodeAt(0)));
  }
}

/** @type {import("./engine-handler.js").Engine<Needed>} */
const engine = {
  start,
  async load(slug, files) {
    const addresses = [`${files.sources}${slug}.json`, `${files.facts}${slug}.json`];
    const [sources = "", facts = ""] = await Promise.all(addresses.map(fetchText));
    return { sources, facts };
  },
};
const handle = createHandler(engine, (reply) => postMessage(reply));
addEventListener("message", (event) => handle(event.data));

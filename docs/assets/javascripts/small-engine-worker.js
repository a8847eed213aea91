// @ts-check
/** Module worker with the small engine: MicroPython with the calculators as bytecode. */
import { checkWasm, fetchAhead, fetchText, loadModule, serve } from "./engine-base-worker.js";

/**
 * @typedef {import("./protocol.js").Files} Files
 * @typedef {{modules: Record<string, string>, facts: string}} Kit
 *   all that one calculator needs: compiled modules by path, a character for each byte, and the facts' JSON
 * @typedef {{FS: {mkdirTree(path: string): void, writeFile(path: string, content: Uint8Array): void},
 *   runPython(code: string): void, globals: {get(name: string): any}}} MicroPython
 */

/**
 * @param {Files} files
 * @returns {Promise<import("./engine-base-worker.js").Started<Kit>>}
 */
async function start(files) {
  const wasm = `${files.micropython}micropython.wasm`;
  const broken = fetchAhead(wasm, [], () => {});
  const runtime = loadModule(`${files.micropython}micropython.mjs`);
  const [{ loadMicroPython }] = await Promise.race([Promise.all([runtime, checkWasm()]), broken]);
  /** @type {MicroPython} */
  const python = await Promise.race([loadMicroPython({ url: wasm, stdout: () => {} }), broken]);
  python.runPython("import sys\nsys.path.insert(0, '/')");
  python.runPython("python_version = '.'.join([str(n) for n in sys.implementation.version[:2]])");
  const written = new Set();
  return {
    engine: "micropython",
    versions: { micropython: python.globals.get("python_version") },
    answerer(slug, { modules, facts }) {
      for (const [path, bytes] of Object.entries(modules)) {
        if (!written.has(path)) writeModule(python, path, bytes);
        written.add(path);
      }
      python.runPython("from calculators.core.run import answerer");
      return python.globals.get("answerer")(slug, facts);
    },
  };
}

/**
 * @param {MicroPython} python
 * @param {string} path
 * @param {string} bytes
 */
function writeModule({ FS }, path, bytes) {
  FS.mkdirTree(`/${path.slice(0, path.lastIndexOf("/"))}`);
  FS.writeFile(`/${path}`, Uint8Array.from(bytes, (letter) => letter.charCodeAt(0)));
}

/** @type {import("./engine-base-worker.js").Engine<Kit>} */
const engine = { start, load: async (slug, files) => JSON.parse(await fetchText(`${files.kits}${slug}.json`)) };
serve(engine);

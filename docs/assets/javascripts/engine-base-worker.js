// @ts-check
/**
 * What the workers of both engines have in common: how they answer messages, how they load files, and the plain
 * words when one is not there. One module, because each file of a worker costs a reader's first answer a while.
 */
import { ENGINE, PROTOCOL, isErrorInfo, isInit, isRun, problem } from "./protocol.js";

/**
 * @typedef {import("./protocol.js").Files} Files
 * @typedef {import("./protocol.js").Run} Run
 * @typedef {import("./protocol.js").Reply} Reply
 */
/**
 * @typedef {(request: string) => string} Answer JSON for JSON; throws only when the engine itself is broken
 */
/**
 * @template Needed
 * @typedef {object} Started
 * @property {string} engine
 * @property {Record<string, string>} versions
 * @property {(slug: string, needed: Needed) => Answer} answerer `calculators.core.run.answerer`
 */
/**
 * @template Needed what an engine loads for one calculator
 * @typedef {object} Engine
 * @property {(files: Files, stage: (words: string) => void) => Promise<Started<Needed>>} start
 *   rejects with an ErrorInfo in plain words
 * @property {(slug: string, files: Files) => Promise<Needed>} load rejects with an ErrorInfo
 */

/**
 * Has an engine answer the messages of this worker.
 *
 * @template Needed
 * @param {Engine<Needed>} engine
 */
export function serve(engine) {
  const post = (/** @type {Reply} */ reply) => postMessage(reply);
  /** @type {Promise<Started<Needed>> | undefined} */
  let started;
  /** @type {Files} */
  let files;
  /** @type {Map<string, Promise<Needed>>} */
  const loaded = new Map();
  /** @type {Map<string, Answer>} */
  const answers = new Map();

  /** @param {string} slug */
  function load(slug) {
    const known = loaded.get(slug);
    if (known) return known;
    const asked = engine.load(slug, files);
    loaded.set(slug, asked);
    asked.catch(() => loaded.delete(slug)); // so that it can be tried again
    return asked;
  }

  /** @param {import("./protocol.js").Init} message */
  async function init(message) {
    if (message.protocol !== PROTOCOL) {
      const text = "This page and its calculator are of different versions. Please reload the page.";
      return post({ type: "failed", error: problem(ENGINE.protocol, text) });
    }
    files = message.files;
    started = engine.start(files, (stage) => post({ type: "stage", stage }));
    try {
      const { engine: name, versions } = await started;
      post({ type: "ready", engine: name, versions });
    } catch (error) {
      post({ type: "failed", error: toErrorInfo(error) });
    }
  }

  /** @param {Run} message */
  async function run({ id, calculator, inputs, tables, against }) {
    if (!started) {
      return post({ type: "error", id, error: problem("INVALID_REQUEST", "The engine was not started.") });
    }
    try {
      // What the calculator needs is fetched while the engine starts.
      const [{ answerer }, needed] = await Promise.all([started.catch(nothing), load(calculator)]);
      const answer = answers.get(calculator) ?? answerer(calculator, needed);
      answers.set(calculator, answer);
      const answered = JSON.parse(answer(JSON.stringify({ inputs, tables, against })));
      if (answered.ok) post({ type: "result", id, report: answered.report });
      else post({ type: "error", id, error: answered.error });
    } catch (error) {
      if (isErrorInfo(error)) post({ type: "error", id, error });
      else post({ type: "failed", error: toErrorInfo(error) });
    }
  }

  addEventListener("message", ({ data }) => {
    if (isInit(data) && !started) return init(data);
    if (isRun(data)) return run(data);
    const id = Number.isInteger(data?.id) ? data.id : null;
    return post({ type: "error", id, error: problem("INVALID_REQUEST", "The engine does not know this message.") });
  });
}

/** A start that failed is told once, by `init`; requests that waited for it then end with the worker. */
function nothing() {
  return /** @type {Promise<never>} */ (new Promise(() => {}));
}

/**
 * @param {unknown} error
 * @returns {import("./protocol.js").ErrorInfo}
 */
function toErrorInfo(error) {
  if (isErrorInfo(error)) return error;
  const detail = error instanceof Error ? ` (${error.message.split("\n", 1).join().slice(0, 200)})` : "";
  return problem(ENGINE.broken, `Python stopped working in this browser${detail}.`);
}

// ---- files

const EMPTY_WASM_MODULE = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]);

/** A content security policy may forbid WebAssembly; Pyodide would then wait for ever. */
export async function checkWasm() {
  try {
    await WebAssembly.compile(EMPTY_WASM_MODULE);
  } catch {
    const text =
      "Python cannot start here: WebAssembly is switched off in this browser or forbidden by a security rule of this site.";
    throw problem(ENGINE.noWasm, text);
  }
}

/**
 * @param {string} address
 * @returns {Promise<any>} the module; rejects with an ErrorInfo
 */
export async function loadModule(address) {
  try {
    return await import(address);
  } catch {
    throw notLoaded(address);
  }
}

/**
 * Requests files before an engine does, which then gets these responses. The one with the machine code is left
 * as it is, streamed, for only then does the browser keep the compiled code. Also tells of what an engine does
 * not: without a file, or with half of one, Pyodide may wait for ever.
 *
 * @param {string} wasm address of the machine code
 * @param {string[]} others addresses of what else it asks for
 * @param {() => void} onLoaded called when the machine code has arrived and is ready
 * @returns {Promise<never>} rejects with an ErrorInfo when one of them is of no use
 */
export function fetchAhead(wasm, others, onLoaded) {
  const { fetch } = self;
  const { instantiateStreaming } = WebAssembly;
  const responses = new Map(others.map((address) => [address, fetchWhole(address)]));
  responses.set(wasm, request(wasm));
  self.fetch = (input, options) => {
    const response = responses.get(String(input));
    responses.delete(String(input));
    return response ?? fetch(input, options);
  };
  return new Promise((_, reject) => {
    for (const response of responses.values()) response.catch(reject);
    WebAssembly.instantiateStreaming = async (source, imports) => {
      try {
        const instantiated = await instantiateStreaming(source, imports);
        onLoaded();
        return instantiated;
      } catch (error) {
        reject(notLoaded(wasm));
        throw error;
      }
    };
  });
}

/** @param {string} address */
async function request(address) {
  const response = await fetch(address).catch(() => {
    throw notLoaded(address);
  });
  // Some hosts answer with a web page in place of a missing file.
  const isPage = response.headers.get("content-type")?.startsWith("text/html");
  if (!response.ok || isPage) throw notLoaded(address, response.ok ? "not there" : `error ${response.status}`);
  return response;
}

/**
 * @param {string} address
 * @param {string} [reason]
 */
function notLoaded(address, reason = navigator.onLine ? "" : "this device is offline") {
  const file = new URL(address).pathname.split("/").pop();
  return problem(ENGINE.notLoaded, `A part of the calculator could not be loaded (${file}${reason && `: ${reason}`}).`);
}

/** @param {string} address */
async function fetchWhole(address) {
  const response = await request(address);
  const body = await response.arrayBuffer().catch(() => {
    throw notLoaded(address);
  });
  return new Response(body);
}

/** @param {string} address */
export async function fetchText(address) {
  return (await fetchWhole(address)).text();
}

// @ts-check
/**
 * What a worker does with its messages, whichever engine runs in it. Nothing here touches the worker's
 * global scope, so a test can call it with an engine of its own.
 */
import { ENGINE, PROTOCOL, isErrorInfo, isInit, isRun, problem } from "./protocol.js";

/**
 * @typedef {import("./protocol.js").Files} Files
 * @typedef {import("./protocol.js").Run} Run
 * @typedef {import("./protocol.js").Reply} Reply
 */
/**
 * @template Needed
 * @typedef {object} Started
 * @property {string} engine
 * @property {Record<string, string>} versions
 * @property {(slug: string, request: string, needed: Needed) => string} answer
 *   `calculators.core.run.answer_json`; throws only when the engine itself is broken
 */
/**
 * @template Needed what an engine loads for one calculator
 * @typedef {object} Engine
 * @property {(files: Files, stage: (words: string) => void) => Promise<Started<Needed>>} start
 *   rejects with an ErrorInfo in plain words
 * @property {(slug: string, files: Files) => Promise<Needed>} load rejects with an ErrorInfo
 */

/**
 * @template Needed
 * @param {Engine<Needed>} engine
 * @param {(reply: Reply) => void} post
 * @returns {(message: unknown) => Promise<void>} the handler of messages
 */
export function createHandler(engine, post) {
  /** @type {Promise<Started<Needed>> | undefined} */
  let started;
  /** @type {Files} */
  let files;
  /** @type {Map<string, Promise<Needed>>} */
  const loaded = new Map();

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
      const [{ answer }, needed] = await Promise.all([started.catch(nothing), load(calculator)]);
      const answered = JSON.parse(answer(calculator, JSON.stringify({ inputs, tables, against }), needed));
      if (answered.ok) post({ type: "result", id, report: answered.report });
      else post({ type: "error", id, error: answered.error });
    } catch (error) {
      if (isErrorInfo(error)) post({ type: "error", id, error });
      else post({ type: "failed", error: toErrorInfo(error) });
    }
  }

  return async (message) => {
    if (isInit(message) && !started) return init(message);
    if (isRun(message)) return run(message);
    const id = Number.isInteger(/** @type {any} */ (message)?.id) ? /** @type {any} */ (message).id : null;
    post({ type: "error", id, error: problem("INVALID_REQUEST", "The engine does not know this message.") });
  };
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

// @ts-check
/**
 * The page's side of an engine: one worker for all calculators of a visit, which outlives instant
 * navigation because modules do. Whatever is refused or fails is a plain `ErrorInfo`. Which engine is asked
 * is decided in engines.js.
 */
import { ENGINE, PROTOCOL, isReply, problem } from "./protocol.js";

/**
 * @typedef {import("./protocol.js").Files} Files
 * @typedef {import("./protocol.js").Report} Report
 * @typedef {import("./protocol.js").Ready} Ready
 * @typedef {import("./protocol.js").ErrorInfo} ErrorInfo
 * @typedef {{base: string, files: Files}} Place the site's root and the engine's files, absolute
 * @typedef {import("./protocol.js").Run} Run
 * @typedef {import("./protocol.js").Question} Question
 * @typedef {object} Pending
 * @property {Run} message
 * @property {(report: Report) => void} resolve
 * @property {(error: ErrorInfo) => void} reject
 * @property {ReturnType<typeof setTimeout>} [deadline]
 */

const STILL_LOADING_MS = 15_000;
const RUN_MS = 10_000;
const STILL_LOADING = "Still loading Python, which may take up to a minute here ...";

/** Fires `stage`, a CustomEvent whose detail is what is going on, in words. */
export class EngineClient extends EventTarget {
  #makeWorker;
  #startS;
  #firstStage;
  /** @type {Worker | null} */
  #worker = null;
  #placeKey = "";
  /** @type {Promise<Ready> | null} */
  #started = null;
  /** @type {(error: ErrorInfo) => void} */
  #fail = () => {};
  /** @type {Map<number, Pending>} */
  #pending = new Map();
  #lastId = 0;
  /** What the engine is doing while it starts. */
  stage = "";
  /** @type {Ready | null} the engine's own words once it has started */
  ready = null;

  /**
   * @param {() => Worker} makeWorker
   * @param {number} startS seconds that a start may take
   * @param {string} firstStage what it is doing until the worker says more; every change of it is painted
   */
  constructor(makeWorker, startS, firstStage) {
    super();
    this.#makeWorker = makeWorker;
    this.#startS = startS;
    this.#firstStage = firstStage;
  }

  /**
   * Starts the engine, unless it runs or starts already. After a failure it can be called again.
   *
   * @param {Place} place
   * @returns {Promise<Ready>}
   */
  start(place) {
    const placeKey = JSON.stringify(place);
    // Other addresses mean that the site was published anew: versions are never mixed.
    if (this.#started && placeKey !== this.#placeKey) {
      this.#fail(problem(ENGINE.broken, "The site has been updated while this page was open."));
    }
    this.#placeKey = placeKey;
    this.#started ??= this.#start(place);
    return this.#started;
  }

  /**
   * @param {Place} place
   * @param {string} calculator
   * @param {Question} question
   * @returns {Promise<Report>}
   */
  run(place, calculator, question) {
    this.start(place).catch(() => {}); // told to each request below
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#send({ message: { type: "run", id, calculator, ...question }, resolve, reject });
    });
  }

  /** Ends the engine, which is no longer needed; it can be started again. */
  stop() {
    this.#fail(problem(ENGINE.stopped, "This part of the page was no longer needed."));
  }

  /** @param {Pending} pending */
  #send(pending) {
    this.#pending.set(pending.message.id, pending);
    // Posted even before the engine is ready: the worker fetches the facts meanwhile.
    this.#worker?.postMessage(pending.message);
    if (this.ready) this.#limit(pending);
  }

  /** @param {Pending} pending */
  #limit(pending) {
    pending.deadline = setTimeout(() => this.#replaceStuck(pending), RUN_MS);
  }

  /**
   * @param {Place} place
   * @returns {Promise<Ready>}
   */
  #start(place) {
    return new Promise((resolve, reject) => {
      /** @type {Worker} */
      let worker;
      const slow = setTimeout(() => this.#setStage(STILL_LOADING), STILL_LOADING_MS);
      const deadline = setTimeout(() => {
        this.#fail(problem(ENGINE.slowStart, `Python did not start within ${this.#startS} seconds.`));
      }, 1000 * this.#startS);
      // Requests under way may not notice, and workers are not told.
      const offline = () => this.#fail(notLoaded());
      window.addEventListener("offline", offline);
      const settled = () => {
        clearTimeout(slow);
        clearTimeout(deadline);
        window.removeEventListener("offline", offline);
      };
      this.#fail = (error) => {
        settled();
        worker?.terminate();
        const waiting = [...this.#pending.values()];
        this.#pending.clear();
        this.#worker = this.#started = this.ready = null;
        this.stage = "";
        reject(error);
        for (const pending of waiting) {
          clearTimeout(pending.deadline);
          pending.reject(error);
        }
      };
      try {
        worker = this.#makeWorker();
      } catch {
        worker = /** @type {any} */ (null);
        // Not at once: whoever called has yet to hear of the promise.
        queueMicrotask(() => this.#fail(notLoaded()));
        return;
      }
      this.#worker = worker;
      worker.addEventListener("error", (event) => {
        event.preventDefault();
        this.#fail(this.ready ? problem(ENGINE.broken, "Python stopped working in this browser.") : notLoaded());
      });
      worker.addEventListener("message", ({ data }) => {
        if (worker !== this.#worker) return;
        if (data?.type === "ready" && isReply(data)) {
          settled();
          this.ready = /** @type {Ready} */ (data);
          this.stage = "";
          for (const pending of this.#pending.values()) this.#limit(pending);
          resolve(this.ready);
        } else {
          this.#receive(data);
        }
      });
      this.#setStage(this.#firstStage);
      worker.postMessage({ type: "init", protocol: PROTOCOL, ...place });
    });
  }

  /** @param {unknown} reply */
  #receive(reply) {
    if (!isReply(reply)) {
      this.#fail(problem(ENGINE.protocol, "The calculator answered in a way that this page does not know."));
    } else if (reply.type === "stage") {
      this.#setStage(reply.stage);
    } else if (reply.type === "failed") {
      this.#fail(reply.error);
    } else if (reply.type === "result") {
      this.#settle(reply.id)?.resolve(reply.report);
    } else if (reply.type === "error" && reply.id !== null) {
      this.#settle(reply.id)?.reject(reply.error);
    }
  }

  /** @param {number} id */
  #settle(id) {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    clearTimeout(pending?.deadline);
    return pending;
  }

  /**
   * A worker cannot be interrupted, only ended. The other requests go to its successor.
   *
   * @param {Pending} stuck
   */
  #replaceStuck(stuck) {
    this.#settle(stuck.message.id);
    stuck.reject(problem(ENGINE.stuck, "This took longer than ten seconds and was stopped."));
    const others = [...this.#pending.values()];
    for (const { message } of others) this.#settle(message.id);
    const place = JSON.parse(this.#placeKey);
    this.#fail(problem(ENGINE.stuck, ""));
    this.start(place).catch(() => {}); // told to each request
    for (const pending of others) this.#send(pending);
  }

  /** @param {string} stage */
  #setStage(stage) {
    this.stage = stage;
    this.dispatchEvent(new CustomEvent("stage", { detail: stage }));
  }
}

function notLoaded() {
  const reason = navigator.onLine ? "" : " because this device is offline";
  return problem(ENGINE.notLoaded, `The part of this page that calculates could not be loaded${reason}.`);
}

// @ts-check
/**
 * Which engine answers: the small one from the reader's first touch, the full one from the moment it has been
 * started and is ready. It stands in for the small one when that fails.
 */
import { EngineClient } from "./engine-client.js";
import { isEngineError } from "./protocol.js";

/**
 * @typedef {import("./engine-client.js").Place} Place
 * @typedef {import("./protocol.js").ErrorInfo} ErrorInfo
 * @typedef {import("./protocol.js").Question} Question
 * @typedef {import("./protocol.js").Ready} Ready
 * @typedef {import("./protocol.js").Report} Report
 * @typedef {{report: Report, by: Ready}} Answer a report and the engine that made it
 */

const QUIET_MS = 1500;
/** Seconds until a start is given up: sooner for the small engine, since the full one then stands in. */
const START_S = { small: 30, full: 60 };

// The addresses are written out in full, so that other tools find the workers' files.
export const small = new EngineClient(
  () => new Worker(new URL("./small-engine-worker.js", import.meta.url), { type: "module", name: "micropython" }),
  START_S.small,
  "Working it out ...",
);
export const full = new EngineClient(
  () => new Worker(new URL("./full-engine-worker.js", import.meta.url), { type: "module", name: "pyodide" }),
  START_S.full,
  "Starting ...",
);

/** Fires `stage`, whose detail is what is going on, and `full` when the full engine takes over. */
class Engines extends EventTarget {
  /** Whether the full engine may start without being asked for. */
  startsUnasked = true;
  #fullAnswers = false;
  #placeKey = "";
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #quiet;
  /** @type {Promise<Ready> | null} */
  #check = null;
  #gaveUp = false;
  /** Requests that wait for the full engine to stand in. */
  #waiting = 0;

  constructor() {
    super();
    for (const engine of [small, full]) {
      engine.addEventListener("stage", () => this.dispatchEvent(new Event("stage")));
    }
  }

  /** Whether answers can come at once. */
  get isReady() {
    return this.#asked.ready !== null && (this.#waiting === 0 || full.ready !== null);
  }

  /** What is going on, in words. */
  get stage() {
    return full.stage || small.stage;
  }

  get #asked() {
    return this.#fullAnswers ? full : small;
  }

  /** The reader touches a form: an answer will soon be wanted. @param {Place} place */
  touch(place) {
    this.#follow(place);
    this.#asked.start(place).catch(() => {}); // the request that follows says why
  }

  /**
   * @param {Place} place
   * @param {string} calculator
   * @param {Question} question
   * @returns {Promise<Answer>}
   */
  async run(place, calculator, question) {
    this.#follow(place);
    clearTimeout(this.#quiet);
    const asked = this.#asked;
    try {
      return await answered(asked, place, calculator, question);
    } catch (error) {
      if (asked === full) this.#fullAnswers = full.ready !== null;
      if (asked === full || !isBroken(/** @type {ErrorInfo} */ (error))) throw error;
    }
    // The full engine stands in.
    this.#waiting += 1;
    try {
      const answer = await answered(full, place, calculator, question);
      this.#takeOver();
      return answer;
    } finally {
      this.#waiting -= 1;
    }
  }

  /** Starts the full engine once the reader pauses, where that costs them nothing. @param {Place} place */
  checkWhenIdle(place) {
    clearTimeout(this.#quiet);
    if (!this.willCheck) return;
    const idle = window.requestIdleCallback ?? ((/** @type {() => void} */ then) => setTimeout(then));
    this.#quiet = setTimeout(() => idle(() => this.check(place).catch(() => (this.#gaveUp = true))), QUIET_MS);
  }

  /** Whether the full engine will be started without being asked for: once a visit, unless it runs already. */
  get willCheck() {
    return this.startsUnasked && isFree() && !this.#fullAnswers && !this.#gaveUp;
  }

  /**
   * Starts the full engine, which answers from then on.
   *
   * @param {Place} place
   * @returns {Promise<Ready>} rejects with an ErrorInfo
   */
  check(place) {
    this.#follow(place);
    this.#check ??= full.start(place).finally(() => (this.#check = null));
    return this.#check.then((ready) => {
      this.#takeOver();
      return ready;
    });
  }

  #takeOver() {
    if (this.#fullAnswers) return;
    this.#fullAnswers = true;
    small.stop(); // what it still has to answer is asked again
    this.dispatchEvent(new Event("full"));
  }

  /** Other addresses mean that the site was published anew: begin again, small. @param {Place} place */
  #follow(place) {
    const key = JSON.stringify(place);
    if (this.#placeKey && key !== this.#placeKey) this.#fullAnswers = false;
    this.#placeKey = key;
  }
}

/**
 * @param {EngineClient} engine
 * @param {Place} place
 * @param {string} calculator
 * @param {Question} question
 * @returns {Promise<Answer>}
 */
async function answered(engine, place, calculator, question) {
  const report = await engine.run(place, calculator, question);
  return { report, by: /** @type {Ready} */ (engine.ready) };
}

/** Whether another engine may do better: the inputs are not to blame. @param {ErrorInfo} error */
function isBroken(error) {
  return isEngineError(error) || error.code === "INTERNAL_ERROR";
}

/** Whether 5 MB may be loaded unasked: with a mouse, and without a wish to save data. */
function isFree() {
  const { connection } = /** @type {{connection?: {saveData?: boolean}}} */ (navigator);
  return matchMedia("(pointer: fine)").matches && !connection?.saveData;
}

export const engines = new Engines();

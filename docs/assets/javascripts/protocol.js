// @ts-check
/**
 * What the page and an engine's worker say to each other: plain JSON, and the whole of it.
 *
 * Page to worker: `init` once, then any number of `run`. Worker to page: `stage`s and then `ready` or
 * `failed` for `init`; `result` or `error` for each `run`. After `failed` the worker is of no more use.
 * Every engine speaks this protocol. Code never travels: a worker loads what it runs from addresses
 * below the site's root.
 *
 * @typedef {Record<FileName, string>} Files
 *   Addresses of what the engines load: `micropython` and `kits` are the folders of the small engine and of what
 *   it needs for each calculator, `runtime` and `python` the folder and the Python archive of the full one,
 *   `facts` the folder of its facts.
 * @typedef {"micropython" | "kits" | "runtime" | "python" | "facts"} FileName
 * @typedef {{code: string, field: string, message: string}} Problem
 *   `field` is the name of the input that is wrong, or "".
 * @typedef {Problem & {all?: Problem[]}} ErrorInfo
 *   `all` lists every wrong input, the first one included.
 *
 * @typedef {{type: "init", protocol: number, base: string, files: Files}} Init
 * @typedef {{inputs: Inputs, tables: string[], against?: Inputs}} Question
 *   `tables` names the tables whose rows are wanted, `against` holds the inputs to compare with.
 * @typedef {{type: "run", id: number, calculator: string} & Question} Run
 * @typedef {{type: "stage", stage: string}} Stage
 * @typedef {{type: "ready", engine: string, versions: Record<string, string>}} Ready
 * @typedef {{type: "failed", error: ErrorInfo}} Failed
 * @typedef {{type: "result", id: number, report: Report}} Result
 * @typedef {{type: "error", id: number | null, error: ErrorInfo}} RunError
 * @typedef {Init | Run} Request
 * @typedef {Stage | Ready | Failed | Result | RunError} Reply
 *
 * @typedef {Record<string, string>} Inputs
 *   Names of inputs and what was typed: Python parses it, as it does for the command line.
 * @typedef {{label: string, value: unknown, unit: string, text: string, raw: string, origin: string,
 *   fact: string | null}} ReportInput
 * @typedef {{label: string, value: number | null, unit: string, text: string, low: number | null,
 *   high: number | null, range_text: string, uses: string[]}} ReportMetric
 * @typedef {{id: string, title: string, columns: {id: string, label: string, unit: string}[],
 *   row_count: number, rows: unknown[][] | null, text: string[][] | null}} ReportTable
 * @typedef {{id: string, label: string, unit: string}} Axis
 * @typedef {{id: string, label: string, role: string, points: [number, number][], text: string[],
 *   names?: string[], numbers?: string[], x_text?: string[]}} ChartSeries
 *   Those of a scatter have a name, a number ("" for none) and a text of x for each point.
 * @typedef {{id: string, title: string, description: string, kind: string, x_scale: string, x: Axis, y: Axis,
 *   point: string, x_text: string[], series: ChartSeries[], marks: {x: number, label: string}[]}} ReportChart
 * @typedef {{id: string, title: string, producer: string, url: string, locator: string, label: string, text: string,
 *   as_of: string, method: string, fact: string}} ReportSource
 * @typedef {{calculator: string, headline: string, verdict: string, inputs: Record<string, ReportInput>,
 *   metrics: Record<string, ReportMetric>, tables: ReportTable[], charts: ReportChart[],
 *   notes: {kind: string, text: string}[], sources: ReportSource[],
 *   comparison?: Comparison}} Report
 * @typedef {{id: string, label: string, a: string, b: string, difference: string, percent: string, unit: string,
 *   value_a: number | null, value_b: number | null, same: boolean, key: boolean}} ComparedMetric
 * @typedef {{headline_a: string, verdict_a: string, metrics: ComparedMetric[],
 *   inputs: {name: string, label: string, a: string, b: string}[]}} Comparison
 */

export const PROTOCOL = 1;

/** @type {FileName[]} */
export const FILE_NAMES = ["micropython", "kits", "runtime", "python", "facts"];

/** Codes of errors that are the engine's, not the input's. */
export const ENGINE = Object.freeze({
  noWasm: "ENGINE_NO_WASM",
  notLoaded: "ENGINE_NOT_LOADED",
  broken: "ENGINE_BROKEN",
  slowStart: "ENGINE_SLOW_START",
  stuck: "ENGINE_STUCK",
  protocol: "ENGINE_PROTOCOL",
  stopped: "ENGINE_STOPPED",
});

/**
 * @param {string} code
 * @param {string} message
 * @returns {ErrorInfo}
 */
export function problem(code, message) {
  return { code, field: "", message };
}

/**
 * @param {ErrorInfo} error
 * @returns {boolean} whether the engine failed; otherwise an input is wrong
 */
export function isEngineError(error) {
  return error.code.startsWith("ENGINE_");
}

/**
 * @param {any} message
 * @returns {message is Init}
 */
export function isInit(message) {
  const files = message?.files;
  return (
    message?.type === "init" &&
    typeof message.protocol === "number" &&
    typeof message.base === "string" &&
    FILE_NAMES.every((name) => typeof files?.[name] === "string" && files[name].startsWith(message.base))
  );
}

/**
 * @param {any} message
 * @returns {message is Run}
 */
export function isRun(message) {
  return (
    message?.type === "run" &&
    Number.isInteger(message.id) &&
    /^[a-z0-9-]+$/.test(message.calculator) &&
    isTextRecord(message.inputs) &&
    Array.isArray(message.tables) &&
    message.tables.every((/** @type {unknown} */ id) => typeof id === "string") &&
    (message.against === undefined || isTextRecord(message.against))
  );
}

/**
 * @param {any} message
 * @returns {message is Reply}
 */
export function isReply(message) {
  switch (message?.type) {
    case "stage":
      return typeof message.stage === "string";
    case "ready":
      return typeof message.engine === "string" && isTextRecord(message.versions);
    case "failed":
      return isErrorInfo(message.error);
    case "result":
      return Number.isInteger(message.id) && typeof message.report?.headline === "string";
    case "error":
      return (message.id === null || Number.isInteger(message.id)) && isErrorInfo(message.error);
    default:
      return false;
  }
}

/**
 * @param {any} error
 * @returns {error is ErrorInfo}
 */
export function isErrorInfo(error) {
  return [error?.code, error?.field, error?.message].every((text) => typeof text === "string");
}

/** @param {any} record */
function isTextRecord(record) {
  return (
    typeof record === "object" && record !== null && Object.values(record).every((v) => typeof v === "string")
  );
}

// @ts-check
/**
 * An answer as files: its tables as CSV with all digits, its charts as pictures.
 *
 * CSV as in RFC 4180. A text cell that a spreadsheet would take for a formula begins with an apostrophe there.
 */
/**
 * @typedef {import("./protocol.js").Report} Report
 * @typedef {import("./protocol.js").ReportTable} ReportTable
 * @typedef {string | number | boolean | null} Cell
 * @typedef {object} Host what a calculator's element offers to the tools around its answer
 * @property {string} slug
 * @property {(tables: string[]) => Promise<Report>} ask the answer on screen, with the rows of these tables
 * @property {() => string} link the address with all inputs of the answer on screen
 */

/** So long an engine may take before the rounded texts on the page are saved instead. */
const PATIENCE_MS = 5000;
const PNG_SCALE = 2;
const FAILED_MS = 4000;
/** A number as the page writes it: -$1,234.50, +3.1%. Everything else with a sign in front may be a formula. */
const SIGNED_NUMBER = /^[-+]\$?\d[\d,]*(\.\d+)?%?$/;

/** @param {ReportTable} table with its rows */
export function csvOfTable({ columns, rows }) {
  return csv([columns.map(heading), .../** @type {Cell[][]} */ (rows ?? [])]);
}

/**
 * @param {import("./protocol.js").ReportChart} chart
 * @returns {string} a row for each place on the axis and a column for each series, or a row for each point of a scatter
 */
export function csvOfChart({ kind, point, x, y, series }) {
  if (kind === "scatter") {
    const rows = series.flatMap(({ label, names = [], points }) => points.map((at, k) => [names[k] ?? "", ...at, label]));
    return csv([[point, heading(x), heading(y), "Group"], ...rows]);
  }
  const places = [...new Set(series.flatMap(({ points }) => points.map(([at]) => at ?? 0)))].sort((a, b) => a - b);
  const values = series.map(({ points }) => new Map(points.map(([at, value]) => [at, value])));
  return csv([
    [heading(x), ...series.map(({ label }) => heading({ label, unit: y.unit }))],
    ...places.map((at) => [at, ...values.map((value) => value.get(at) ?? null)]),
  ]);
}

/** @param {{label: string, unit: string}} column */
function heading({ label, unit }) {
  return unit && unit.toLowerCase() !== label.toLowerCase() ? `${label} (${unit})` : label;
}

/**
 * All inputs and figures of an answer, and where they are from.
 *
 * @param {Report} report
 * @param {Record<string, string>} [about] further lines, such as the page's address
 */
export function csvOfFigures(report, about = {}) {
  const inputs = Object.entries(report.inputs).map(([name, { label, value, unit }]) => {
    return ["input", name, label, /** @type {Cell} */ (value), unit, null, null];
  });
  const figures = Object.entries(report.metrics).map(([id, { label, value, unit, low, high }]) => {
    return ["figure", id, label, value, unit, low, high];
  });
  const lines = Object.entries(about).map(([name, text]) => ["about", name, "", text, "", null, null]);
  return csv([["kind", "name", "label", "value", "unit", "low", "high"], ...inputs, ...figures, ...lines]);
}

/** @param {import("./compare-view.js").Comparison} comparison its inputs as text, its figures with all digits */
export function csvOfComparison({ inputs, metrics }) {
  return csv([
    ["kind", "name", "label", "a", "b", "unit"],
    ...inputs.map(({ name, label, a, b }) => ["input", name, label, a, b, ""]),
    ...metrics.map(({ id, label, value_a, value_b, unit }) => ["figure", id, label, value_a, value_b, unit]),
  ]);
}

/**
 * The texts of a table on the page.
 *
 * @param {HTMLTableElement} table
 */
export function csvFromPage(table) {
  return csv([...table.rows].map((row) => [...row.cells].map((cell) => cell.textContent?.trim() ?? "")));
}

/** @param {Cell[][]} rows */
function csv(rows) {
  const text = rows.map((row) => row.map(csvCell).join(",") + "\r\n").join("");
  // Excel takes a file for UTF-8 only if it begins with this mark; in plain ASCII there is nothing to mistake.
  return /^[\x00-\x7f]*$/.test(text) ? text : `\ufeff${text}`;
}

/** @param {Cell} cell */
function csvCell(cell) {
  if (cell === null) return "";
  if (typeof cell !== "string") return String(cell);
  const text = /^[=+\-@\t\r]/.test(cell) && !SIGNED_NUMBER.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * @param {string} name
 * @param {Blob} blob
 */
export function download(name, blob) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000); // the browser may still be reading
}

/**
 * Makes the buttons below `root` work.
 *
 * @param {HTMLElement} root
 * @param {Host} host
 * @param {AbortSignal} signal
 */
export function offerDownloads(root, host, signal) {
  root.addEventListener(
    "click",
    async ({ target }) => {
      const button = target instanceof Element ? target.closest("[data-csv], [data-picture]") : null;
      if (!(button instanceof HTMLButtonElement) || button.hasAttribute("aria-busy")) return;
      button.setAttribute("aria-busy", "true");
      try {
        await (button.dataset.csv ? saveTable(root, host, button.dataset.csv) : savePicture(host, button));
      } catch {
        const label = button.textContent;
        button.textContent = "Failed";
        setTimeout(() => (button.textContent = label), FAILED_MS);
      }
      button.removeAttribute("aria-busy");
    },
    { signal },
  );
}

/**
 * Saves a text with all digits or else, without one, the table as it is shown.
 *
 * @param {Host} host
 * @param {string} id
 * @param {string | null} exact
 * @param {Element | null} place around the table
 */
function saveText(host, id, exact, place) {
  const table = place?.querySelector("table");
  const text = exact ?? (table?.querySelector("tbody tr") ? csvFromPage(table) : null);
  if (text === null) throw new Error(`There is nothing to save for ${id}.`);
  download(fileName(host, id, "csv"), new Blob([text], { type: "text/csv;charset=utf-8" }));
}

/**
 * @param {HTMLElement} root
 * @param {Host} host
 * @param {string} id of a table, or "figures" or "comparison"
 */
async function saveTable(root, host, id) {
  const place = { figures: "[data-figures]", comparison: "[data-comparison]" }[id] ?? `details[data-table="${id}"]`;
  saveText(host, id, await withPatience(tableText(host, id)), root.querySelector(place));
}

/**
 * @param {Host} host
 * @param {string} id
 */
async function tableText(host, id) {
  const report = await host.ask([id]);
  if (id === "figures") return csvOfFigures(report, { page: host.link() });
  if (id === "comparison") return report.comparison ? csvOfComparison(report.comparison) : null;
  const table = report.tables.find((table) => table.id === id);
  return table?.rows ? csvOfTable(table) : null;
}

/**
 * @param {Host} host
 * @param {string} id
 */
async function chartText(host, id) {
  const chart = (await host.ask([])).charts.find((chart) => chart.id === id);
  return chart ? csvOfChart(chart) : null;
}

/**
 * @param {Promise<string | null>} text
 * @returns {Promise<string | null>} null when it fails or takes too long
 */
function withPatience(text) {
  const tired = new Promise((resolve) => setTimeout(() => resolve(null), PATIENCE_MS));
  return Promise.race([text.catch(() => null), /** @type {Promise<null>} */ (tired)]);
}

/**
 * @param {Host} host
 * @param {HTMLButtonElement} button
 */
async function savePicture(host, button) {
  const figure = /** @type {HTMLElement | null} */ (button.closest("[data-chart]"));
  if (!figure) throw new Error("There is no chart around this button.");
  const id = figure.dataset.chart ?? "";
  const ending = button.dataset.picture ?? "";
  if (ending === "csv") return saveText(host, `${id}-chart`, await withPatience(chartText(host, id)), figure);
  const { pngBlob, svgText } = await import("./chart-view.js");
  const picture =
    ending === "svg" ? new Blob([svgText(figure)], { type: "image/svg+xml" }) : await pngBlob(figure, PNG_SCALE);
  return download(fileName(host, id, ending), picture);
}

/**
 * @param {Host} host
 * @param {string} id
 * @param {string} ending
 */
function fileName({ slug }, id, ending) {
  return `reckoner-${slug}-${id.replaceAll("_", "-")}.${ending}`;
}

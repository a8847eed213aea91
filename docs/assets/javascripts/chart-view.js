// @ts-check
/**
 * The charts of an answer, drawn anew by Vega after the first change. The figures, their texts and their tables are
 * those of hooks/templates/charts.html.jinja, the looks those of hooks/charts.py, whose compiled templates are
 * fetched with Vega. Texts come from Python. The table is filled first and stands when no picture can be drawn.
 */
import { make } from "./report-view.js";

/**
 * @typedef {import("./protocol.js").ReportChart} Chart
 * @typedef {import("./protocol.js").ChartSeries} Series
 * @typedef {import("./protocol.js").Axis} Axis
 * @typedef {{margin: number, templates: Record<string, object>}} Templates
 * @typedef {{parse: Function, View: new (runtime: unknown, options: object) => View}} Vega
 * @typedef {{vega: Vega, expr: unknown, templates: Templates}} Tools
 * @typedef {{x: number, y: number | null, row: string[], heading: string, values: [string, string][]}} Place
 *   What the slider stops at: where it lies (no y: over the whole height), its row of the table, and what is said of it.
 * @typedef {{children: Node[]}} Kept
 *
 * What is used of a view of Vega's.
 * @typedef {{
 *   initialize: (element: Element) => View,
 *   signal: (name: string, value: unknown) => View,
 *   data: (name: string, values: object[]) => View,
 *   width: (width: number) => View,
 *   height: () => number,
 *   origin: () => [number, number],
 *   padding: () => {left: number, top: number},
 *   scale: (name: string) => ((x: number) => number) & {bandwidth?: () => number},
 *   runAsync: () => Promise<View>,
 *   finalize: () => void,
 * }} View
 */

const LOAD_DEADLINE_MS = 20_000;
const MOST_WIDTH = 760;

/** By figure. @type {WeakMap<HTMLElement, Drawing>} */
const drawings = new WeakMap();
/** By element, grows with every answer: an older one that is still waiting for Vega is dropped. */
const newest = new WeakMap();
/** @type {Map<string, Promise<Tools>>} */
const loads = new Map();

/**
 * Shows the charts of an answer. Never throws: what cannot be drawn is said in the figure.
 *
 * @param {Element} root the <rk-calculator>
 * @param {Chart[]} charts of the report; a figure without a chart among them is hidden
 * @param {string} folder absolute address of the folder with Vega and the templates
 */
export async function showCharts(root, charts, folder) {
  const place = root.querySelector("[data-charts]");
  if (!(place instanceof HTMLElement)) return;
  const turn = (newest.get(place) ?? 0) + 1;
  newest.set(place, turn);
  for (const figure of figures(place)) figure.hidden = !charts.some(({ id }) => id === figure.dataset.chart);
  const shown = charts.map((chart) => ({ chart, figure: figureOf(place, chart.id) }));
  for (const { chart, figure } of shown) {
    figure.hidden = false;
    fillText(place, figure, chart);
    // The built picture is of other numbers; one of Vega's follows within a moment.
    if (!drawings.has(figure)) figure.toggleAttribute("data-drawing", true);
  }
  /** @type {Tools} */
  let tools;
  try {
    tools = await load(folder);
  } catch {
    if (newest.get(place) === turn) for (const { figure } of shown) fail(figure);
    return;
  }
  for (const { chart, figure } of shown) {
    await pause();
    if (newest.get(place) !== turn) return;
    let drawing = drawings.get(figure);
    if (!drawing) drawings.set(figure, (drawing = new Drawing(figure, tools)));
    await drawing.draw(chart);
  }
}

/**
 * @param {Element} root
 * @returns {Kept} the charts as they stand now, for `restoreCharts`
 */
export function keepCharts(root) {
  const children = root.querySelector("[data-charts]")?.children ?? [];
  return { children: [...children].map((child) => child.cloneNode(true)) };
}

/**
 * @param {Element} root
 * @param {Kept} kept
 */
export function restoreCharts(root, kept) {
  const place = root.querySelector("[data-charts]");
  if (!place) return;
  newest.set(place, (newest.get(place) ?? 0) + 1);
  for (const figure of figures(place)) {
    drawings.get(figure)?.end();
    drawings.delete(figure);
  }
  place.replaceChildren(...kept.children.map((child) => child.cloneNode(true)));
}

// ---- the texts

/**
 * @param {Element} place
 * @returns {HTMLElement[]}
 */
function figures(place) {
  return [.../** @type {NodeListOf<HTMLElement>} */ (place.querySelectorAll("figure[data-chart]"))];
}

/**
 * @param {Element} place
 * @param {string} id
 * @returns {HTMLElement} the chart's figure, made now if the built answer lacks it
 */
function figureOf(place, id) {
  const found = figures(place).find((figure) => figure.dataset.chart === id);
  if (found) return found;
  const template = /** @type {HTMLTemplateElement} */ (place.querySelector("template"));
  const made = /** @type {HTMLElement} */ (template.content.querySelector("figure")?.cloneNode(true));
  made.dataset.chart = id;
  place.insertBefore(made, template);
  return made;
}

/**
 * Title, description and table.
 *
 * @param {HTMLElement} place
 * @param {HTMLElement} figure
 * @param {Chart} chart
 */
function fillText(place, figure, chart) {
  const put = (/** @type {string} */ selector, /** @type {string} */ text) => {
    const element = figure.querySelector(selector);
    if (element && element.textContent !== text) element.textContent = text;
    return element;
  };
  put("[data-chart-title]", chart.title);
  const description = put("[data-chart-description]", chart.description);
  if (description) description.id = `${place.dataset.charts}-${chart.id}`;
  for (const button of figure.querySelectorAll("button[data-picture]")) {
    button.setAttribute("aria-label", `${chart.title} as ${button.textContent}`);
  }
  const table = figure.querySelector("[data-chart-table]");
  table?.querySelector(".rk-scroll")?.setAttribute("aria-label", `The chart as a table: ${chart.title}`);
  const [first, ...others] = headings(chart);
  table?.querySelector("thead tr")?.replaceChildren(
    column(first ?? "", ""),
    ...others.map((label) => column(label, "rk-number")),
  );
  const rows = placesOf(chart).map(({ row: [name, ...texts] }) => {
    const row = make("tr");
    const cell = make("th", name);
    cell.scope = "row";
    row.append(cell, ...texts.map((text) => make("td", text, "rk-number")));
    return row;
  });
  table?.querySelector("tbody")?.replaceChildren(...rows);
}

/**
 * @param {Chart} chart
 * @returns {string[]} the columns of its table
 */
function headings({ kind, point, x, y, series }) {
  return kind === "scatter" ? [point, x.label, y.label, "Group"] : [x.label, ...series.map(({ label }) => label)];
}

/**
 * @param {Chart} chart
 * @returns {Place[]} in the order of its table
 */
function placesOf({ kind, x, y, x_text, series }) {
  if (kind === "scatter") {
    return series.flatMap(({ label, points, names = [], x_text: texts = [], text }) =>
      points.map((at, k) => ({
        x: at[0],
        y: at[1],
        row: [names[k] ?? "", texts[k] ?? "", text[k] ?? "", label],
        heading: names[k] ?? "",
        values: [[x.label, texts[k] ?? ""], [y.label, text[k] ?? ""], [label, ""]],
      })),
    );
  }
  return x_text.map((text, k) => ({
    x: series[0]?.points[k]?.[0] ?? 0,
    y: null,
    row: [text, ...series.map((one) => one.text[k] ?? "")],
    heading: `${x.label}: ${text}`,
    values: series.map((one) => [one.label, one.text[k] ?? ""]),
  }));
}

/**
 * @param {string} label
 * @param {string} className
 */
function column(label, className) {
  const cell = make("th", label, className);
  cell.scope = "col";
  return cell;
}

/** @param {HTMLElement} figure */
function fail(figure) {
  figure.removeAttribute("data-drawing");
  figure.toggleAttribute("data-failed", true);
  figure.querySelector("[data-chart-failed]")?.toggleAttribute("hidden", false);
}

/** @param {HTMLElement} figure */
function succeed(figure) {
  figure.removeAttribute("data-drawing");
  figure.removeAttribute("data-failed");
  figure.querySelector("[data-chart-failed]")?.toggleAttribute("hidden", true);
}

// ---- the pictures

/**
 * Vega, once for all calculators of a visit. A failure is forgotten: the next answer tries again.
 *
 * @param {string} folder
 * @returns {Promise<Tools>}
 */
function load(folder) {
  let loading = loads.get(folder);
  if (!loading) {
    loads.set(folder, (loading = withDeadline(fetchTools(folder))));
    loading.catch(() => loads.delete(folder));
  }
  return loading;
}

/**
 * @param {string} folder
 * @returns {Promise<Tools>}
 */
async function fetchTools(folder) {
  const templates = fetch(`${folder}templates.json`).then((response) => {
    if (!response.ok) throw new Error(`templates: ${response.status}`);
    return response.json();
  });
  templates.catch(() => {}); // reported below, if at all
  // The bundle is no module and sets `globalThis.vega`, which the interpreter then takes its imports from.
  await import(`${folder}vega.min.js`);
  const { expressionInterpreter } = await import(`${folder}vega-interpreter.js`);
  const { vega } = /** @type {{vega: Vega}} */ (/** @type {unknown} */ (globalThis));
  return { vega, expr: expressionInterpreter, templates: await templates };
}

/**
 * @template T
 * @param {Promise<T>} promise
 * @returns {Promise<T>}
 */
function withDeadline(promise) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("Vega took too long")), LOAD_DEADLINE_MS);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/**
 * @param {Axis | undefined} one
 * @param {Axis} other
 */
function isSameAxis(one, other) {
  return one?.label === other.label && one.unit === other.unit;
}

/** Lets the browser see to the reader before each picture. */
function pause() {
  return new Promise((resolve) => setTimeout(resolve));
}

/** The picture of one figure: a view of Vega's that takes new data, and the values under the pointer. */
class Drawing {
  #figure;
  #tools;
  #picture;
  #kind = "";
  /** @type {View | undefined} */
  #view;
  #canvas = make("div", "", "rk-drawn");
  #reader = make("div", "", "rk-reader");
  #cursor = make("div", "", "rk-cursor");
  #tip = make("div", "", "rk-tip");
  /** What the picture shows. @type {Chart | undefined} */
  #chart;
  /** What it has to show next; a newer one takes the place of one that waits. @type {Chart | undefined} */
  #wanted;
  /** @type {Promise<void> | undefined} */
  #running;
  #width = 0;
  /** @type {Place[]} */
  #places = [];
  /** Which of the places is shown. */
  #at = 0;
  #observer = new ResizeObserver(() => this.#onResize());

  /**
   * @param {HTMLElement} figure
   * @param {Tools} tools
   */
  constructor(figure, tools) {
    this.#figure = figure;
    this.#tools = tools;
    this.#picture = /** @type {HTMLElement} */ (figure.querySelector("[data-chart-picture]"));
    this.#canvas.setAttribute("role", "img");
    this.#prepareReader();
    this.#observer.observe(figure);
  }

  /** @param {Chart} chart */
  draw(chart) {
    this.#wanted = chart;
    this.#running ??= this.#drawWanted().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  end() {
    this.#observer.disconnect();
    this.#view?.finalize();
    this.#view = undefined;
    this.#wanted = undefined;
  }

  async #drawWanted() {
    while (this.#wanted) {
      const chart = this.#wanted;
      this.#wanted = undefined;
      try {
        await this.#run(chart);
      } catch (error) {
        console.warn(`The chart ${chart.id} could not be drawn:`, error);
        this.#view?.finalize();
        this.#view = undefined;
        fail(this.#figure);
      }
    }
  }

  /** @param {Chart} chart */
  async #run(chart) {
    const { vega, expr, templates } = this.#tools;
    const kind = chart.x_scale === "log" ? `${chart.kind}-log` : chart.kind;
    const width = Math.min(this.#figure.clientWidth, MOST_WIDTH);
    if (width === 0) {
      this.#chart = chart; // not in sight; drawn when it gets a width
      return;
    }
    if (kind !== this.#kind) this.#view?.finalize();
    if (kind !== this.#kind || !this.#view) {
      const runtime = vega.parse(templates.templates[kind], null, { ast: true });
      const inner = make("div");
      this.#canvas.replaceChildren(inner);
      this.#view = new vega.View(runtime, { expr, renderer: "svg", hover: false }).initialize(inner);
      inner.setAttribute("aria-hidden", "true"); // Vega calls it a document of symbols; the image around it is named
      this.#chart = undefined;
      this.#kind = kind;
    }
    const view = this.#view;
    // Axes that say the same are not laid out again.
    if (!isSameAxis(this.#chart?.x, chart.x)) view.signal("x_axis", chart.x);
    if (!isSameAxis(this.#chart?.y, chart.y)) view.signal("y_axis", chart.y);
    // Vega writes into the objects that it is given.
    await view
      .data("series", chart.series.map((series) => ({ ...series })))
      .data("marks", chart.marks.map((mark) => ({ ...mark })))
      .width(width - templates.margin)
      .runAsync();
    if (this.#view !== view) return; // ended meanwhile
    this.#width = width;
    this.#chart = chart;
    this.#places = placesOf(chart);
    this.#canvas.setAttribute("aria-label", chart.title);
    const description = this.#figure.querySelector("[data-chart-description]");
    if (description) this.#canvas.setAttribute("aria-describedby", description.id);
    if (!this.#canvas.isConnected) {
      this.#picture.replaceChildren(this.#canvas, this.#cursor, this.#reader, this.#tip);
    }
    this.#placeReader();
    succeed(this.#figure);
  }

  #onResize() {
    const width = Math.min(this.#figure.clientWidth, MOST_WIDTH);
    if (this.#chart && width > 0 && width !== this.#width) this.draw(this.#wanted ?? this.#chart);
  }

  // ---- values under the pointer

  /** A slider over the places: what the pointer shows, arrow keys show as well, and a screen reader says it. */
  #prepareReader() {
    const reader = this.#reader;
    reader.tabIndex = 0;
    reader.setAttribute("role", "slider");
    reader.setAttribute("aria-valuemin", "0");
    this.#tip.setAttribute("aria-hidden", "true"); // said by the slider
    this.#hideTip();
    const point = (/** @type {PointerEvent} */ event) => this.#show(this.#nearest(event));
    reader.addEventListener("pointermove", point);
    reader.addEventListener("pointerdown", point);
    reader.addEventListener("pointerleave", (event) => {
      // A finger that is lifted leaves what it has shown; the next touch elsewhere takes it away.
      if (event.pointerType === "mouse" && document.activeElement !== reader) this.#hideTip();
    });
    reader.addEventListener("focus", () => this.#show(this.#at));
    reader.addEventListener("blur", () => this.#hideTip());
    reader.addEventListener("keydown", (event) => this.#onKey(event));
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const last = this.#places.length - 1;
    const to = {
      ArrowLeft: this.#at - 1,
      ArrowDown: this.#at - 1,
      ArrowRight: this.#at + 1,
      ArrowUp: this.#at + 1,
      PageDown: this.#at - 5,
      PageUp: this.#at + 5,
      Home: 0,
      End: last,
    }[event.key];
    if (event.key === "Escape") this.#hideTip();
    if (to === undefined) return;
    event.preventDefault();
    this.#show(to);
  }

  /** Over the plot, not the axes; new data may have moved it. */
  #placeReader() {
    const chart = this.#chart;
    const box = this.#plot();
    if (!chart || !box) return;
    this.#reader.style.left = `${box.left}px`;
    this.#reader.style.top = `${box.top}px`;
    this.#reader.style.width = `${box.width}px`;
    this.#reader.style.height = `${box.height}px`;
    const last = this.#places.length - 1;
    this.#at = Math.min(this.#at, last);
    this.#reader.setAttribute("aria-label", `Values of the chart: ${chart.title}`);
    this.#reader.setAttribute("aria-valuemax", String(last));
    this.#say();
    if (!this.#tip.hidden) this.#show(this.#at);
  }

  /** Where the plot lies in the picture, in px of the page. */
  #plot() {
    const svg = this.#canvas.querySelector("svg");
    if (!svg || !this.#view) return undefined;
    const [right, down] = this.#view.origin();
    const padding = this.#view.padding();
    const [left, top] = [right + padding.left, down + padding.top];
    const drawn = svg.viewBox.baseVal.width;
    const scale = drawn ? svg.clientWidth / drawn : 1;
    const width = (this.#width - this.#tools.templates.margin) * scale;
    return { left: left * scale, top: top * scale, width, height: this.#view.height() * scale, scale };
  }

  /**
   * @param {number} at
   * @returns {number} px from the left end of the plot
   */
  #pixel(at) {
    const scale = this.#view?.scale("x");
    const x = this.#places[at]?.x;
    if (!scale || x === undefined) return 0;
    return (scale(x) + (scale.bandwidth?.() ?? 0) / 2) * (this.#plot()?.scale ?? 1);
  }

  /**
   * @param {number} at
   * @returns {number | null} px from the upper end of the plot, of a point
   */
  #height(at) {
    const y = this.#places[at]?.y ?? null;
    const scale = this.#view?.scale("y");
    return scale && y !== null ? scale(y) * (this.#plot()?.scale ?? 1) : null;
  }

  /** @param {{clientX: number, clientY: number}} pointer */
  #nearest({ clientX, clientY }) {
    const { left, top } = this.#reader.getBoundingClientRect();
    const distances = this.#places.map((_, at) => {
      const y = this.#height(at);
      return Math.hypot(this.#pixel(at) - (clientX - left), y === null ? 0 : y - (clientY - top));
    });
    return Math.max(0, distances.indexOf(Math.min(...distances)));
  }

  /** @param {number} at */
  #show(at) {
    const box = this.#plot();
    this.#at = Math.max(0, Math.min(at, this.#places.length - 1));
    const place = this.#places[this.#at];
    if (!place || !box || this.#figure.hasAttribute("data-drawing")) return;
    this.#say();
    const rows = place.values.map(([label, text]) => {
      const row = make("p", "", "rk-tip-value");
      row.append(make("span", label), make("span", text));
      return row;
    });
    this.#tip.replaceChildren(make("p", place.heading, "rk-tip-x"), ...rows);
    this.#tip.hidden = this.#cursor.hidden = false;
    const x = box.left + this.#pixel(this.#at);
    const y = this.#height(this.#at);
    this.#cursor.style.left = `${x}px`;
    this.#cursor.toggleAttribute("data-point", y !== null);
    this.#cursor.style.top = `${box.top + (y ?? 0)}px`;
    this.#cursor.style.height = y === null ? `${box.height}px` : "";
    // Beside the cursor, on the side with more room.
    const room = this.#picture.clientWidth;
    const late = x > room / 2;
    const wished = late ? x - this.#tip.offsetWidth - 8 : x + 8;
    this.#tip.style.left = `${Math.max(0, Math.min(wished, room - this.#tip.offsetWidth))}px`;
    this.#tip.style.top = `${box.top}px`;
  }

  #say() {
    const place = this.#places[this.#at];
    if (!place) return;
    const values = place.values.map(([label, text]) => `${label} ${text}`.trim());
    this.#reader.setAttribute("aria-valuenow", String(this.#at));
    this.#reader.setAttribute("aria-valuetext", [place.heading, ...values].join(", "));
  }

  #hideTip() {
    this.#tip.hidden = this.#cursor.hidden = true;
  }
}

// ---- to take away

const SVG = "http://www.w3.org/2000/svg";
const TITLE_PX = 28;

/**
 * @param {HTMLElement} figure
 * @returns {string} the picture as it is shown now, as the text of an SVG file: light, with its title, and with
 *   nothing in it that needs this page
 * @throws {Error} there is no picture to be seen
 */
export function svgText(figure) {
  const shown = [...figure.querySelectorAll("svg")].find((svg) => svg.getClientRects().length > 0);
  if (!shown) throw new Error("There is no picture of this chart.");
  const title = figure.querySelector("[data-chart-title]")?.textContent ?? "";
  const copy = /** @type {SVGSVGElement} */ (shown.cloneNode(true));
  const { width, height } = shown.viewBox.baseVal;
  for (const { name } of [...copy.attributes]) if (!name.startsWith("font-")) copy.removeAttribute(name);
  copy.setAttribute("xmlns", SVG);
  copy.setAttribute("viewBox", `0 ${-TITLE_PX} ${width} ${height + TITLE_PX}`);
  copy.setAttribute("width", String(width));
  copy.setAttribute("height", String(height + TITLE_PX));
  copy.prepend(
    svgElement("title", {}, title),
    svgElement("desc", {}, figure.querySelector("[data-chart-description]")?.textContent ?? ""),
    svgElement("rect", { y: -TITLE_PX, width, height: height + TITLE_PX, fill: "var(--rk-chart-paper)" }),
    svgElement("text", { ...HEADING, y: 20 - TITLE_PX, fill: "var(--rk-chart-text)" }, title),
  );
  return inLightColours(new XMLSerializer().serializeToString(copy));
}

const HEADING = { x: 4, "font-family": "system-ui, sans-serif", "font-size": 15, "font-weight": 700 };

/**
 * @param {HTMLElement} figure
 * @param {number} [scale] pixels of the image for each px of the picture
 * @returns {Promise<Blob>} the same as a PNG
 * @throws {Error} there is no picture, or the browser cannot make one
 */
export async function pngBlob(figure, scale = 2) {
  const address = URL.createObjectURL(new Blob([svgText(figure)], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = make("canvas");
    canvas.width = image.width * scale;
    canvas.height = image.height * scale;
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
    if (!blob) throw new Error("The browser could not make the image.");
    return blob;
  } finally {
    URL.revokeObjectURL(address);
  }
}

/**
 * @param {string} name
 * @param {Record<string, string | number>} attributes
 * @param {string} [text]
 */
function svgElement(name, attributes, text = "") {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  element.textContent = text;
  return element;
}

/**
 * @param {string} text
 * @returns {string} with the colours of the light scheme in place of variables, whatever the page's scheme is
 */
function inLightColours(text) {
  const probe = make("div");
  probe.setAttribute("data-md-color-scheme", "default");
  document.body.append(probe);
  const style = getComputedStyle(probe);
  const resolved = text.replace(/var\((--[\w-]+)\)/g, (_, name) => style.getPropertyValue(name).trim());
  probe.remove();
  return resolved;
}

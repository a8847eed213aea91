// @ts-check
/**
 * A report put into the places that the build filled first. The wording and the classes are those of
 * hooks/templates/calculator.html.jinja; text goes in as text, never as HTML.
 */

/**
 * @typedef {import("./protocol.js").Report} Report
 * @typedef {import("./protocol.js").ReportTable} ReportTable
 * @typedef {Map<Element, {nodes: Node[], verdict: string | null}>} Kept
 */

const FILLED =
  "[data-headline], [data-verdict], [data-metric], [data-range], [data-notes], [data-sources], [data-origin-for], [data-fills], [data-given], [data-publications], details[data-table] tbody";

/**
 * Holds on to all that `showReport` takes away. It changes no node, but puts others in its place: there is
 * nothing to copy, which with hundreds of rows would cost the first answer a while.
 *
 * @param {Element} root
 * @returns {Kept}
 */
export function keep(root) {
  return new Map(
    [...root.querySelectorAll(FILLED)].map((element) => [
      element,
      { nodes: [...element.childNodes], verdict: element.getAttribute("data-verdict") },
    ]),
  );
}

/** @param {Kept} kept */
export function restore(kept) {
  for (const [element, { nodes, verdict }] of kept) {
    element.replaceChildren(...nodes);
    if (verdict !== null) element.setAttribute("data-verdict", verdict);
    element.closest("details[data-table]")?.removeAttribute("aria-busy");
  }
}

/**
 * @param {HTMLElement} root
 * @param {Report} report
 */
export function showReport(root, report) {
  fill(root, "[data-headline]", report.headline);
  root.querySelector("[data-verdict]")?.setAttribute("data-verdict", report.verdict);
  fill(root, "[data-verdict]", JSON.parse(root.dataset.verdicts ?? "{}")[report.verdict] ?? report.verdict);
  for (const [id, metric] of Object.entries(report.metrics)) {
    fill(root, `[data-metric="${id}"]`, metric.text);
    fill(root, `[data-range="${id}"]`, metric.range_text);
  }
  root.querySelector("[data-notes]")?.replaceChildren(...report.notes.map(noteItem));
  showTables(root, report.tables);
  const sources = root.querySelector("[data-sources]");
  const page = sources?.getAttribute("data-sources") ?? "";
  sources?.replaceChildren(...sourceItems(report.sources, page));
  for (const place of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("[data-origin-for]"))) {
    const fact = report.inputs[place.dataset.originFor ?? ""]?.fact;
    const source = fact ? report.sources.find((source) => source.fact === fact) : undefined;
    place.replaceChildren(...(source ? origin(source, page) : []));
  }
  for (const place of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("[data-fills]"))) {
    place.textContent = filled(place.dataset.fills ?? "", report.inputs);
  }
}

/**
 * What a choice filled in, as one line; `_filled` in hooks/widget.py writes the same at build.
 *
 * @param {string} fills names of inputs
 * @param {Report["inputs"]} inputs
 */
function filled(fills, inputs) {
  const used = fills.split(" ").flatMap((name) => inputs[name] ?? []).filter(({ fact }) => fact);
  return used.map(({ label, text }) => `${label} ${text}`).join(" · ");
}

/**
 * Without its rows a table is left empty until it is opened: the rows of another answer would be wrong. In an open
 * one they stand, marked as busy, for the moment until the new ones come: else the page would jump.
 *
 * @param {Element} root
 * @param {ReportTable[]} tables
 */
export function showTables(root, tables) {
  for (const { id, columns, text } of tables) {
    const details = /** @type {HTMLDetailsElement | null} */ (root.querySelector(`details[data-table="${id}"]`));
    const isAwaited = text === null && details?.open;
    if (isAwaited) details.setAttribute("aria-busy", "true");
    if (isAwaited) continue;
    details?.removeAttribute("aria-busy");
    const rows = (text ?? []).map((cells) => {
      const row = make("tr");
      row.append(...cells.map((cell, index) => make("td", cell, columns[index]?.unit ? "rk-number" : "")));
      return row;
    });
    details?.querySelector("tbody")?.replaceChildren(...rows);
  }
}

/**
 * @param {Element} root
 * @param {string[]} ids of tables whose rows did not come
 */
export function emptyTables(root, ids) {
  for (const id of ids) {
    const details = root.querySelector(`details[data-table="${id}"]`);
    details?.removeAttribute("aria-busy");
    details?.querySelector("tbody")?.replaceChildren();
  }
}

/**
 * Where two reports on the same inputs say different things.
 *
 * @param {Report} one
 * @param {Report} other
 * @returns {string[]} in words
 */
export function differences(one, other) {
  const said = [];
  for (const [id, { label, text, range_text }] of Object.entries(other.metrics)) {
    const before = one.metrics[id];
    if (before?.text !== text) said.push(`${label} is ${text}, not ${before?.text}`);
    else if (before.range_text !== range_text) said.push(`${label} is ${range_text}, not ${before.range_text}`);
  }
  // Rows that only one of them was asked for say nothing.
  const isInBoth = one.tables.map(({ text }, k) => text !== null && other.tables[k]?.text !== null);
  const rest = (/** @type {Report} */ { headline, verdict, notes, tables }) => {
    const rows = tables.filter((_, k) => isInBoth[k]).map(({ text }) => text);
    return JSON.stringify([headline, verdict, notes.map(({ text }) => text), rows]);
  };
  if (said.length === 0 && rest(one) !== rest(other)) said.push("a sentence or a table differs");
  return said;
}

/**
 * @param {Element} root
 * @param {string} selector
 * @param {string} text
 */
export function fill(root, selector, text) {
  for (const element of root.querySelectorAll(selector)) {
    if (element.textContent !== text) element.textContent = text;
  }
}

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {string} [text]
 * @param {string} [className]
 */
export function make(tag, text, className) {
  const element = document.createElement(tag);
  if (text) element.textContent = text;
  if (className) element.className = className;
  return element;
}

/**
 * @param {Report["sources"][number]} source
 * @param {string} page address of the page of sources
 */
function origin({ id, producer, as_of }, page) {
  const link = make("a", producer);
  link.href = `${page}#${id}`;
  return ["From ", link, `, as of ${as_of}.`];
}

/** @param {Report["notes"][number]} note */
function noteItem({ kind, text }) {
  const item = make("li", text);
  item.dataset.kind = kind;
  return item;
}

/**
 * One item for each fact, with the publications that stand behind it.
 *
 * @param {Report["sources"]} sources those of a fact stand together
 * @param {string} page address of the page of sources
 */
function sourceItems(sources, page) {
  /** @type {HTMLLIElement[]} */
  const items = [];
  sources.forEach(({ fact, id, label, text, as_of, method, producer, title, locator }, index) => {
    const link = make("a", `${producer}, ${title}`);
    link.href = `${page}#${id}`;
    if (sources[index - 1]?.fact !== fact) {
      const item = make("li", `${label}: `);
      item.append(make("strong", text), `, as of ${as_of} (${method}). `);
      items.push(item);
    }
    items.at(-1)?.append(link, `, ${locator}${sources[index + 1]?.fact === fact ? "; " : "."}`);
  });
  return items;
}

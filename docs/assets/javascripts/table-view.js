// @ts-check
/**
 * `<rk-table data-noun="devices">` around a table: a filter above it, and heads that sort. Without this script the
 * whole table stands.
 *
 * A head with `data-key` sorts; `data-sort="number"` says that its cells hold numbers. One with `data-choice` also
 * gives a list of its cells' names to choose from. A number is read from `data-value` or else from the beginning of
 * the text, and a cell without one comes last. Names are sorted by their text, and chosen by `data-value` or the text.
 *
 * What the reader asks for stands in the address: `?filter=words&KEY=choice&sort=-KEY` (not `q`, with which Material
 * opens its search). More tables than one on a page need a `data-prefix` each, which comes before these names.
 */

const WRITE_MS = 300;

/** @typedef {{key: string, index: number, head: HTMLTableCellElement, isNumber: boolean}} Column */

const collator = new Intl.Collator("en", { numeric: true });

class RkTable extends HTMLElement {
  /** @type {HTMLTableRowElement[]} In the order of the page. */
  #rows = [];
  /** @type {string[]} What the filter looks at, of each row. */
  #texts = [];
  /** @type {Column[]} */
  #columns = [];
  /** @type {Map<Column, HTMLSelectElement>} */
  #choices = new Map();
  #words = document.createElement("input");
  #clear = document.createElement("button");
  #status = document.createElement("p");
  #sort = "";
  #path = "";
  #writing = 0;
  /** @type {AbortController | undefined} */
  #listening;

  connectedCallback() {
    if (!this.#rows.length) this.#equip();
    if (!this.#rows.length) return;
    this.#path = location.pathname;
    this.#listening = new AbortController();
    window.addEventListener("popstate", () => this.#read(), { signal: this.#listening.signal });
    this.#read();
  }

  disconnectedCallback() {
    this.#listening?.abort();
    clearTimeout(this.#writing);
  }

  // ---- what is added to the page

  #equip() {
    const table = this.querySelector("table");
    const heads = [...(table?.tHead?.rows[0]?.cells ?? [])];
    this.#rows = [...(table?.tBodies[0]?.rows ?? [])];
    for (const [index, head] of heads.entries()) {
      const { key, sort, choice } = head.dataset;
      if (!key) continue;
      const column = { key, index, head, isNumber: sort === "number" };
      this.#columns.push(column);
      if (choice !== undefined) this.#choices.set(column, this.#choice(column));
      this.#addButton(column);
    }
    const form = document.createElement("form");
    form.className = "rk-filter";
    form.setAttribute("role", "search");
    const about = this.querySelector("[role=region]")?.getAttribute("aria-label") ?? this.#noun();
    form.setAttribute("aria-label", `Filter: ${about}`);
    this.#words.type = "search";
    this.#words.autocomplete = "off";
    this.#clear.type = "button";
    this.#clear.className = "rk-tool";
    this.#clear.textContent = "Show all";
    this.#status.setAttribute("role", "status");
    form.append(labelled("Filter", this.#words));
    for (const [{ head }, select] of this.#choices) form.append(labelled(head.textContent.trim(), select));
    const below = document.createElement("div");
    below.append(this.#status, this.#clear);
    form.append(below);
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("input", () => this.#changed());
    this.#clear.addEventListener("click", () => {
      this.#words.value = "";
      for (const select of this.#choices.values()) select.value = "";
      this.#words.focus();
      this.#changed();
    });
    this.prepend(form);
  }

  /** @param {Column} column */
  #addButton({ key, head }) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    button.addEventListener("click", () => {
      this.#sort = this.#sort === key ? `-${key}` : key;
      this.#changed();
    });
    head.append(button);
  }

  /** @param {Column} column */
  #choice({ index }) {
    const cells = this.#rows.map((row) => row.cells[index]);
    // What stands in a cell behind its first element is a note.
    const names = new Map(cells.map((cell) => [valueOf(cell), textOf(cell?.firstElementChild ?? cell)]));
    const select = document.createElement("select");
    select.append(new Option("all", ""));
    for (const [value, text] of [...names].sort(([, a], [, b]) => collator.compare(a, b))) {
      if (value) select.append(new Option(text, value));
    }
    return select;
  }

  // ---- what it does

  #changed() {
    this.#show();
    clearTimeout(this.#writing);
    this.#writing = setTimeout(() => this.#write(), WRITE_MS);
  }

  #show() {
    const { rows, texts } = { rows: this.#rows, texts: this.#texts };
    const words = this.#words.value.toLowerCase().split(/\s+/).filter(Boolean);
    const chosen = [...this.#choices].filter(([, select]) => select.value);
    if (words.length && !texts.length) texts.push(...rows.map((row) => textOf(row).toLowerCase()));
    let shown = 0;
    for (const [at, row] of rows.entries()) {
      const isShown =
        words.every((word) => texts[at]?.includes(word)) &&
        chosen.every(([{ index }, select]) => valueOf(row.cells[index]) === select.value);
      row.hidden = !isShown;
      shown += Number(isShown);
    }
    const isFiltered = words.length + chosen.length > 0;
    this.#clear.hidden = !isFiltered;
    const all = `${rows.length} ${this.#noun()}`;
    const none = `No match among ${all}. “Show all” clears the filter.`;
    this.#status.textContent = !isFiltered ? all : shown ? `${shown} of ${all}` : none;
    this.#order();
  }

  #order() {
    const isDown = this.#sort.startsWith("-");
    const by = this.#columns.find(({ key }) => key === this.#sort.slice(Number(isDown)));
    for (const { head } of this.#columns) head.removeAttribute("aria-sort");
    by?.head.setAttribute("aria-sort", isDown ? "descending" : "ascending");
    const rows = [...this.#rows];
    if (by) rows.sort((a, b) => compare(by, a.cells[by.index], b.cells[by.index], isDown ? -1 : 1));
    const body = rows[0]?.parentElement;
    if (rows.some((row, at) => body?.children[at] !== row)) body?.append(...rows);
  }

  // ---- the address

  #read() {
    if (location.pathname !== this.#path) return;
    const given = new URLSearchParams(location.search);
    this.#words.value = given.get(this.#name("filter")) ?? "";
    this.#sort = given.get(this.#name("sort")) ?? "";
    for (const [{ key }, select] of this.#choices) {
      select.value = given.get(this.#name(key)) ?? "";
      if (select.selectedIndex < 0) select.value = "";
    }
    this.#show();
  }

  #write() {
    if (location.pathname !== this.#path) return;
    const address = new URL(location.href);
    const put = (/** @type {string} */ name, /** @type {string} */ value) =>
      value ? address.searchParams.set(this.#name(name), value) : address.searchParams.delete(this.#name(name));
    put("filter", this.#words.value.trim());
    for (const [{ key }, select] of this.#choices) put(key, select.value);
    put("sort", this.#sort);
    history.replaceState(history.state, "", address);
  }

  /** @param {string} name */
  #name(name) {
    return (this.dataset.prefix ?? "") + name;
  }

  #noun() {
    return this.dataset.noun ?? "rows";
  }
}

/** @param {Column} column @param {HTMLTableCellElement | undefined} a @param {HTMLTableCellElement | undefined} b
    @param {number} sign */
function compare({ isNumber }, a, b, sign) {
  if (!isNumber) return sign * collator.compare(textOf(a), textOf(b));
  const [x, y] = [numberOf(a), numberOf(b)];
  return Number.isNaN(x) || Number.isNaN(y) ? Number(Number.isNaN(x)) - Number(Number.isNaN(y)) : sign * (x - y);
}

/** @param {HTMLElement | undefined} cell */
function numberOf(cell) {
  return Number.parseFloat(valueOf(cell).replace(/[$,]/g, ""));
}

/** @param {HTMLElement | undefined} cell */
function valueOf(cell) {
  return cell?.dataset.value ?? textOf(cell);
}

/** @param {Element | undefined} of */
function textOf(of) {
  return of?.textContent?.trim() ?? "";
}

/** @param {string} text @param {HTMLElement} control */
function labelled(text, control) {
  const label = document.createElement("label");
  label.append(text, " ", control);
  return label;
}

customElements.define("rk-table", RkTable);

export {}; // a module, with names of its own

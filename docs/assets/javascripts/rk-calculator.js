// @ts-check
/**
 * <rk-calculator>: a calculator whose first answer was worked out when the page was made. The element
 * wraps that answer and its form; from the reader's first change on it asks the engine and fills the very
 * same places anew. The markup is hooks/templates/calculator.html.jinja.
 */
import { pyodide } from "./engine-client.js";
import { isEngineError } from "./protocol.js";
import { fill, keep, make, restore, showReport, showTables } from "./report-view.js";

/**
 * @typedef {import("./protocol.js").Inputs} Inputs
 * @typedef {import("./protocol.js").Report} Report
 * @typedef {import("./protocol.js").ErrorInfo} ErrorInfo
 * @typedef {HTMLInputElement | HTMLSelectElement} Control
 */

const TYPING_MS = 150;
const ANNOUNCE_MS = 800;
const MOST_MESSAGES = 3;
/** Parameters that campaigns, searches and the site itself put into addresses. Every other one is an input. */
const NOT_INPUTS = /^(utm_.*|[a-z]*clid|gbraid|wbraid|mc_[ce]id|_gl|ref|v|q|h)$/;
const ANSWER_HOLDS = "The answer shown still holds for the numbers it was worked out with.";

export class RkCalculator extends HTMLElement {
  #engine = pyodide;
  /** What the reader changed, as typed. @type {Map<string, string>} */
  #changed = new Map();
  /** What the other inputs show: as built, later as the engine says. @type {Map<string, string>} */
  #offered = new Map();
  /** Names in the address that are no inputs, for the engine to refuse. @type {Map<string, string>} */
  #unknown = new Map();
  /** The built answer, for Reset. @type {import("./report-view.js").Kept | undefined} */
  #built;
  /** The inputs of the answer on screen; null while that is the built one. @type {Inputs | null} */
  #answered = null;
  /** How the answer on screen was worked out. */
  #status = "";
  #builtStatus = "";
  /** Grows with every change; an answer to anything but the newest is dropped. */
  #newest = 0;
  #asking = false;
  #again = false;
  /** The page's own path: during instant navigation the address is already the next page's. */
  #path = "";
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #typing;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #speaking;
  /** @type {AbortController | undefined} */
  #listening;

  connectedCallback() {
    const form = this.querySelector("form");
    if (!form) return;
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    form.addEventListener("input", (event) => this.#onChange(event.target, TYPING_MS), { signal });
    form.addEventListener("change", (event) => this.#onChange(event.target, 0), { signal });
    form.addEventListener("keydown", (event) => this.#onKey(event), { signal });
    form.addEventListener("submit", (event) => event.preventDefault(), { signal });
    form.addEventListener("reset", (event) => this.#onReset(event), { signal });
    // "toggle" does not bubble, but it can be captured.
    this.addEventListener("toggle", () => this.#fillOpened(), { signal, capture: true });
    this.#engine.addEventListener("stage", () => this.#showStage(), { signal });
    // A browser that restores a page may put back what was typed into it, and say nothing.
    window.addEventListener("pageshow", () => this.#adoptRestored(), { signal });
    if (this.#offered.size === 0) {
      this.#path = location.pathname;
      this.#status = this.#builtStatus = this.querySelector("[data-status]")?.textContent ?? "";
      for (const control of this.#controls()) this.#offered.set(control.name, builtValue(control));
      if (this.#ownsAddress()) this.#adoptAddress();
    }
    this.#adoptRestored();
  }

  disconnectedCallback() {
    this.#listening?.abort();
    this.#drop();
    clearTimeout(this.#speaking);
  }

  // ---- what the reader does

  /**
   * @param {EventTarget | null} target
   * @param {number} delay
   */
  #onChange(target, delay) {
    const control = this.#controls().find((control) => control === target);
    if (!control) return;
    const before = this.#changed.get(control.name);
    if (control.value === this.#offered.get(control.name)) this.#changed.delete(control.name);
    else this.#changed.set(control.name, control.value);
    const isNew = this.#changed.get(control.name) !== before;
    if (!isNew && !this.#typing) return; // "change" after "input", or Enter on nothing new
    this.#drop();
    this.#unknown.clear(); // said once
    this.#engine.start(this.#place()).catch(() => {}); // the request that follows says why
    if (delay) this.#typing = setTimeout(() => this.#ask(), delay);
    else this.#ask();
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    if (event.key !== "Enter" || event.isComposing || !(event.target instanceof HTMLInputElement)) return;
    event.preventDefault();
    this.#onChange(event.target, 0);
  }

  /** @param {Event} event */
  #onReset(event) {
    event.preventDefault(); // the browser's own reset would come after this one
    this.#drop();
    this.#changed.clear();
    this.#unknown.clear();
    this.#answered = null;
    for (const control of this.#controls()) {
      control.value = builtValue(control);
      this.#offered.set(control.name, control.value);
    }
    if (this.#built) restore(this.#built);
    this.#status = this.#builtStatus;
    fill(this, "[data-status]", this.#status);
    this.dataset.engine = this.dataset.state = "built";
    this.#showProblems([]);
    this.#writeAddress({});
    this.#announce(this.querySelector("[data-headline]")?.textContent ?? "");
  }

  #adoptAddress() {
    for (const [name, value] of new URLSearchParams(location.search)) {
      const control = this.#control(name);
      if (!control) {
        if (!NOT_INPUTS.test(name)) this.#unknown.set(name, value);
      } else if (value !== this.#offered.get(name)) {
        control.value = value; // a choice that does not exist shows as none
        control.closest("details")?.setAttribute("open", "");
        this.#changed.set(name, value);
      }
    }
    if (this.#changed.size || this.#unknown.size) this.#ask();
  }

  #adoptRestored() {
    const restored = this.#controls().filter((control) => {
      const isNone = control instanceof HTMLSelectElement && control.selectedIndex < 0;
      return !isNone && control.value !== (this.#changed.get(control.name) ?? this.#offered.get(control.name));
    });
    for (const control of restored) this.#changed.set(control.name, control.value);
    if (restored.length) this.#ask();
  }

  // ---- asking the engine

  /** Asks for an answer to what is typed now; while one is under way, once more after it. */
  async #ask() {
    this.#drop();
    this.#again = true;
    if (this.#asking) return;
    this.#asking = true;
    while (this.#again) {
      this.#again = false;
      const asked = this.#newest;
      if (!this.#engine.ready) this.dataset.state = "starting";
      this.#showStage();
      const presets = Object.entries(JSON.parse(this.dataset.inputs ?? "{}"));
      const inputs = Object.fromEntries([...presets, ...this.#changed, ...this.#unknown]);
      const tables = this.#openTables().map((details) => details.dataset.table ?? "");
      try {
        const report = await this.#run(inputs, tables);
        if (asked === this.#newest) this.#showAnswer(report, inputs);
      } catch (error) {
        if (asked === this.#newest) this.#showError(/** @type {ErrorInfo} */ (error));
      }
    }
    this.#asking = false;
  }

  /** Asks for the rows of tables that were opened after the answer. */
  async #fillOpened() {
    const inputs = this.#answered;
    const empty = this.#openTables().filter((details) => !details.querySelector("td"));
    if (!inputs || empty.length === 0) return;
    const ids = empty.map((details) => details.dataset.table ?? "");
    try {
      const report = await this.#run(inputs, ids);
      if (this.#answered === inputs) showTables(this, report.tables.filter(({ id }) => ids.includes(id)));
    } catch (error) {
      if (this.#answered === inputs) this.#showError(/** @type {ErrorInfo} */ (error));
    }
  }

  /**
   * @param {Inputs} inputs
   * @param {string[]} tables
   */
  #run(inputs, tables) {
    return this.#engine.run(this.#place(), this.getAttribute("calculator") ?? "", inputs, tables);
  }

  /** Whatever is under way is no longer wanted. */
  #drop() {
    clearTimeout(this.#typing);
    this.#typing = undefined;
    this.#newest += 1;
    this.#again = false;
  }

  /** @returns {import("./engine-client.js").Place} */
  #place() {
    const base = new URL(this.dataset.base ?? "", document.baseURI).href;
    const { runtime, python, facts } = JSON.parse(this.dataset.files ?? "{}");
    const absolute = (/** @type {string} */ path) => new URL(path, base).href;
    return { base, files: { runtime: absolute(runtime), python: absolute(python), facts: absolute(facts) } };
  }

  // ---- showing

  /**
   * @param {Report} report
   * @param {Inputs} inputs
   */
  #showAnswer(report, inputs) {
    this.#built ??= keep(this);
    this.#answered = inputs;
    showReport(this, report);
    for (const control of this.#controls()) {
      const raw = report.inputs[control.name]?.raw;
      if (raw === undefined || this.#changed.has(control.name)) continue;
      this.#offered.set(control.name, raw);
      if (control.value !== raw) control.value = raw;
    }
    const ready = this.#engine.ready;
    this.dataset.engine = ready?.engine;
    this.dataset.state = "ready";
    const python = ready?.versions.python?.split(".").slice(0, 2).join(".");
    this.#status = `Worked out by CPython ${python} in your browser.`;
    fill(this, "[data-status]", this.#status);
    this.#showProblems([]);
    this.#writeAddress(report.inputs);
    this.#announce(report.headline);
    this.#fillOpened();
    this.dispatchEvent(new CustomEvent("rk:result", { bubbles: true, detail: report }));
  }

  /** What was typed stays, and so does the last answer, marked as not matching it. @param {ErrorInfo} error */
  #showError(error) {
    this.#built ??= keep(this);
    if (!isEngineError(error)) {
      this.dataset.state = "ready";
      fill(this, "[data-status]", this.#status);
      this.#showProblems(error.all ?? [error]);
      return this.#announce(error.message);
    }
    this.dataset.state = "failed";
    fill(this, "[data-status]", `${error.message} ${ANSWER_HOLDS} `);
    const status = this.querySelector("[data-status]");
    const again = make("button", "Try again", "md-button rk-again");
    again.type = "button";
    again.addEventListener("click", () => {
      // The button goes away: the focus stays where it was.
      status?.setAttribute("tabindex", "-1");
      /** @type {HTMLElement | null} */ (status)?.focus({ preventScroll: true });
      this.#ask();
    });
    status?.append(again);
    this.#showStale(true);
  }

  /**
   * Shows each wrong input at its field, and takes away the messages of those that are right by now.
   *
   * @param {import("./protocol.js").Problem[]} problems
   */
  #showProblems(problems) {
    for (const place of /** @type {NodeListOf<HTMLElement>} */ (this.querySelectorAll("[data-error-for]"))) {
      const name = place.dataset.errorFor ?? "";
      const control = this.#control(name);
      const own = problems.filter(({ field }) => (this.#control(field) ? field : "") === name);
      const rest = own.length > MOST_MESSAGES ? ` (and ${own.length - MOST_MESSAGES} more like it)` : "";
      place.textContent = own.slice(0, MOST_MESSAGES).map(({ message }) => message).join(" ") + rest;
      place.hidden = own.length === 0;
      if (own.length) control?.setAttribute("aria-invalid", "true");
      else control?.removeAttribute("aria-invalid");
      if (own.length) control?.closest("details")?.setAttribute("open", "");
    }
    for (const origin of /** @type {NodeListOf<HTMLElement>} */ (this.querySelectorAll("[data-origin-for]"))) {
      origin.hidden = this.#changed.has(origin.dataset.originFor ?? "");
    }
    this.#showStale(problems.length > 0);
  }

  /** @param {boolean} stale whether the answer on screen is for other inputs than those in the form */
  #showStale(stale) {
    this.toggleAttribute("data-stale", stale);
    this.querySelector("[data-stale-note]")?.toggleAttribute("hidden", !stale);
  }

  #showStage() {
    if (this.dataset.state === "starting") fill(this, "[data-status]", this.#engine.stage);
  }

  /**
   * Writes what the reader changed into the address, without a new entry in the history.
   *
   * @param {Partial<Report["inputs"]>} inputs of the answer on screen
   */
  #writeAddress(inputs) {
    if (!this.#ownsAddress()) return;
    const url = new URL(location.href);
    for (const name of [...url.searchParams.keys()]) {
      if (!NOT_INPUTS.test(name)) url.searchParams.delete(name);
    }
    for (const name of this.#changed.keys()) {
      const raw = inputs[name]?.raw;
      if (raw !== undefined && raw !== this.#offered.get(name)) url.searchParams.set(name, raw);
    }
    if (url.href !== location.href) history.replaceState(history.state, "", url);
  }

  /** Only the first calculator of a page has its inputs in the address. */
  #ownsAddress() {
    return document.querySelector("rk-calculator") === this && location.pathname === this.#path;
  }

  /** Reads the news out once the reader pauses. @param {string} text */
  #announce(text) {
    clearTimeout(this.#speaking);
    this.#speaking = setTimeout(() => fill(this, "[data-live]", text), ANNOUNCE_MS);
  }

  // ---- the markup

  /** @returns {Control[]} */
  #controls() {
    return [.../** @type {NodeListOf<Control>} */ (this.querySelectorAll("form :is(input, select)[name]"))];
  }

  /** @param {string} name */
  #control(name) {
    return this.#controls().find((control) => control.name === name);
  }

  /** @returns {HTMLElement[]} */
  #openTables() {
    return [.../** @type {NodeListOf<HTMLElement>} */ (this.querySelectorAll("details[data-table][open]"))];
  }
}

/**
 * @param {Control} control
 * @returns {string} what the page was made with
 */
function builtValue(control) {
  if (control instanceof HTMLInputElement) return control.defaultValue;
  return ([...control.options].find((option) => option.defaultSelected) ?? control.options[0])?.value ?? "";
}

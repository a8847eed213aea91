// @ts-check
/**
 * <rk-calculator>: a calculator whose first answer was worked out when the page was made. The element
 * wraps that answer and its form; from the reader's first change on it asks an engine and fills the very
 * same places anew. The markup is hooks/templates/calculator.html.jinja.
 */
import { keepCharts, restoreCharts, showCharts } from "./chart-view.js";
import { showComparison } from "./compare-view.js";
import { engines } from "./engines.js";
import { FILE_NAMES, isEngineError } from "./protocol.js";
import { differences, emptyTables, fill, keep, make, restore, showReport, showTables } from "./report-view.js";
import { equip } from "./result-tools.js";
import { Scenario } from "./scenario.js";

/**
 * @typedef {import("./engine-client.js").Place} Place
 * @typedef {import("./protocol.js").Inputs} Inputs
 * @typedef {import("./protocol.js").Report} Report
 * @typedef {import("./protocol.js").Ready} Ready
 * @typedef {import("./protocol.js").ErrorInfo} ErrorInfo
 * @typedef {import("./scenario.js").Control} Control
 * @typedef {{report: Report, inputs: Inputs, by: Ready}} Shown an answer, what it is for and who made it
 */

const TYPING_MS = 150;
const ANNOUNCE_MS = 800;
const COPIED_MS = 4000;
const UNPAINTED_MS = 300;
const MOST_MESSAGES = 3;
const ANSWER_HOLDS = "The answer shown still holds for the numbers it was worked out with.";

export class RkCalculator extends HTMLElement {
  /** @type {Scenario | undefined} */
  #scenario;
  /** The built answer, for Reset. @type {(() => void) | undefined} */
  #restoreBuilt;
  /** @type {import("./chart-view.js").Kept | undefined} */
  #builtCharts;
  /** The answer on screen; null while that is the built one. @type {Shown | null} */
  #answer = null;
  /** The inputs that are compared with, if any. @type {Inputs | null} */
  #against = null;
  /** Tells the tools around the answer that there is another one. */
  #refreshTools = () => {};
  /** How the answer on screen was worked out. */
  #status = "";
  #builtStatus = "";
  /** Grows with every change; an answer to anything but the newest is dropped. */
  #newest = 0;
  #asking = false;
  #again = false;
  /** The page's own path: during instant navigation the address is already the next page's. */
  #path = "";
  /** The address that this element wrote last, and the input whose change it was for, if it was one. */
  #entry = { href: "", input: "" };
  #lastTouched = "";
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
    for (const touch of ["pointerdown", "focusin"]) {
      form.addEventListener(touch, () => engines.touch(this.#place()), { signal, passive: true });
    }
    form.addEventListener("input", (event) => this.#onChange(event.target, TYPING_MS), { signal });
    form.addEventListener("change", (event) => this.#onChange(event.target, 0), { signal });
    form.addEventListener("keydown", (event) => this.#onKey(event), { signal });
    form.addEventListener("submit", (event) => event.preventDefault(), { signal });
    form.addEventListener("reset", (event) => this.#onReset(event), { signal });
    // "toggle" does not bubble, but it can be captured.
    this.addEventListener("toggle", () => this.#fillOpened(), { signal, capture: true });
    this.#on("[data-copy-link]", () => this.#copyLink());
    this.#on("[data-check-button]", () => this.#check());
    this.#on("[data-compare=keep]", () => this.#compare(this.#shownInputs));
    this.#on("[data-compare=stop]", () => this.#compare(null));
    this.#refreshTools = equip(this, this.#toolsHost(), signal);
    engines.addEventListener("stage", () => this.#showStage(), { signal });
    engines.addEventListener("full", () => this.#confirm(), { signal });
    // A browser that restores a page may put back what was typed into it, and say nothing.
    window.addEventListener("pageshow", () => this.#scenario?.takeRestored() && this.#ask(), { signal });
    window.addEventListener("popstate", () => this.#onPopState(), { signal });
    if (!this.#scenario) {
      this.#path = location.pathname;
      this.#status = this.#builtStatus = this.querySelector("[data-status]")?.textContent ?? "";
      this.#scenario = new Scenario(this.#controls(), JSON.parse(this.dataset.inputs ?? "{}"));
      if (this.#ownsAddress() || this.#isEmbedded) this.#adoptAddress();
    }
    if (this.#scenario.takeRestored()) this.#ask();
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
    const isNew = this.#scenario?.take(control);
    if (!isNew && !this.#typing) return; // "change" after "input", or Enter on nothing new
    this.#lastTouched = control.name;
    this.#drop();
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
    this.#lastTouched = "";
    this.#showBuilt();
    if (this.#isEmbedded) this.#adoptAddress();
    this.#writeAddress({});
    this.#announce(this.querySelector("[data-headline]")?.textContent ?? "");
  }

  /** Back and forward lead through the scenarios of the page. */
  #onPopState() {
    if (!this.#ownsAddress()) return;
    this.#showBuilt();
    this.#adoptAddress();
  }

  /** The built answer, and the form as it was built. */
  #showBuilt() {
    this.#drop();
    this.#scenario?.reset();
    this.#answer = null;
    this.#restoreBuilt?.();
    this.#status = this.#builtStatus;
    fill(this, "[data-status]", this.#status);
    this.#showCheck("");
    this.#showMoved([]);
    this.dataset.engine = this.dataset.state = "built";
    this.#showProblems([]);
    this.#refreshTools();
    if (this.#against) this.#ask();
  }

  /** For Reset: what stands in the page before an engine's first answer. */
  #keepBuilt() {
    if (this.#restoreBuilt) return;
    const kept = keep(this);
    this.#restoreBuilt = () => {
      restore(kept);
      if (this.#builtCharts) restoreCharts(this, this.#builtCharts);
    };
  }

  /** @param {Inputs | null} inputs to compare with from now on */
  #compare(inputs) {
    this.#against = inputs;
    if (inputs) this.#ask();
    else showComparison(this, null);
  }

  #adoptAddress() {
    const scenario = this.#scenario;
    if (!scenario) return;
    scenario.read(this.dataset.query ?? location.search);
    this.#entry = { href: location.href, input: "" };
    // With nothing changed in the link, what is built is the answer to compare its other inputs with.
    if (!scenario.isChanged) this.#showMoved(scenario.settle());
    if (scenario.isChanged) this.#ask();
  }

  async #copyLink() {
    const link = this.#link();
    const field = this.querySelector("[data-link]");
    if (!(field instanceof HTMLInputElement)) return;
    try {
      await navigator.clipboard.writeText(link);
      fill(this, "[data-copied]", "Copied.");
      setTimeout(() => fill(this, "[data-copied]", ""), COPIED_MS);
    } catch {
      // No leave to use the clipboard: the reader copies it.
      field.hidden = false;
      field.value = link;
      field.focus();
      field.select();
      fill(this, "[data-copied]", "Copy the selected address.");
    }
  }

  /** @param {Report["inputs"]} [inputs] of the answer on screen; without: as typed */
  #link(inputs) {
    const path = this.#ownsAddress() ? location.href : new URL(`calculators/${this.#slug}/`, this.#place().base).href;
    return this.#scenario?.link(path, this.dataset.version ?? "", inputs) ?? path;
  }

  // ---- asking an engine

  /** Asks for an answer to what is typed now; while one is under way, once more after it. */
  async #ask() {
    this.#drop();
    this.#again = true;
    if (this.#asking) return;
    this.#asking = true;
    while (this.#again) {
      this.#again = false;
      const asked = this.#newest;
      this.#showStage();
      try {
        const inputs = this.#scenario?.inputs ?? {};
        // While the engine starts the figures come first; the rows of open tables follow behind them.
        const answer = await this.#run(inputs, engines.isReady ? this.#openTables() : []);
        if (asked !== this.#newest) continue;
        if (this.#scenario?.isUnsettled) {
          const moved = this.#scenario.settle(answer.report.inputs);
          this.#showMoved(moved);
          this.#again = moved.length > 0;
          if (this.#again) continue;
        }
        this.#showAnswer(answer, inputs);
      } catch (error) {
        if (asked === this.#newest) this.#showError(/** @type {ErrorInfo} */ (error));
      }
    }
    this.#asking = false;
  }

  /** Asks for the rows of open tables that came without them, or were opened after the answer. */
  async #fillOpened() {
    const shown = this.#answer;
    const missing = this.#openTables((details) => !details.querySelector("td") || isBusy(details));
    if (!shown || missing.length === 0) return;
    try {
      const { report } = await this.#run(shown.inputs, missing);
      if (this.#answer !== shown) return;
      const filled = report.tables.filter(({ id }) => missing.includes(id));
      shown.report.tables = shown.report.tables.map((table) => filled.find(({ id }) => id === table.id) ?? table);
      showTables(this, filled);
      if (isSmall(shown.by)) engines.checkWhenIdle(this.#place()); // not forgotten over this question
    } catch (error) {
      if (this.#answer !== shown) return;
      emptyTables(this, missing);
      this.#showError(/** @type {ErrorInfo} */ (error));
    }
  }

  /** Starts the full engine because the reader wants it. */
  async #check() {
    // The button goes away: the focus stays where it was.
    const place = /** @type {HTMLElement | null} */ (this.querySelector("[data-check]"));
    place?.setAttribute("tabindex", "-1");
    place?.focus({ preventScroll: true });
    this.#showCheck("Loading CPython to check these numbers ...");
    try {
      await engines.check(this.#place());
    } catch (error) {
      this.#showCheck(/** @type {ErrorInfo} */ (error).message, true);
    }
  }

  /** Has the full engine work out what the small one did, and says whether it comes to the same. */
  async #confirm() {
    const shown = this.#answer;
    const newest = this.#newest;
    if (!shown || this.dataset.engine !== "micropython") return;
    try {
      const answer = await this.#run(shown.inputs, this.#openTables());
      if (this.#newest !== newest || this.#answer !== shown) return;
      const different = differences(shown.report, answer.report).slice(0, MOST_MESSAGES);
      const python = pythonOf(answer.by);
      if (different.length) {
        this.#showAnswer(answer, shown.inputs);
        this.#showCheck(`${python} comes to other numbers, shown now: ${different.join("; ")}. This is a defect of ours.`);
        this.toggleAttribute("data-different", true);
      } else {
        // Not a letter on the page would change but for this.
        this.#answer = { ...shown, by: answer.by };
        this.dataset.engine = answer.by.engine;
        this.#refreshTools();
        this.#showCheck(`${python} has confirmed these numbers.`);
      }
    } catch (error) {
      this.#showCheck(/** @type {ErrorInfo} */ (error).message, true);
    }
  }

  /**
   * @param {Inputs} inputs
   * @param {string[]} tables
   */
  #run(inputs, tables) {
    const question = this.#against ? { inputs, tables, against: this.#against } : { inputs, tables };
    return engines.run(this.#place(), this.#slug, question);
  }

  /** @returns {Inputs} of the answer on screen */
  get #shownInputs() {
    return this.#answer?.inputs ?? JSON.parse(this.dataset.inputs ?? "{}");
  }

  /** @returns {import("./result-tools.js").Host} */
  #toolsHost() {
    return {
      slug: this.#slug,
      answer: () => this.#answer && { report: this.#answer.report, by: pythonOf(this.#answer.by) },
      ask: async (tables) => (await this.#run(this.#shownInputs, tables)).report,
      link: () => this.#link(this.#answer?.report.inputs),
    };
  }

  /** Whatever is under way is no longer wanted. */
  #drop() {
    clearTimeout(this.#typing);
    this.#typing = undefined;
    this.#newest += 1;
    this.#again = false;
  }

  get #slug() {
    return this.getAttribute("calculator") ?? "";
  }

  /** @returns {Place} */
  #place() {
    const base = new URL(this.dataset.base ?? "", document.baseURI).href;
    const files = Object.fromEntries(FILE_NAMES.map((name) => [name, this.#address(name)]));
    return { base, files: /** @type {import("./protocol.js").Files} */ (files) };
  }

  /** @param {string} name of what the page loads, as in data-files */
  #address(name) {
    const base = new URL(this.dataset.base ?? "", document.baseURI).href;
    return new URL(JSON.parse(this.dataset.files ?? "{}")[name], base).href;
  }

  // ---- showing

  /**
   * @param {import("./engines.js").Answer} answer
   * @param {Inputs} inputs
   */
  #showAnswer({ report, by }, inputs) {
    this.#keepBuilt();
    this.#answer = { report, inputs, by };
    showReport(this, report);
    showComparison(this, report.comparison ?? null);
    this.#scenario?.offer(report.inputs);
    this.dataset.engine = by.engine;
    this.dataset.state = "ready";
    this.removeAttribute("data-different");
    this.#status = `Worked out by ${pythonOf(by)} in your browser.`;
    fill(this, "[data-status]", this.#status);
    this.#showCheck("", isSmall(by) && !engines.willCheck);
    this.#showProblems([]);
    this.#announce(report.headline);
    afterPaint(() => this.#followUp(report, by));
  }

  /**
   * All that can wait until the numbers are painted. A new address is work for every process of a browser.
   *
   * @param {Report} report
   * @param {Ready} by
   */
  #followUp(report, by) {
    const isShown = () => this.#answer?.report === report; // no newer one, and no Reset
    if (!isShown()) return;
    this.#writeAddress(report.inputs);
    this.#refreshTools();
    this.dispatchEvent(new CustomEvent("rk:result", { bubbles: true, detail: report }));
    if (isSmall(by)) engines.checkWhenIdle(this.#place());
    this.#fillOpened();
    const idle = window.requestIdleCallback ?? ((/** @type {() => void} */ then) => setTimeout(then, 50));
    const draw = () => {
      if (!isShown()) return;
      this.#builtCharts ??= keepCharts(this);
      showCharts(this, report.charts, this.#address("charts"));
    };
    idle(draw, { timeout: 500 });
  }

  /** What was typed stays, and so does the last answer, marked as not matching it. @param {ErrorInfo} error */
  #showError(error) {
    this.#keepBuilt();
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
    const controls = new Map(this.#controls().map((control) => [control.name, control]));
    for (const place of /** @type {NodeListOf<HTMLElement>} */ (this.querySelectorAll("[data-error-for]"))) {
      const name = place.dataset.errorFor ?? "";
      const control = controls.get(name);
      const own = problems.filter(({ field }) => (controls.has(field) ? field : "") === name);
      const rest = own.length > MOST_MESSAGES ? ` (and ${own.length - MOST_MESSAGES} more like it)` : "";
      place.textContent = own.slice(0, MOST_MESSAGES).map(({ message }) => message).join(" ") + rest;
      place.hidden = own.length === 0;
      if (own.length) control?.setAttribute("aria-invalid", "true");
      else control?.removeAttribute("aria-invalid");
      if (own.length) control?.closest("details")?.setAttribute("open", "");
    }
    for (const origin of /** @type {NodeListOf<HTMLElement>} */ (this.querySelectorAll("[data-origin-for]"))) {
      origin.hidden = this.#scenario?.isTyped(origin.dataset.originFor ?? "") ?? false;
    }
    this.#showStale(problems.length > 0);
  }

  /** @param {boolean} stale whether the answer on screen is for other inputs than those in the form */
  #showStale(stale) {
    this.toggleAttribute("data-stale", stale);
    this.querySelector("[data-stale-note]")?.toggleAttribute("hidden", !stale);
  }

  #showStage() {
    if (!this.#asking || engines.isReady) return;
    this.dataset.state = "starting";
    fill(this, "[data-status]", engines.stage);
  }

  /**
   * @param {string} text what the full engine says of the answer
   * @param {boolean} [withButton] whether it waits to be asked
   */
  #showCheck(text, withButton = false) {
    fill(this, "[data-check]", text);
    this.querySelector("[data-check-button]")?.toggleAttribute("hidden", !withButton);
  }

  /** @param {import("./scenario.js").Moved[]} moved defaults that are not what they were when a link was made */
  #showMoved(moved) {
    const list = moved.map(({ label, then, now }) => `${label} was ${then} and is ${now} now`).join("; ");
    const [made, its] = this.#isEmbedded ? ["calculator was set up here", "earlier"] : ["link was made", "link's"];
    const text = `Since this ${made} a default has changed: ${list}. The ${its} numbers are kept.`;
    fill(this, "[data-moved]", moved.length ? text : "");
    this.querySelector("[data-moved]")?.toggleAttribute("hidden", moved.length === 0);
  }

  /**
   * Writes what the reader changed into the address. Each change is a step for the browser's back button; further
   * changes of the same input belong to the same step.
   *
   * @param {Partial<Report["inputs"]>} inputs of the answer on screen
   */
  #writeAddress(inputs) {
    if (!this.#ownsAddress() || !this.#scenario) return;
    const href = this.#scenario.address(location.href, inputs);
    if (href === location.href) return;
    const { href: last, input } = this.#entry;
    const isSameStep = input && input === this.#lastTouched && last === location.href;
    if (isSameStep) history.replaceState(history.state, "", href);
    else history.pushState(history.state, "", href);
    this.#entry = { href, input: this.#lastTouched };
  }

  /** Only the first calculator of a page has its inputs in the address. */
  #ownsAddress() {
    const isFirst = document.querySelector("rk-calculator") === this;
    return isFirst && !this.#isEmbedded && location.pathname === this.#path;
  }

  /** In an embed's frame `data-query` holds the inputs that it begins with, and the address is left alone. */
  get #isEmbedded() {
    return this.dataset.query !== undefined;
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

  /** @param {(details: HTMLElement) => boolean} [which] */
  #openTables(which = () => true) {
    /** @type {NodeListOf<HTMLElement>} */
    const open = this.querySelectorAll("details[data-table][open]");
    return [...open].filter(which).map(({ dataset }) => dataset.table ?? "");
  }

  /**
   * @param {string} selector
   * @param {() => void} act
   */
  #on(selector, act) {
    const signal = /** @type {AbortController} */ (this.#listening).signal;
    this.querySelector(selector)?.addEventListener("click", act, { signal });
  }
}

/**
 * Once the next frame is painted and whoever waits for that has had their turn. Where nothing is painted, in a tab
 * behind others, it is not waited for.
 */
function afterPaint(/** @type {() => void} */ then) {
  let isDone = false;
  const once = () => {
    if (!isDone) then();
    isDone = true;
  };
  requestAnimationFrame(() => setTimeout(() => setTimeout(once)));
  setTimeout(once, UNPAINTED_MS);
}

/** @param {HTMLElement} details of a table, whether its rows are still those of an earlier answer */
function isBusy(details) {
  return details.ariaBusy === "true";
}

/** @param {Ready} by */
function isSmall({ engine }) {
  return engine === "micropython";
}

/** @param {Ready} by @returns {string} such as "CPython 3.14" */
function pythonOf({ engine, versions }) {
  const [name, version = ""] = engine === "pyodide" ? ["CPython", versions.python] : ["MicroPython", versions.micropython];
  return `${name} ${version.split(".").slice(0, 2).join(".")}`;
}

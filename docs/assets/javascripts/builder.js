// @ts-check
/**
 * `<rk-builder>`: the form that makes the snippet of an embed (hooks/templates/builder.html.jinja).
 *
 * Settings are checked by the embed's own rules and starting numbers by the calculator itself, so that what is copied
 * is what the embed takes. The page's address holds what is filled in, under the names that the embed uses.
 */
import { embedAddress, frameSnippet, scriptSnippet } from "./builder-snippet.js";
import { today } from "./citation.js";
import { BACKGROUNDS, ENOUGH_CONTRAST, contrast, isColour, readable } from "./embed-colour.js";
import { LIMITS, PROBLEM_WITH, problemWithInput, query } from "./embed-protocol.js";
import { engines } from "./engines.js";
import { FILE_NAMES, isEngineError } from "./protocol.js";

/**
 * @typedef {import("./embed-protocol.js").Settings} Settings
 * @typedef {import("./protocol.js").ErrorInfo} ErrorInfo
 * @typedef {{name: string, kind: string, label: string, unit: string, help: string, group: string,
 *   options: {value: string, label: string}[]}} Described an input, as the API describes it
 * @typedef {{slug: string, title: string, inputs: Described[], report: {inputs: Record<string, {raw: string | null}>}}}
 *   Calculator
 * @typedef {HTMLInputElement | HTMLSelectElement} Control
 * @typedef {Map<string, string>} Problems by the field's name
 */

const TYPING_MS = 400;
const COPIED_MS = 4000;
const SCHEMES = /** @type {const} */ (["light", "dark"]);
const TEXTS = /** @type {const} */ (["accent", "theme", "cta_url", "cta_label"]);
const CHECKS = /** @type {const} */ (["share", "pin"]);
/** Of frames; embed.js works out the heights between them. */
const WIDTHS_PX = [320, 400, 520, 680, 860, 1100];

class RkBuilder extends HTMLElement {
  /** @type {Promise<Calculator> | null} */
  #loading = null;
  /** @type {Calculator | null} */
  #calculator = null;
  /** Starting numbers as typed, of every calculator that was looked at. @type {Map<string, Map<string, string>>} */
  #typed = new Map();
  /** @type {AbortController | undefined} */
  #listening;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #waiting;
  #round = 0;
  #path = "";
  /** What the snippets are for. @type {{calculator: Calculator, settings: Settings} | null} */
  #made = null;
  /** Of the frame in the preview, by width; "" until it has loaded. */
  #heights = "";

  connectedCallback() {
    this.#path = location.pathname;
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    const form = this.#form;
    form.addEventListener("submit", (event) => event.preventDefault(), { signal });
    form.addEventListener("input", (event) => this.#onInput(event.target), { signal });
    form.addEventListener("change", (event) => this.#onInput(event.target, 0), { signal });
    this.addEventListener("click", (event) => this.#copy(event.target), { signal });
    window.addEventListener("popstate", () => this.#readAddress(), { signal });
    this.#preview.addEventListener("load", () => this.#measure(), { signal });
    for (const part of [form, this.#part(".rk-builder-result")]) part.hidden = false;
    this.#part("[data-until-ready]").hidden = true;
    this.#readAddress();
  }

  disconnectedCallback() {
    this.#listening?.abort();
    clearTimeout(this.#waiting);
    this.#round += 1;
  }

  // ---- the parts

  get #form() {
    return /** @type {HTMLFormElement} */ (this.querySelector("form"));
  }

  get #base() {
    return new URL(this.dataset.base ?? "", document.baseURI);
  }

  get #preview() {
    return /** @type {HTMLIFrameElement} */ (this.querySelector(".rk-builder-preview"));
  }

  /** @param {string} selector @returns {HTMLElement} */
  #part(selector) {
    return /** @type {HTMLElement} */ (this.querySelector(selector));
  }

  /** @param {string} name @returns {Control} */
  #setting(name) {
    return /** @type {Control} */ (this.querySelector(`[name="${name}"]:not([data-input])`));
  }

  get #slug() {
    return this.#setting("calculator").value;
  }

  /** @param {string} name */
  #isChecked(name) {
    return /** @type {HTMLInputElement} */ (this.#setting(name)).checked;
  }

  // ---- the address

  #readAddress() {
    if (location.pathname !== this.#path) return;
    const given = new URLSearchParams(location.search);
    const select = /** @type {HTMLSelectElement} */ (this.#setting("calculator"));
    const asked = given.get("calculator");
    if (asked && [...select.options].some(({ value }) => value === asked)) select.value = asked;
    else select.selectedIndex = 0;
    for (const name of TEXTS) this.#setting(name).value = given.get(name) ?? "";
    for (const name of CHECKS) {
      /** @type {HTMLInputElement} */ (this.#setting(name)).checked = given.get(name) === "1";
    }
    const own = new Set(["calculator", ...TEXTS, ...CHECKS]);
    this.#typed.set(this.#slug, new Map([...given].filter(([name]) => !own.has(name))));
    this.#load();
  }

  #writeAddress() {
    if (location.pathname !== this.#path) return;
    const address = new URL(location.href);
    address.search = "";
    address.searchParams.append("calculator", this.#slug);
    for (const name of TEXTS) {
      if (this.#setting(name).value) address.searchParams.append(name, this.#setting(name).value);
    }
    for (const name of CHECKS) if (this.#isChecked(name)) address.searchParams.append(name, "1");
    for (const [name, value] of this.#typed.get(this.#slug) ?? []) address.searchParams.append(name, value);
    history.replaceState(history.state, "", address);
  }

  // ---- the calculator and its inputs

  /** Fetches what the calculator asks for, and shows a field for each. */
  async #load() {
    const slug = this.#slug;
    const status = this.#part("[data-inputs-status]");
    this.#calculator = null;
    status.textContent = "Loading the list of numbers ...";
    this.#part("[data-inputs]").replaceChildren();
    const loading = (this.#loading = fetched(new URL(`api/v1/calculators/${slug}.json`, this.#base)));
    try {
      const calculator = await loading;
      if (this.#loading !== loading) return;
      this.#calculator = calculator;
      status.textContent = "";
      this.#showInputs(calculator);
    } catch {
      if (this.#loading !== loading) return;
      status.textContent = "The list of numbers could not be loaded. Choose the calculator again to try once more.";
    }
    await this.#update();
  }

  /** @param {Calculator} calculator */
  #showInputs({ slug, inputs, report }) {
    const typed = this.#typed.get(slug) ?? new Map();
    this.#typed.set(slug, typed);
    const names = new Set(inputs.map(({ name }) => name));
    const unknown = [...typed.keys()].filter((name) => !names.has(name));
    for (const name of unknown) typed.delete(name);
    if (unknown.length) {
      const which = unknown.slice(0, 3).map((name) => `“${name.slice(0, 40)}”`).join(", ");
      this.#part("[data-inputs-status]").textContent = `Left out of the address: ${which}, which this calculator does not know.`;
    }
    const groups = new Map(inputs.map(({ group }) => [group, document.createElement("fieldset")]));
    for (const [label, fieldset] of groups) {
      const legend = document.createElement("legend");
      legend.textContent = label;
      fieldset.append(legend);
    }
    for (const described of inputs) {
      const field = inputField(described, report.inputs[described.name]?.raw ?? "", typed.get(described.name) ?? "");
      groups.get(described.group)?.append(field);
    }
    this.#part("[data-inputs]").replaceChildren(...groups.values());
    if (typed.size) this.#part("[data-inputs]").closest("details")?.setAttribute("open", "");
  }

  // ---- what the embedder does

  /**
   * @param {EventTarget | null} target
   * @param {number} [delay]
   */
  #onInput(target, delay = TYPING_MS) {
    if (!(target instanceof HTMLInputElement || target instanceof HTMLSelectElement)) return;
    if (target.dataset.accentPicker !== undefined) this.#setting("accent").value = target.value;
    if (target.dataset.input !== undefined) {
      const typed = this.#typed.get(this.#slug);
      if (target.value.trim()) typed?.set(target.name, target.value);
      else typed?.delete(target.name);
    }
    clearTimeout(this.#waiting);
    if (target.name === "calculator") this.#load();
    else this.#waiting = setTimeout(() => this.#update(), delay);
  }

  /** @param {EventTarget | null} target */
  async #copy(target) {
    const button = target instanceof Element ? target.closest("[data-copy]") : null;
    const code = this.querySelector(`[data-snippet="${button?.getAttribute("data-copy")}"]`);
    if (!button || !code) return;
    const said = this.#part("[data-copied]");
    try {
      await navigator.clipboard.writeText(code.textContent ?? "");
      said.textContent = "Copied.";
    } catch {
      getSelection()?.selectAllChildren(code);
      said.textContent = "Selected: now copy it.";
    }
    setTimeout(() => (said.textContent = ""), COPIED_MS);
  }

  // ---- checking and showing

  async #update() {
    const round = ++this.#round;
    this.#writeAddress();
    const calculator = this.#calculator;
    const chosen = this.#chosen();
    const problems = this.#checked(chosen);
    this.#showContrast();
    this.#showProblems(problems);
    if (!calculator) return this.#showResult(null);
    let all = texts(calculator.report.inputs);
    if (chosen.length) {
      try {
        all = await this.#answered(Object.fromEntries(chosen));
      } catch (error) {
        const info = /** @type {ErrorInfo} */ (error);
        if (!isEngineError(info)) {
          for (const { field, message } of info.all ?? [info]) {
            const name = field || "calculator";
            if (!problems.has(name)) problems.set(name, message);
          }
        } else if (this.#isChecked("pin")) {
          problems.set("pin", `${info.message} Without the calculator's answer its numbers cannot be kept.`);
        }
      }
      if (round !== this.#round) return;
    }
    const settings = this.#settings(this.#isChecked("pin") ? pinned(chosen, all, this.#version) : chosen);
    if (!problems.size && query(settings).length > LIMITS.query) {
      problems.set("calculator", `All settings together are to have at most ${LIMITS.query} characters.`);
    }
    this.#showProblems(problems);
    this.#showResult(problems.size ? null : { calculator, settings }, problems.size);
  }

  /** @returns {[string, string][]} the starting numbers that differ */
  #chosen() {
    return [...(this.#typed.get(this.#slug) ?? [])].map(([name, text]) => [name, text.trim()]);
  }

  /**
   * @param {[string, string][]} inputs
   * @returns {Settings}
   */
  #settings(inputs) {
    /** @type {Record<string, unknown>} */
    const settings = { inputs };
    for (const name of TEXTS) {
      const text = this.#text(name);
      if (text) settings[name] = text;
    }
    if (this.#isChecked("share")) settings.share = true;
    if (this.#isChecked("pin")) settings.as_of = today();
    return settings;
  }

  /** @param {string} name */
  #text(name) {
    return this.#setting(name).value.trim();
  }

  /** Of the facts, as the calculators' own links give it. */
  get #version() {
    return /([0-9a-f]{8})[0-9a-f]*\/$/.exec(JSON.parse(this.dataset.files ?? "{}").facts)?.[1] ?? "";
  }

  /**
   * @param {Record<string, string>} inputs
   * @returns {Promise<Record<string, string>>} all inputs of that answer
   */
  async #answered(inputs) {
    const base = this.#base.href;
    const addresses = JSON.parse(this.dataset.files ?? "{}");
    const files = Object.fromEntries(FILE_NAMES.map((name) => [name, new URL(addresses[name], base).href]));
    const place = /** @type {import("./engines.js").Place} */ ({ base, files });
    const { report } = await engines.run(place, this.#slug, { inputs, tables: [] });
    return texts(report.inputs);
  }

  /**
   * @param {[string, string][]} chosen
   * @returns {Problems} what the embed would refuse
   */
  #checked(chosen) {
    const problems = new Map();
    for (const name of TEXTS) {
      const text = this.#text(name);
      const message = text ? PROBLEM_WITH[name]?.(text) : "";
      if (message) problems.set(name, message);
    }
    if (this.#text("cta_label") && !this.#text("cta_url")) {
      problems.set("cta_url", "Say where the button leads, or leave its words empty.");
    }
    for (const [name, text] of chosen) {
      const message = problemWithInput(name, text);
      if (message) problems.set(name, message);
    }
    return problems;
  }

  /** @param {Problems} problems */
  #showProblems(problems) {
    for (const place of /** @type {NodeListOf<HTMLElement>} */ (this.querySelectorAll("[data-error-for]"))) {
      const name = place.dataset.errorFor ?? "";
      const message = problems.get(name) ?? "";
      place.textContent = message;
      place.hidden = !message;
      const control = this.querySelector(`[name="${name}"]`);
      if (message) control?.setAttribute("aria-invalid", "true");
      else control?.removeAttribute("aria-invalid");
      if (message) control?.closest("details")?.setAttribute("open", "");
    }
  }

  #showContrast() {
    const accent = this.#text("accent").toLowerCase();
    if (isColour(accent)) /** @type {HTMLInputElement} */ (this.#part("[data-accent-picker]")).value = accent;
    const lines = isColour(accent) ? SCHEMES.map((scheme) => contrastLine(accent, scheme)) : [];
    this.#part("[data-contrast]").replaceChildren(...lines);
  }

  /**
   * @param {{calculator: Calculator, settings: Settings} | null} made
   * @param {number} [problemCount] why there is none
   */
  #showResult(made, problemCount = 0) {
    const said = this.#part("[data-problems]");
    said.textContent = problemCount ? `Fields to mend above: ${problemCount}. Then the snippet stands here.` : "";
    said.hidden = !problemCount;
    this.#part("[data-result]").hidden = !made;
    this.#made = made;
    if (!made) return;
    const { calculator, settings } = made;
    const preview = this.#preview;
    const address = embedAddress(this.#base, calculator, settings);
    if (preview.dataset.shown !== address) {
      this.#heights = "";
      preview.dataset.shown = address;
      // Replaced, so that the way back does not lead through every letter typed.
      preview.contentWindow?.location.replace(address);
    }
    this.#showSnippets();
    this.#part("[data-privacy]").replaceChildren(...privacy(settings).map(listItem));
  }

  #showSnippets() {
    if (!this.#made) return;
    const { calculator, settings } = this.#made;
    const texts = {
      script: scriptSnippet(this.#base, calculator, settings, this.#heights),
      frame: frameSnippet(this.#base, calculator, settings),
    };
    for (const [kind, text] of Object.entries(texts)) {
      const place = this.#part(`[data-snippet=${kind}]`);
      if (place.textContent !== text) place.textContent = text; // what is selected there stays so
    }
  }

  /** Once the preview has loaded, and once more with its first answer to other numbers than the built ones. */
  #measure() {
    const page = this.#preview.contentDocument;
    if (!page?.querySelector("rk-calculator")) return;
    const show = () => {
      this.#heights = heightsOf(this.#preview, page.body);
      this.#showSnippets();
    };
    show();
    if (this.#made?.settings.inputs?.length) page.addEventListener("rk:result", show, { once: true });
  }
}

// ---- helpers

/** @param {URL} address @returns {Promise<Calculator>} */
async function fetched(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(String(answer.status));
  return (await answer.json()).result;
}

/**
 * @param {HTMLIFrameElement} frame it has its own size again before anything is painted
 * @param {HTMLElement} body
 * @returns {string} "320:5200 400:4700 ..."
 */
function heightsOf(frame, body) {
  const own = frame.style.cssText;
  const heights = WIDTHS_PX.map((width) => {
    frame.style.cssText = `width:${width}px;max-width:none;height:30000px;border:0`; // so high that it has no scroll bar
    return `${width}:${Math.ceil(body.getBoundingClientRect().height)}`;
  });
  frame.style.cssText = own;
  return heights.join(" ");
}

/**
 * @param {Record<string, {raw: string | null}>} inputs
 * @returns {Record<string, string>}
 */
function texts(inputs) {
  return Object.fromEntries(Object.entries(inputs).map(([name, { raw }]) => [name, raw ?? ""]));
}

/**
 * @param {[string, string][]} chosen
 * @param {Record<string, string>} all
 * @param {string} version of the facts
 * @returns {[string, string][]} what was chosen, the version, and what stood beside it on this day
 */
function pinned(chosen, all, version) {
  const names = new Set(chosen.map(([name]) => name));
  const rest = Object.entries(all).filter(([name]) => !names.has(name));
  return [...chosen, ["v", version], ...rest];
}

/**
 * @param {string} accent
 * @param {"light" | "dark"} scheme
 */
function contrastLine(accent, scheme) {
  const ratio = Math.min(...BACKGROUNDS[scheme].map((background) => contrast(accent, background)));
  const shown = (Math.floor(ratio * 100) / 100).toFixed(2); // rounded down: 4.499 is not enough
  const isEnough = ratio >= ENOUGH_CONTRAST;
  const other = `too little, ${ENOUGH_CONTRAST}:1 is needed. The calculator shows ${readable(accent, scheme)} instead.`;
  const item = listItem(`Contrast on ${scheme}: ${shown}:1, ${isEnough ? "enough." : other}`);
  item.dataset.enough = String(isEnough);
  return item;
}

/** @param {string} text */
function listItem(text) {
  const item = document.createElement("li");
  item.textContent = text;
  return item;
}

/**
 * @param {Described} described
 * @param {string} offered the calculator's own
 * @param {string} typed
 */
function inputField({ name, kind, label, unit, help, options }, offered, typed) {
  const id = `rk-builder-input-${name}`;
  const field = document.createElement("div");
  field.className = "rk-builder-field";
  const words = document.createElement("label");
  words.htmlFor = id;
  words.textContent = unit ? `${label} (${unit})` : label;
  /** @type {Control} */
  let control;
  if (kind === "choice") {
    const own = options.find(({ value }) => value === offered)?.label ?? offered;
    control = document.createElement("select");
    control.append(new Option(`${own} (its own)`, ""), ...options.map(({ value, label }) => new Option(label, value)));
    // What an address asks for and there is not: shown, for the calculator to refuse.
    if (typed && !options.some(({ value }) => value === typed)) control.append(new Option(typed, typed));
  } else {
    control = document.createElement("input");
    control.type = "text";
    control.inputMode = "decimal";
    control.placeholder = offered || "blank";
    control.autocomplete = "off";
    control.maxLength = 200;
  }
  control.id = id;
  control.name = name;
  control.dataset.input = "";
  control.value = typed;
  control.setAttribute("aria-describedby", `${id}-error ${id}-help`);
  const error = document.createElement("p");
  error.className = "rk-error";
  error.id = `${id}-error`;
  error.dataset.errorFor = name;
  error.hidden = true;
  const hint = document.createElement("p");
  hint.className = "rk-hint";
  hint.id = `${id}-help`;
  hint.textContent = help;
  field.append(words, control, error, hint);
  return field;
}

/**
 * @param {Settings} settings
 * @returns {string[]} what becomes of a visitor's data, in sentences
 */
function privacy({ cta_url, cta_label = "Continue", share }) {
  const told = [
    "What visitors type is worked out in their browser. It is sent neither to this site nor to anybody else.",
    "No cookies, nothing stored, no tracker. The frame loads its files from this site, whose host sees the visitor's " +
      "network address, as every web server does.",
  ];
  told.push(
    share
      ? "Your page is told each answer and its inputs; what it does with them is yours to say in your privacy notice. " +
          "The calculator tells the visitor that results are shared."
      : "Your page is not told what the visitor typed, nor the answer.",
  );
  if (cta_url) {
    const carried = share ? "the campaign parameters of your page and the headline of the answer" : "the campaign parameters of your page";
    told.push(`“${cta_label}” opens ${new URL(cta_url).host} when the visitor presses it, and carries ${carried}.`);
  }
  return told;
}

customElements.define("rk-builder", RkBuilder);

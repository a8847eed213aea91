// @ts-check
/**
 * The inputs of a calculator: what the reader changed, what the rest shows, and both as an address.
 *
 * An address holds what differs from the defaults. A copied link holds every input: what was changed stands
 * before `v`, the version of the facts, and what was not stands after it. So it is known later whether a
 * default has changed meanwhile.
 */

/**
 * @typedef {import("./protocol.js").Inputs} Inputs
 * @typedef {import("./protocol.js").Report} Report
 * @typedef {HTMLInputElement | HTMLSelectElement} Control
 * @typedef {{label: string, then: string, now: string}} Moved a default that is not what it was
 */

/** Parameters that campaigns, searches and the site itself put into addresses. Every other one is an input. */
const NOT_INPUTS = /^(utm_.*|[a-z]*clid|gbraid|wbraid|mc_[ce]id|_gl|ref|v|q|h)$/;

export class Scenario {
  #controls;
  #presets;
  /** What the reader changed, as typed. @type {Map<string, string>} */
  #changed = new Map();
  /** What the other inputs show: as built, later as the engine says. @type {Map<string, string>} */
  #offered = new Map();
  /** Names in the address that are no inputs, for the engine to refuse. @type {Map<string, string>} */
  #unknown = new Map();
  /** What a copied link says of inputs that its maker had left alone. @type {Map<string, string>} */
  #leftAlone = new Map();

  /**
   * @param {Control[]} controls
   * @param {Inputs} presets inputs that the page was made with
   */
  constructor(controls, presets) {
    this.#controls = controls;
    this.#presets = presets;
    for (const control of controls) this.#offered.set(control.name, builtValue(control));
  }

  /** Whether it differs from what the page was made with. */
  get isChanged() {
    return this.#changed.size > 0 || this.#unknown.size > 0;
  }

  /** @returns {Inputs} what the engine is to be asked */
  get inputs() {
    return { ...this.#presets, ...Object.fromEntries([...this.#changed, ...this.#unknown]) };
  }

  /** @param {string} name */
  isTyped(name) {
    return this.#changed.has(name);
  }

  /**
   * @param {Control} control
   * @returns {boolean} whether this is news
   */
  take(control) {
    const before = this.#changed.get(control.name);
    if (control.value === this.#offered.get(control.name)) this.#changed.delete(control.name);
    else this.#changed.set(control.name, control.value);
    const isNew = this.#changed.get(control.name) !== before;
    if (isNew) this.#unknown.clear(); // said once
    return isNew;
  }

  /** A browser that restores a page may put back what was typed into it, and say nothing. */
  takeRestored() {
    const restored = this.#controls.filter((control) => {
      const isNone = control instanceof HTMLSelectElement && control.selectedIndex < 0;
      return !isNone && control.value !== (this.#changed.get(control.name) ?? this.#offered.get(control.name));
    });
    for (const control of restored) this.#changed.set(control.name, control.value);
    return restored.length > 0;
  }

  /** Back to what the page was made with. */
  reset() {
    for (const names of [this.#changed, this.#unknown, this.#leftAlone]) names.clear();
    for (const control of this.#controls) {
      control.value = builtValue(control);
      this.#offered.set(control.name, control.value);
    }
  }

  /**
   * Puts an answer's inputs into the form, where the reader has not been.
   *
   * @param {Report["inputs"]} inputs
   */
  offer(inputs) {
    for (const control of this.#controls) {
      const raw = inputs[control.name]?.raw;
      if (raw === undefined || this.#changed.has(control.name)) continue;
      this.#offered.set(control.name, raw);
      if (control.value !== raw) control.value = raw;
    }
  }

  // ---- addresses

  /**
   * Reads a query. What it says of inputs that were left alone waits for `settle`.
   *
   * @param {string} query
   */
  read(query) {
    let isLeftAlone = false;
    for (const [name, value] of new URLSearchParams(query)) {
      isLeftAlone ||= name === "v";
      const control = this.#control(name);
      if (!control) {
        if (!NOT_INPUTS.test(name)) this.#unknown.set(name, value);
      } else if (isLeftAlone) {
        this.#leftAlone.set(name, value);
      } else if (value !== this.#offered.get(name)) {
        this.#type(control, value);
      }
    }
  }

  /**
   * Keeps the numbers of a copied link where a default has changed since.
   *
   * @param {Partial<Report["inputs"]>} [inputs] of an answer to the rest of the link; without: as built
   * @returns {Moved[]}
   */
  settle(inputs) {
    const moved = [];
    for (const [name, then] of this.#leftAlone) {
      const control = this.#control(name);
      const now = inputs ? inputs[name]?.raw : this.#offered.get(name);
      if (!control || now === undefined || now === then) continue;
      this.#type(control, then);
      moved.push({ label: labelOf(control), then: shown(control, then), now: shown(control, now) });
    }
    this.#leftAlone.clear();
    return moved;
  }

  /** Whether the rest of a copied link still has to be settled. */
  get isUnsettled() {
    return this.#leftAlone.size > 0;
  }

  /**
   * The address with what differs from the defaults.
   *
   * @param {string} href
   * @param {Partial<Report["inputs"]>} inputs of the answer on screen
   */
  address(href, inputs) {
    const url = withoutInputs(href);
    for (const name of this.#changed.keys()) {
      const raw = inputs[name]?.raw;
      if (raw !== undefined && raw !== this.#offered.get(name)) url.searchParams.set(name, raw);
    }
    return url.href;
  }

  /**
   * The address with every input.
   *
   * @param {string} href
   * @param {string} version of the facts
   * @param {Partial<Report["inputs"]>} [inputs] of the answer on screen; without: as typed
   */
  link(href, version, inputs) {
    const value = (/** @type {Control} */ { name, value }) => inputs?.[name]?.raw ?? value;
    const url = withoutInputs(href);
    url.hash = "";
    const isPinned = (/** @type {Control} */ { name }) => this.#changed.has(name) || name in this.#presets;
    const pinned = this.#controls.filter(isPinned);
    for (const control of pinned) url.searchParams.append(control.name, value(control));
    url.searchParams.append("v", version);
    for (const control of this.#controls) {
      if (!isPinned(control)) url.searchParams.append(control.name, value(control));
    }
    return url.href;
  }

  // ---- the form

  /** @param {string} name */
  #control(name) {
    return this.#controls.find((control) => control.name === name);
  }

  /**
   * @param {Control} control
   * @param {string} value
   */
  #type(control, value) {
    control.value = value; // a choice that does not exist shows as none
    control.closest("details")?.setAttribute("open", "");
    this.#changed.set(control.name, value);
  }
}

/** @param {string} href */
function withoutInputs(href) {
  const url = new URL(href);
  for (const name of [...url.searchParams.keys()]) {
    if (!NOT_INPUTS.test(name) || name === "v") url.searchParams.delete(name);
  }
  return url;
}

/**
 * @param {Control} control
 * @returns {string} what the page was made with
 */
function builtValue(control) {
  if (control instanceof HTMLInputElement) return control.defaultValue;
  return ([...control.options].find((option) => option.defaultSelected) ?? control.options[0])?.value ?? "";
}

/** @param {Control} control */
function labelOf(control) {
  return control.labels?.[0]?.textContent ?? control.name;
}

/**
 * @param {Control} control
 * @param {string} value
 * @returns {string} as the form would show it
 */
function shown(control, value) {
  if (control instanceof HTMLInputElement) return value || "blank";
  return [...control.options].find((option) => option.value === value)?.text ?? value;
}

// @ts-check
/**
 * An embed's address, and what its frame and the page around it say to each other: the whole of it.
 *
 * ADDRESS   /embed/SLUG/?accent=%230b7a75&theme=auto&cta_url=...&balance_usd=310000&rate_pct=7
 *   accent      #rrggbb; made darker or paler where it could not be read
 *   theme       light, dark or auto (the visitor's own setting; the default)
 *   cta_url     an https address, written out in full, without a name or a password in it
 *   cta_label   plain text on the button; without one: "Continue"
 *   share       1: results go to the page around the frame and into the button's address, and the frame says so
 *   as_of       YYYY-MM-DD: the day on which the numbers were pinned; shown
 *   v           version of the facts. As in a copied link, inputs before it are the embedder's own choice; those
 *               after it are the defaults of that day, kept although a default has changed since, which is said
 *   INPUT       any input of the calculator, as it would be typed
 *   utm_*, gclid, fbclid, msclkid, ref   go on to the button's address
 * What is unknown, given twice or too long is refused: the frame says so and leaves it out; with a mistake among
 * the inputs it leaves all of them out, since an answer to half of them is one that nobody asked for.
 *
 * ATTRIBUTES of the element that embed.js turns into a frame: data-calculator, data-inputs (a query: the inputs,
 * and v for pinned ones), data-accent, data-theme, data-cta-url, data-cta-label, data-share-results (no value),
 * data-as-of, data-height (pixels to keep free until the frame says how high it is: "900", or heights of some widths,
 * "320:5200 680:3900"), data-title (the frame's name for screen readers until the frame says its own). A change of
 * any but the last two makes another frame; what the visitor has typed into the earlier one is gone.
 *
 * MESSAGES carry `reckoner: 1`, the version of this protocol.
 *   frame to the page around it   {reckoner, type: "hello"}                 for any origin: it holds nothing
 *   page to the frame             {reckoner, type: "connect", campaign}     with one MessagePort; the first one counts
 *   frame, through that port      {type: "ready", calculator, title}
 *                                 {type: "size", height}                    CSS pixels
 *                                 {type: "result", result: Result}          only with share, and once that was seen
 *                                 {type: "cta", calculator}                 the visitor presses the button
 * Nothing that comes through the port is listened to. After `connect` the frame hears no further message.
 * embed.js makes of them the events reckoner:ready, reckoner:result and reckoner:cta of its element.
 *
 * "Seen" means that the note lies in sight, not covered, blended or filtered by the page, where the browser can
 * tell (IntersectionObserver, trackVisibility), else that it lies within the window.
 *
 * The button's address gets, unless it has them already: the campaign's parameters and, with share,
 * reckoner_calculator and reckoner_headline.
 */
import { isColour } from "./embed-colour.js";

/**
 * @typedef {"light" | "dark" | "auto"} Theme
 * @typedef {object} Settings
 * @property {string} [accent]
 * @property {Theme} [theme]
 * @property {string} [cta_url]
 * @property {string} [cta_label]
 * @property {boolean} [share]
 * @property {string} [as_of]
 * @property {[string, string][]} [inputs] in order; `v` parts those that were chosen from those that were defaults
 * @property {[string, string][]} [campaign]
 *
 * @typedef {object} Result what a page gets to know
 * @property {string} calculator
 * @property {Record<string, string>} inputs as typed, or as the default stands
 * @property {string} headline
 * @property {string} verdict
 * @property {Record<string, number | null>} metrics
 */

export const PROTOCOL = 1;

/** Longest texts, in characters. */
export const LIMITS = Object.freeze({
  query: 8000,
  input: 100,
  cta_url: 2000,
  cta_label: 60,
  campaign_value: 512,
  campaign_count: 20,
});

export const THEMES = Object.freeze(["light", "dark", "auto"]);
/** Parameters that are no inputs; no calculator may name an input so (hooks/embed.py). */
export const SETTING_NAMES = Object.freeze(["accent", "theme", "cta_url", "cta_label", "share", "as_of"]);
export const CAMPAIGN = /^(utm_[a-z_]{1,32}|gclid|fbclid|msclkid|ref)$/;

// Control characters, and those that turn the direction of the text around them.
const UNFIT = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/;

/**
 * What is wrong with a setting, in words, or "". The builder of snippets says the same as the frame does.
 *
 * @type {Record<string, (text: string) => string>}
 */
export const PROBLEM_WITH = Object.freeze({
  accent: (text) => (isColour(text) ? "" : "The accent is to be a colour such as #0b7a75: # and six digits or a to f."),
  theme: (text) => (THEMES.includes(text) ? "" : "The theme is to be light, dark or auto."),
  cta_url: problemWithLink,
  cta_label: (text) => {
    if (text.length > LIMITS.cta_label) return `The button's text is to have at most ${LIMITS.cta_label} characters.`;
    return text.trim() && !UNFIT.test(text) ? "" : "The button's text is to be plain text.";
  },
  share: (text) => (text === "1" ? "" : "Sharing is switched on by 1; leave it out to switch it off."),
  as_of: (text) => (isDay(text) ? "" : "The day of the numbers is to be written as 2026-11-21."),
  v: (text) => (/^[0-9a-f]{8}$/.test(text) ? "" : "The version of the facts is to have eight digits or letters a to f."),
});

/** @param {string} text @returns {string} what is wrong with the button's address, or "" */
function problemWithLink(text) {
  if (text.length > LIMITS.cta_url) return `The button's address is to have at most ${LIMITS.cta_url} characters.`;
  const wrong = "The button's address is to be a full one that begins with https://.";
  // A browser would read past some of these, so that the address is not what it looks like.
  if (!/^https:\/\/[^/]/i.test(text) || /[\s\\]/.test(text) || UNFIT.test(text)) return wrong;
  if (!URL.canParse(text)) return wrong;
  const { protocol, username, password } = new URL(text);
  if (username || password) return "The button's address is to hold no user name or password.";
  return protocol === "https:" ? "" : wrong;
}

/** @param {string} text */
function isDay(text) {
  const day = /^\d{4}-\d\d-\d\d$/.test(text) ? new Date(`${text}T00:00:00Z`) : null;
  return day !== null && !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

/**
 * Reads the address of an embed.
 *
 * @param {string} query
 * @param {readonly string[]} inputNames of the calculator
 * @returns {{settings: Settings, problems: string[]}} everything that is right, and what is said of the rest
 */
export function parse(query, inputNames) {
  /** @type {Settings} */
  const settings = {};
  if (query.length > LIMITS.query) {
    return { settings, problems: [`The address of this embed is longer than ${LIMITS.query} characters.`] };
  }
  /** @type {Map<string, string>} */
  const given = new Map();
  const twice = new Set();
  for (const [name, text] of new URLSearchParams(query)) {
    if (given.has(name)) twice.add(name);
    given.set(name, text);
  }
  const problems = [...twice].map((name) => `"${quoted(name)}" is given twice.`);
  let areInputsRight = ![...twice].some((name) => name === "v" || inputNames.includes(name));
  /** @type {[string, string][]} */
  const inputs = [];
  /** @type {[string, string][]} */
  const campaign = [];
  for (const [name, text] of given) {
    const isInput = inputNames.includes(name);
    if (SETTING_NAMES.includes(name)) {
      if (twice.has(name)) continue;
      const problem = PROBLEM_WITH[name]?.(text) ?? "";
      if (problem) problems.push(problem);
      else Object.assign(settings, { [name]: name === "share" ? true : text });
    } else if (CAMPAIGN.test(name)) {
      campaign.push([name, text]);
    } else if (name === "v" || isInput) {
      const problem = isInput ? problemWithInput(name, text) : (PROBLEM_WITH.v?.(text) ?? "");
      if (problem) problems.push(problem);
      areInputsRight &&= !problem;
      inputs.push([name, text]);
    } else {
      problems.push(`There is no input "${quoted(name)}".`);
      areInputsRight = false;
    }
  }
  if (areInputsRight && inputs.length) settings.inputs = inputs;
  const kept = campaignOf(campaign);
  if (kept.length) settings.campaign = kept;
  return { settings, problems };
}

/**
 * @param {string} name
 * @param {string} text
 * @returns {string} what is wrong with it, but for what only the calculator knows; or ""
 */
export function problemWithInput(name, text) {
  if (text.length > LIMITS.input) return `"${name}" is to have at most ${LIMITS.input} characters.`;
  return UNFIT.test(text) ? `"${name}" is to be plain text.` : "";
}

/**
 * The query that says this; `parse` reads it.
 *
 * @param {Settings} settings
 */
export function query(settings) {
  const query = new URLSearchParams();
  for (const name of SETTING_NAMES) {
    const value = /** @type {Record<string, unknown>} */ (settings)[name];
    if (value) query.append(name, value === true ? "1" : String(value));
  }
  for (const [name, text] of [...(settings.inputs ?? []), ...(settings.campaign ?? [])]) query.append(name, text);
  return query.toString();
}

/**
 * What a campaign may pass on, out of what is offered.
 *
 * @param {unknown} offered names and values
 * @returns {[string, string][]}
 */
export function campaignOf(offered) {
  if (!Array.isArray(offered)) return [];
  const kept = offered.slice(0, LIMITS.campaign_count).flatMap((pair) => {
    const [name, text] = Array.isArray(pair) ? pair : [];
    const isRight = typeof name === "string" && typeof text === "string" && CAMPAIGN.test(name);
    return isRight && text.length <= LIMITS.campaign_value && !UNFIT.test(text) ? [[name, text]] : [];
  });
  return [.../** @type {Map<string, string>} */ (new Map(/** @type {[string, string][]} */ (kept)))];
}

/**
 * The button's address with what is passed on. What the embedder wrote into it stays.
 *
 * @param {string} link
 * @param {[string, string][]} passedOn
 */
export function linkWith(link, passedOn) {
  const url = new URL(link);
  for (const [name, text] of passedOn) {
    if (!url.searchParams.has(name)) url.searchParams.append(name, text);
  }
  return url.href;
}

/** @param {string} name somebody else's text, short enough for a sentence */
function quoted(name) {
  return name.length > 40 ? `${name.slice(0, 40)}...` : name;
}

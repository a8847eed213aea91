// @ts-check
/** Colours that an embedder chooses, and what is done so that text in them can be read. */

/** WCAG 2.2, 1.4.3: text of any size. */
export const ENOUGH_CONTRAST = 4.5;

/** What stands behind text in an embed; the darkest and palest of each scheme (embed.css, reckoner.css). */
export const BACKGROUNDS = Object.freeze({ light: ["#ffffff", "#f2f5f5"], dark: ["#1e2129", "#262a35"] });

const STEPS = 50;

/** @param {unknown} text @returns {text is string} whether it is a colour such as #0b7a75 */
export function isColour(text) {
  return typeof text === "string" && /^#[0-9a-f]{6}$/i.test(text);
}

/** @param {string} colour @returns {[number, number, number]} from 0 to 255 */
function channels(colour) {
  const whole = parseInt(colour.slice(1), 16);
  return [whole >> 16, (whole >> 8) & 255, whole & 255];
}

/** @param {string} colour */
function luminance(colour) {
  const [red, green, blue] = channels(colour).map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * Number(red) + 0.7152 * Number(green) + 0.0722 * Number(blue);
}

/**
 * @param {string} one
 * @param {string} other
 * @returns {number} WCAG's ratio, from 1 to 21
 */
export function contrast(one, other) {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

/**
 * The colour itself where it can be read on all backgrounds of a scheme, else the nearest one on the way to black
 * or white that can.
 *
 * @param {string} colour
 * @param {"light" | "dark"} scheme
 */
export function readable(colour, scheme) {
  const backgrounds = BACKGROUNDS[scheme];
  const goal = scheme === "light" ? 0 : 255;
  for (let step = 0; step <= STEPS; step += 1) {
    const share = step / STEPS;
    const mixed = channels(colour).map((value) => Math.round(value + (goal - value) * share));
    const text = `#${mixed.map((value) => value.toString(16).padStart(2, "0")).join("")}`;
    if (backgrounds.every((background) => contrast(text, background) >= ENOUGH_CONTRAST)) return text;
  }
  return goal ? "#ffffff" : "#000000";
}

/** @param {string} colour @returns {string} black or white: which of them reads better on it */
export function textOn(colour) {
  return contrast(colour, "#ffffff") >= contrast(colour, "#000000") ? "#ffffff" : "#000000";
}

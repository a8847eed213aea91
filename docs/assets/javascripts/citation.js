// @ts-check
/** "Cite this result": the texts that the build wrote with places in braces, filled in for the answer on screen. */

/**
 * @typedef {object} Cited
 * @property {string} address of the scenario
 * @property {string} by what worked the answer out
 * @property {string[]} dates of the facts, as in 2026-11-21
 * @property {string} accessed the day on which the reader looks, or ""
 */

/**
 * @param {string} template
 * @param {Cited} cited
 */
export function citation(template, { address, by, dates, accessed }) {
  const sorted = [...dates].sort();
  const asOf = [...new Set([sorted[0], sorted.at(-1)])].join(" to ");
  // The part that says when it was accessed stands in double brackets and goes where there is no date.
  return template
    .replace(/\[\[(.*?)\]\]/s, accessed ? "$1" : "")
    .replace(/\{(address|by|as_of|accessed)\}/g, (_, name) => {
      return { address, by, as_of: asOf, accessed }[/** @type {string} */ (name)] ?? "";
    });
}

/** @returns {string} today's date where the reader is */
export function today() {
  const now = new Date();
  const twoDigits = (/** @type {number} */ number) => String(number).padStart(2, "0");
  return `${now.getFullYear()}-${twoDigits(now.getMonth() + 1)}-${twoDigits(now.getDate())}`;
}

/**
 * @param {HTMLElement} root
 * @param {Cited} cited
 */
export function showCitation(root, cited) {
  for (const place of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("[data-citation]"))) {
    place.textContent = citation(place.dataset.template ?? "", cited);
  }
}

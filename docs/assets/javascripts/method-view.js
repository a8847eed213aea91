// @ts-check
/** "How this is worked out": who answered, and the Python source, fetched when a reader opens it. */
import { fill } from "./report-view.js";

/**
 * @param {HTMLElement} root
 * @param {string} by what worked out the answer on screen, such as "MicroPython 1.27"
 */
export function showAnsweredBy(root, by) {
  fill(root, "[data-answered-by]", `The answer on screen was worked out by ${by}.`);
}

/**
 * @param {HTMLElement} details with the address in data-source
 */
export async function showSource(details) {
  const place = /** @type {HTMLElement | null} */ (details.querySelector("[data-source-text]"));
  if (!place || place.textContent) return;
  try {
    const response = await fetch(details.dataset.source ?? "");
    if (!response.ok) throw new Error(`error ${response.status}`);
    place.textContent = await response.text();
    place.hidden = false;
  } catch {
    // The link to the file stands above, for another try.
  }
}

// @ts-check
/** The tools around an answer: downloads, citation, workings, paper. One call for a calculator's element. */
import { showCitation, today } from "./citation.js";
import { offerDownloads } from "./downloads.js";
import { showAnsweredBy, showSource } from "./method-view.js";
import { markClosed, showOnPaper } from "./paper-view.js";

/**
 * @typedef {import("./protocol.js").Report} Report
 * @typedef {object} Host
 * @property {string} slug
 * @property {() => {report: Report, by: string} | null} answer
 *   the answer on screen and what worked it out; null while that is the built one
 * @property {(tables: string[]) => Promise<Report>} ask the answer on screen, with the rows of these tables
 * @property {() => string} link the address with all inputs of the answer on screen
 */

const BUILT_BY = "CPython";
const COPIED_MS = 4000;

/**
 * @param {HTMLElement} root
 * @param {Host} host
 * @param {AbortSignal} signal
 * @returns {() => void} to be called whenever another answer stands on the page
 */
export function equip(root, host, signal) {
  const builtDates = root.querySelector("[data-cite]")?.getAttribute("data-dates")?.split(" ") ?? [];

  const refresh = () => {
    const answer = host.answer();
    const by = answer?.by ?? BUILT_BY;
    showAnsweredBy(root, by);
    if (!root.querySelector("[data-cite][open]")) return;
    const dates = answer?.report.sources.map(({ as_of }) => as_of) ?? builtDates;
    showCitation(root, { address: host.link(), by, dates, accessed: today() });
  };

  offerDownloads(root, host, signal);
  root.addEventListener(
    "toggle",
    ({ target }) => {
      if (!(target instanceof HTMLDetailsElement) || !target.open) return;
      if (target.matches("[data-cite]")) refresh();
      if (target.matches("[data-source]")) showSource(target);
    },
    { signal, capture: true }, // "toggle" does not bubble
  );
  root.addEventListener("click", ({ target }) => copyFrom(root, target), { signal });

  let forget = () => {};
  const beforePrint = () => {
    showOnPaper(root, host.answer()?.report ?? null, host.link());
    forget();
    forget = markClosed(root);
  };
  window.addEventListener("beforeprint", beforePrint, { signal, capture: true }); // before the theme does
  window.addEventListener("afterprint", () => forget(), { signal });
  return refresh;
}

/**
 * @param {HTMLElement} root
 * @param {EventTarget | null} target
 */
async function copyFrom(root, target) {
  const button = target instanceof Element ? target.closest("[data-copy]") : null;
  const place = root.querySelector(`[data-citation="${button?.getAttribute("data-copy")}"]`);
  if (!button || !place) return;
  try {
    await navigator.clipboard.writeText(place.textContent ?? "");
    button.textContent = "Copied";
  } catch {
    // No leave to use the clipboard: the reader copies it.
    getSelection()?.selectAllChildren(place);
    button.textContent = "Selected: now copy it";
  }
  setTimeout(() => (button.textContent = "Copy"), COPIED_MS);
}

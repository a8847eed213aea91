// @ts-check
/** What is printed and not shown: the inputs as a list, the publications' addresses, the scenario's own address. */
import { make } from "./report-view.js";

/**
 * @typedef {import("./protocol.js").Report} Report
 */

/**
 * @param {HTMLElement} root
 * @param {Report | null} report null where the answer on screen is the built one
 * @param {string} address of the scenario
 */
export function showOnPaper(root, report, address) {
  const place = root.querySelector("[data-address]");
  if (place) place.textContent = address;
  if (!report) return;
  root.querySelector("[data-given]")?.replaceChildren(
    ...Object.values(report.inputs).map(({ label, value, raw, unit, text }) => {
      const entry = make("div");
      entry.append(make("dt", label), make("dd", typeof value === "number" ? `${raw} ${unit}`.trim() : text));
      return entry;
    }),
  );
  const publications = new Map(report.sources.map((source) => [source.id, source]));
  root.querySelector("[data-publications]")?.replaceChildren(
    ...[...publications.values()].map(({ producer, title, url }) => make("li", `${producer}, ${title}: ${url}`)),
  );
}

/**
 * Notes what is closed, for print.css to leave out: the theme opens every <details> before it prints.
 *
 * @param {HTMLElement} root
 * @returns {() => void} forgets it again
 */
export function markClosed(root) {
  const closed = [...root.querySelectorAll("details:not([open])")];
  for (const details of closed) details.setAttribute("data-closed", "");
  return () => {
    for (const details of closed) details.removeAttribute("data-closed");
  };
}

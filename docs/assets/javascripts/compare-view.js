// @ts-check
/** Two scenarios side by side, in the places of hooks/templates/result_tools.html.jinja. Python made all texts. */
import { fill, make } from "./report-view.js";

/**
 * @typedef {import("./protocol.js").ComparedMetric} ComparedMetric
 * @typedef {import("./protocol.js").Comparison} Comparison
 */

const NOTHING_CHANGED = "A is kept. Change an input, and B appears beside it.";
const UNROUNDED = "Differences are B less A, of the numbers before rounding.";

/**
 * @param {HTMLElement} root
 * @param {Comparison | null} comparison of the answer on screen; null hides it
 */
export function showComparison(root, comparison) {
  const section = root.querySelector("[data-comparison]");
  for (const place of root.querySelectorAll("[data-comparison], [data-kept]")) {
    place.toggleAttribute("hidden", !comparison);
  }
  for (const place of root.querySelectorAll(".rk-versus")) place.remove();
  if (!section || !comparison) return;
  const { headline_a, inputs, metrics } = comparison;
  fill(root, "[data-headline-a]", headline_a);
  fill(section, "[data-headline-b]", root.querySelector("[data-headline]")?.textContent ?? "");
  const isSame = inputs.length === 0 && metrics.every(({ same }) => same);
  fill(section, "[data-comparison-note]", isSame ? NOTHING_CHANGED : UNROUNDED);
  section.querySelector("[data-comparison-body]")?.toggleAttribute("hidden", isSame);
  // What a reader looks at first comes first; what is the same in both would only be in the way.
  const figures = [...metrics.filter(({ key }) => key), ...metrics.filter(({ key, same }) => !key && !same)];
  section.querySelector("[data-comparison-rows]")?.replaceChildren(
    ...inputs.map(({ label, a, b }) => row(label, [a, b, ""], "rk-differs")),
    ...figures.map((metric) => row(metric.label, [metric.a, metric.b, change(metric)])),
  );
  if (isSame) return;
  // Beside the first figures of the answer, which stay in sight while the reader types.
  for (const metric of metrics.filter(({ key }) => key)) {
    const figure = root.querySelector(`.rk-key [data-metric="${metric.id}"]`)?.closest("dd");
    figure?.append(make("span", `A: ${metric.a}${metric.difference && `; ${change(metric)}`}`, "rk-range rk-versus"));
  }
}

/** @param {ComparedMetric} metric */
function change({ difference, percent }) {
  return percent ? `${difference} (${percent})` : difference;
}

/**
 * @param {string} label
 * @param {string[]} cells
 * @param {string} [className]
 */
function row(label, cells, className) {
  const made = make("tr", "", className);
  const head = make("th", label);
  head.scope = "row";
  made.append(head, ...cells.map((cell) => make("td", cell, "rk-number")));
  return made;
}

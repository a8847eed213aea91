// @ts-check
/** The page of an embed: reads its address, dresses the calculator accordingly, and lets it begin. */
import { readable, textOn } from "./embed-colour.js";
import { Host } from "./embed-host.js";
import { showCallToAction } from "./embed-cta.js";
import { parse } from "./embed-protocol.js";
import { engines } from "./engines.js";
import { make } from "./report-view.js";
import { RkCalculator } from "./rk-calculator.js";

const root = document.documentElement;
const element = /** @type {HTMLElement} */ (document.querySelector("rk-calculator"));
const controls = /** @type {NodeListOf<HTMLInputElement>} */ (element.querySelectorAll("form :is(input, select)[name]"));
const { settings, problems } = parse(location.search, [...controls].map(({ name }) => name));

/** In the scheme that is on now. */
function showAccent() {
  if (!settings.accent) return;
  const accent = readable(settings.accent, root.dataset.mdColorScheme === "slate" ? "dark" : "light");
  root.style.setProperty("--embed-accent", accent);
  root.style.setProperty("--embed-on-accent", textOn(accent));
}

function showProblems() {
  const place = document.querySelector("[data-embed-problems]");
  if (!(place instanceof HTMLElement) || problems.length === 0) return;
  place.hidden = false;
  const list = make("ul");
  list.append(...problems.slice(0, 5).map((problem) => make("li", problem)));
  place.append(list);
}

function showDay() {
  const place = document.querySelector("[data-embed-day]");
  if (place && settings.as_of && settings.inputs) place.textContent = `It begins with the numbers of ${settings.as_of}.`;
}

showAccent();
addEventListener("embed:scheme", showAccent);
showProblems();
showDay();
element.dataset.query = new URLSearchParams(settings.inputs ?? []).toString();
engines.startsUnasked = false; // 5 MB are for the visitor to ask for
const host = new Host(element, settings);
showCallToAction(element, settings, host);
customElements.define("rk-calculator", RkCalculator);
root.dataset.embed = "runs";
delete root.dataset.awaits;
host.greet();

// @ts-check
import { RkCalculator } from "./rk-calculator.js";

// The two files with which the small engine's worker begins are at hand when it is wanted: 3 kB, unhurried.
for (const name of ["small-engine-worker.js", "engine-base-worker.js"]) {
  const hint = document.createElement("link");
  hint.rel = "prefetch";
  hint.href = new URL(name, import.meta.url).href;
  document.head.append(hint);
}

customElements.define("rk-calculator", RkCalculator);

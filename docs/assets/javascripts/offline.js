// @ts-check
/**
 * Tells the service worker which calculators to keep: those that were used, and those that a reader has looked
 * at for some seconds. Never before, so that nothing competes with the page or the first answer. Without service
 * workers, or with one that fails, everything else is as it is.
 */

/**
 * @typedef {{subscribe(next: () => void): unknown}} Pages Material's `document$`: tells of every new page
 * @typedef {HTMLElement & {dataset: {engine?: string}}} Calculator
 */

const AFTER_USE_MS = 3_000;
const AFTER_VISIT_MS = 30_000;

// This script is <root>/assets/javascripts/<hash>/offline.js, wherever the site is published.
const root = new URL("../../../", import.meta.url).href;
/** The build that the scripts are of; none in `mkdocs serve` and where the worker is switched off. */
const build = buildOfPage();
const pages = /** @type {{document$?: Pages}} */ (/** @type {unknown} */ (window)).document$;
/** @type {Map<string, ReturnType<typeof setTimeout>>} */
const plans = new Map();
let hasFullEngine = false;

if (build) {
  // A calculator says who worked out its answer: nobody here at first, then an engine, later perhaps the full one.
  new MutationObserver((changes) => {
    const by = changes.map(({ target }) => /** @type {Calculator} */ (target).dataset.engine);
    hasFullEngine ||= by.includes("pyodide");
    if (by.some((engine) => engine !== "built")) plan(AFTER_USE_MS);
  }).observe(document, { subtree: true, attributeFilter: ["data-engine"] });
  pages?.subscribe(() => {
    const found = buildOfPage();
    // Instant navigation has put a page of a newer build among the scripts of this one.
    if (found && found !== build) location.reload();
    else if (calculators().length && !savesData()) plan(AFTER_VISIT_MS);
  });
}

function buildOfPage() {
  return /** @type {HTMLMetaElement | null} */ (document.querySelector('meta[name="rk-build"]'))?.content;
}

/** @returns {string[]} */
function calculators() {
  return [...document.querySelectorAll("rk-calculator[calculator]")].map((e) => e.getAttribute("calculator") ?? "");
}

function savesData() {
  return Boolean(/** @type {any} */ (navigator).connection?.saveData);
}

/** Keeps this page after a while, even if the reader has gone on to another one by then. @param {number} delay */
function plan(delay) {
  if (!("serviceWorker" in navigator)) return;
  const address = location.origin + location.pathname;
  const page = { address, title: document.title, calculators: calculators() };
  const whenIdle = window.requestIdleCallback ?? setTimeout;
  clearTimeout(plans.get(address));
  plans.set(address, setTimeout(() => whenIdle(() => keep(page)), delay));
}

/** @param {{address: string, title: string, calculators: string[]}} page */
async function keep(page) {
  if (!navigator.onLine) return;
  try {
    const { installing, waiting, active } = await navigator.serviceWorker.register(`${root}service-worker.js`);
    // The one of this build takes it; another one, older or newer, leaves it.
    for (const worker of [installing, waiting, active]) {
      worker?.postMessage({ type: "keep", build, page: { ...page, full: hasFullEngine } });
    }
  } catch {
    // Private mode, no space, a host without the file: the site works as it did.
  }
}

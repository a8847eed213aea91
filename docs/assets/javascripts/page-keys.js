// @ts-check
/**
 * Material's navigation for the keyboard and for screen readers. The drawer and its levels, and on small screens the
 * search, are opened by labels, which only a pointer can press. Each gets a button: it lies over the label and lets
 * the pointer through, so that everything else stays Material's, also without scripts.
 */

const LABELS = `
  .md-header__button[for],
  .md-sidebar--primary label.md-nav__link,
  .md-sidebar--primary label.md-nav__title:not([for="__drawer"])`;
/** What lies behind the open drawer. */
const BEHIND = ".md-header, .md-tabs, .md-content, .md-sidebar--secondary, .md-footer";

/** @typedef {{subscribe(next: () => void): unknown}} Pages Material's `document$`: tells of every new page. */

const pages = /** @type {{document$?: Pages}} */ (/** @type {unknown} */ (window)).document$;
const drawer = /** @type {HTMLInputElement | null} */ (document.getElementById("__drawer"));

pages?.subscribe(() => {
  for (const label of /** @type {NodeListOf<HTMLLabelElement>} */ (document.querySelectorAll(LABELS))) {
    // The header outlives instant navigation; the palette's labels belong to radio buttons, which need no help.
    const { control } = label;
    const opens = control instanceof HTMLInputElement && control.type === "checkbox";
    if (opens && !label.querySelector("button")) addButton(label);
  }
});

/** @param {HTMLLabelElement} label */
function addButton(label) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "rk-press";
  button.setAttribute("aria-label", nameFor(label));
  button.addEventListener("focus", () => tellState(label, button));
  button.addEventListener("click", () => {
    label.click();
    tellState(label, button);
  });
  label.removeAttribute("tabindex"); // Material's way to the same; the button takes its place
  label.append(button);
}

/** @param {HTMLLabelElement} label @param {HTMLElement} button */
function tellState(label, button) {
  button.setAttribute("aria-expanded", String(/** @type {HTMLInputElement} */ (label.control).checked));
}

/** @param {HTMLLabelElement} label */
function nameFor(label) {
  if (label.htmlFor === "__drawer") return "Navigation";
  if (label.htmlFor === "__search") return "Search";
  const text = label.textContent.trim();
  if (label.classList.contains("md-nav__title")) return `Back from ${text}`;
  return text || `Pages of ${label.parentElement?.querySelector("a")?.textContent.trim()}`;
}

drawer?.addEventListener("change", () => {
  for (const part of document.querySelectorAll(BEHIND)) /** @type {HTMLElement} */ (part).inert = drawer.checked;
  if (drawer.checked) firstInDrawer()?.focus();
});

document.addEventListener("keydown", ({ key }) => {
  if (key !== "Escape" || !drawer?.checked) return;
  drawer.click();
  /** @type {HTMLElement | null} */ (document.querySelector(".md-header [for='__drawer'] button"))?.focus();
});

/** @returns {HTMLElement | undefined} The first link or button of the level that is open. */
function firstInDrawer() {
  const all = document.querySelectorAll(".md-sidebar--primary :is(a[href], button)");
  const found = [...all].find((element) => element.checkVisibility({ visibilityProperty: true }));
  return /** @type {HTMLElement | undefined} */ (found);
}

export {}; // a module, with names of its own

// @ts-check
/**
 * The embedder's button, and the note that says who gets to know what. The button is a link, opened by the visitor
 * alone; the frame itself goes nowhere.
 */
import { linkWith } from "./embed-protocol.js";

/**
 * @typedef {import("./embed-protocol.js").Settings} Settings
 * @typedef {import("./embed-host.js").Host} Host
 */

const STILL_HERE_MS = 2500;
const KEPT_TO_YOURSELF = "What you enter stays in your browser.";

/**
 * @param {HTMLElement} element the <rk-calculator>
 * @param {Settings} settings
 * @param {Host} host
 */
export function showCallToAction(element, settings, host) {
  const place = /** @type {HTMLElement} */ (document.querySelector("[data-embed-cta]"));
  const link = /** @type {HTMLAnchorElement} */ (place.querySelector("a"));
  const { cta_url: address, cta_label: label, share } = settings;
  const target = address ? new URL(address).host : "";

  const note = /** @type {HTMLElement} */ (document.querySelector("[data-embed-share]"));
  const showNote = () => {
    const text = share ? sharing(host.name, target) : KEPT_TO_YOURSELF;
    if (note.textContent === text) return;
    note.textContent = text;
    note.toggleAttribute("data-shares", text !== KEPT_TO_YOURSELF);
    if (share) host.watch(note);
  };
  host.addEventListener("change", showNote);
  showNote();
  place.hidden = !address;
  if (!address) return;

  const refresh = () => (link.href = linkWith(address, [...host.campaign, ...(share && host.isStated ? result(element) : [])]));
  link.textContent = label ?? "Continue";
  refresh();
  host.addEventListener("change", refresh);
  element.addEventListener("rk:result", refresh);
  // The address is that of the moment at which it is used, by whatever means.
  for (const event of ["pointerenter", "pointerdown", "focus", "click", "auxclick", "contextmenu"]) link.addEventListener(event, refresh);
  for (const event of ["click", "auxclick"]) link.addEventListener(event, () => host.pressed());
  link.addEventListener("click", () => offerAddress(place, link));
  /** @type {HTMLElement} */ (place.querySelector("[data-embed-target]")).textContent = target;
}

/**
 * @param {string} page the page around
 * @param {string} target the button's
 */
function sharing(page, target) {
  const parts = [
    ...(page ? [`${page} receives your numbers and each result`] : []),
    ...(target ? [`${target} receives the result when you follow the button`] : []),
  ];
  return parts.length ? `${parts.join("; ")}. The owner of this page chose so.` : KEPT_TO_YOURSELF;
}

/** @param {HTMLElement} element @returns {[string, string][]} what stands on the screen, unless it is for other numbers */
function result(element) {
  const headline = element.querySelector("[data-headline]")?.textContent?.trim() ?? "";
  if (element.hasAttribute("data-stale") || !headline) return [];
  return [
    ["reckoner_calculator", element.getAttribute("calculator") ?? ""],
    ["reckoner_headline", headline.slice(0, 500)],
  ];
}

/**
 * Some pages forbid their frames to leave. Nothing tells the frame, so whoever is still here is shown the address.
 *
 * @param {HTMLElement} place
 * @param {HTMLAnchorElement} link
 */
function offerAddress(place, link) {
  const shown = /** @type {HTMLElement} */ (place.querySelector("[data-embed-blocked]"));
  setTimeout(() => {
    const other = /** @type {HTMLAnchorElement} */ (shown.querySelector("a"));
    other.href = link.href;
    other.textContent = new URL(link.href).origin;
    shown.hidden = false;
  }, STILL_HERE_MS);
}

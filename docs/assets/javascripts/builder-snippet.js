// @ts-check
/** The two snippets of an embed, and its address, from checked settings. */
import { query } from "./embed-protocol.js";

/**
 * @typedef {import("./embed-protocol.js").Settings} Settings
 * @typedef {{slug: string, title: string}} Calculator
 */

/** Both as in hooks/oembed.py, and the second as in embed.js. */
const FRAME_HEIGHT_PX = 900;
const SANDBOX =
  "allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox " +
  "allow-downloads allow-top-navigation-by-user-activation";

/**
 * @param {URL} site
 * @param {Calculator} calculator
 * @param {Settings} settings
 * @returns {string} the address of the calculator's frame
 */
export function embedAddress(site, { slug }, settings) {
  const address = new URL(`embed/${slug}/`, site);
  address.search = query(settings);
  return address.href;
}

/**
 * @param {URL} site
 * @param {Calculator} calculator
 * @param {Settings} settings
 * @param {string} [heights] of the frame by its width, for data-height
 * @returns {string} an element and the script that puts the calculator into it
 */
export function scriptSnippet(site, { slug, title }, settings, heights = "") {
  /** @type {[string, string | undefined][]} */
  const given = [
    ["data-calculator", slug],
    ["data-inputs", query({ inputs: settings.inputs ?? [] })],
    ["data-as-of", settings.as_of],
    ["data-accent", settings.accent],
    ["data-theme", settings.theme],
    ["data-cta-url", settings.cta_url],
    ["data-cta-label", settings.cta_label],
    ["data-height", heights],
  ];
  const attributes = given.flatMap(([name, value]) => (value ? [`${name}="${escaped(value)}"`] : []));
  if (settings.share) attributes.push("data-share-results");
  return [
    `<div class="reckoner" style="min-height:100vh" ${attributes.join("\n     ")}>`,
    `  <a href="${escaped(new URL(`calculators/${slug}/`, site).href)}">${escaped(title)}</a>`,
    "</div>",
    `<script async src="${escaped(new URL("embed.js", site).href)}"></script>`,
  ].join("\n");
}

/**
 * @param {URL} site
 * @param {Calculator} calculator
 * @param {Settings} settings
 * @returns {string} a frame of a fixed height
 */
export function frameSnippet(site, calculator, settings) {
  return [
    `<iframe src="${escaped(embedAddress(site, calculator, settings))}"`,
    `        title="${escaped(calculator.title)}" width="100%" height="${FRAME_HEIGHT_PX}"`,
    '        style="border:0;max-width:100%" loading="lazy" referrerpolicy="no-referrer" allow="clipboard-write"',
    `        sandbox="${SANDBOX}"></iframe>`,
  ].join("\n");
}

/** @param {string} text for an attribute in double quotes, or between elements */
function escaped(text) {
  return text.replace(/&/g, "&amp;").replace(/"/g, "&quot;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}

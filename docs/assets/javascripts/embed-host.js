// @ts-check
/** The page around an embed, as the frame sees it: who it is, what it is told and when. See embed-protocol.js. */
import { PROTOCOL, campaignOf } from "./embed-protocol.js";

/**
 * @typedef {import("./embed-protocol.js").Settings} Settings
 * @typedef {import("./protocol.js").Report} Report
 */

const SEEN_DELAY_MS = 100; // the least that a browser allows
const SWING_MS = 1000;
const MOST_SWINGS = 3;

/** Fires `change` when something has become known that changes what is said or passed on. */
export class Host extends EventTarget {
  #element;
  /** @type {MessagePort | null} */
  #port = null;
  /** The name of the page around the frame, once it has answered. */
  name = "";
  /** @type {[string, string][]} */
  campaign;
  /** Whether the visitor has been shown who receives what. */
  isStated = false;
  /** The newest result that has not been sent yet. @type {import("./embed-protocol.js").Result | null} */
  #waiting = null;
  /** @type {IntersectionObserver | undefined} */
  #watcher;
  /** What was said of the height last. */
  #size = { height: 0, before: 0, at: 0, swings: 0 };

  /**
   * @param {HTMLElement} element the <rk-calculator>
   * @param {Settings} settings
   */
  constructor(element, settings) {
    super();
    this.#element = element;
    this.campaign = settings.campaign ?? [];
    if (settings.share) {
      element.addEventListener("rk:result", (event) => {
        this.#waiting = resultOf(/** @type {CustomEvent<Report>} */ (event).detail);
        this.#share();
      });
    }
  }

  /** Says hello to the page around. With no embed.js there nobody answers, and that is all right. */
  greet() {
    if (window.parent === window) return;
    const receive = (/** @type {MessageEvent} */ { data, source, origin, ports: [port] }) => {
      if (source !== window.parent || data?.reckoner !== PROTOCOL || data.type !== "connect" || !port) return;
      window.removeEventListener("message", receive); // whatever else is said is not heard
      this.#connect(port, origin, data.campaign);
    };
    window.addEventListener("message", receive);
    window.parent.postMessage({ reckoner: PROTOCOL, type: "hello" }, "*");
  }

  /** The visitor presses the button. */
  pressed() {
    this.#tell({ type: "cta", calculator: this.#slug });
  }

  /**
   * Watches the note that says who receives what. Another text has to be seen anew.
   *
   * @param {Element} note
   */
  watch(note) {
    this.isStated = false;
    this.#watcher?.disconnect();
    const options = { threshold: 0.9, trackVisibility: true, delay: SEEN_DELAY_MS };
    this.#watcher = new IntersectionObserver((entries, watcher) => {
      const { isIntersecting, isVisible = isIntersecting } = /** @type {IntersectionObserverEntry & {isVisible?: boolean}} */ (
        entries.at(-1)
      );
      if (!isIntersecting || !isVisible) return;
      watcher.disconnect();
      this.isStated = true;
      this.#share();
      this.dispatchEvent(new Event("change"));
    }, options);
    this.#watcher.observe(note);
  }

  /**
   * @param {MessagePort} port
   * @param {string} origin
   * @param {unknown} campaign
   */
  #connect(port, origin, campaign) {
    this.#port = port;
    port.start(); // what comes through it is thrown away, not gathered
    this.name = URL.canParse(origin) ? new URL(origin).host : "the page around this calculator";
    this.campaign = [...this.campaign, ...campaignOf(campaign)];
    document.documentElement.dataset.fits = "";
    this.#tell({ type: "ready", calculator: this.#slug, title: document.title });
    new ResizeObserver(() => this.#fit()).observe(document.body);
    this.dispatchEvent(new Event("change"));
  }

  #share() {
    if (!this.#waiting || !this.#port || !this.isStated) return;
    this.#tell({ type: "result", result: this.#waiting });
    this.#waiting = null;
  }

  /**
   * Tells the height. It can swing between two: a new height gives the page around a scroll bar, that the frame another
   * width, that the text another height. Then the greater one stays.
   */
  #fit() {
    const height = Math.ceil(document.body.getBoundingClientRect().height);
    const { height: last, before, at, swings } = this.#size;
    if (height === last) return;
    const now = performance.now();
    const isSwinging = height === before && now - at < SWING_MS;
    if (isSwinging && swings >= MOST_SWINGS && height < last) return;
    this.#size = { height, before: last, at: now, swings: isSwinging ? swings + 1 : 0 };
    this.#tell({ type: "size", height });
  }

  /** @param {object} message */
  #tell(message) {
    this.#port?.postMessage(message);
  }

  get #slug() {
    return this.#element.getAttribute("calculator") ?? "";
  }
}

/**
 * @param {Report} report
 * @returns {import("./embed-protocol.js").Result}
 */
function resultOf({ calculator, inputs, headline, verdict, metrics }) {
  return {
    calculator,
    inputs: Object.fromEntries(Object.entries(inputs).map(([name, { raw }]) => [name, raw])),
    headline,
    verdict,
    metrics: Object.fromEntries(Object.entries(metrics).map(([id, { value }]) => [id, value])),
  };
}

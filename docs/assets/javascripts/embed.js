// @ts-check
/**
 * For other people's pages: turns each element `<div class="reckoner" data-calculator="...">` into a frame with that
 * calculator. The attributes, events and messages are in embed-protocol.js. What is pasted into a page today works
 * with every later version of this file. It sets no cookie, stores nothing and asks nobody but its own site.
 */
(() => {
  const script = document.currentScript;
  if (!(script instanceof HTMLScriptElement) || !script.src) return;
  const site = new URL("./", script.src);
  // The snippet may stand in a page several times: one copy is enough.
  const once = /** @type {Record<symbol, boolean>} */ (/** @type {unknown} */ (document));
  const key = Symbol.for(`reckoner ${site.href}`);
  if (once[key]) return;
  once[key] = true;

  const FIRST_HEIGHT = 1800; // no calculator is lower: what follows stays below the window
  const LEAST_HEIGHT = 60;
  const MOST_HEIGHT = 30_000;
  const LATE_MS = 4000;
  const CAMPAIGN = /^(utm_[a-z_]{1,32}|gclid|fbclid|msclkid|ref)$/;
  const SANDBOX =
    "allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox " +
    "allow-downloads allow-top-navigation-by-user-activation";

  /** A change of these asks for another frame; the others hold from then on. */
  const FOLLOWED = ["calculator", "inputs", "accent", "theme", "cta-url", "cta-label", "share-results", "as-of"].map(
    (name) => `data-${name}`,
  );

  /**
   * @typedef {object} Embed
   * @property {HTMLElement} element
   * @property {string} written its attributes when it began
   * @property {HTMLIFrameElement} [frame] none where there is only a note
   * @property {boolean} [isShared]
   * @property {MessagePort} [port]
   * @property {ReturnType<typeof setTimeout>} [late]
   * @property {Element} [note]
   */
  /** @type {Map<HTMLElement, Embed>} */
  const embeds = new Map();

  /** @param {HTMLElement} element */
  function written(element) {
    return JSON.stringify(FOLLOWED.map((name) => element.getAttribute(name)));
  }

  /**
   * The height to keep free, so that nothing jumps when the frame says its own.
   *
   * @param {string} given "900", or heights of some widths, from which the others follow: "320:5200 680:3900"
   * @param {number} width of the frame
   */
  function firstHeight(given, width) {
    const known = given
      .split(/\s+/)
      .map((pair) => (pair.includes(":") ? pair : `0:${pair}`).split(":").map(Number))
      .map(([at = NaN, height = NaN]) => ({ at, height }))
      .filter(({ at, height }) => at >= 0 && height > LEAST_HEIGHT && height <= MOST_HEIGHT)
      .sort((one, other) => one.at - other.at);
    const narrower = known.filter(({ at }) => at <= width).at(-1);
    const wider = known.find(({ at }) => at > width);
    if (!narrower || !wider) return (narrower ?? wider)?.height ?? FIRST_HEIGHT;
    const share = (width - narrower.at) / (wider.at - narrower.at);
    return Math.round(narrower.height + (wider.height - narrower.height) * share);
  }

  /**
   * @param {HTMLElement} element
   * @param {string} [lastHeight] of the frame that is replaced
   */
  function start(element, lastHeight) {
    const { calculator = "", accent, theme, ctaUrl, ctaLabel, shareResults, asOf, inputs, height = "", title } = element.dataset;
    if (!/^[a-z0-9-]{1,64}$/.test(calculator)) return say(element, "data-calculator does not name a calculator.");
    // A frame of the page's own origin could reach out of its sandbox.
    if (site.origin === location.origin) return say(element, "An embed is for pages of other sites.", calculator);
    const query = new URLSearchParams();
    const settings = { accent, theme, cta_url: ctaUrl, cta_label: ctaLabel, as_of: asOf };
    for (const [name, text] of Object.entries(settings)) if (text) query.append(name, text);
    const isShared = shareResults !== undefined && shareResults !== "false";
    if (isShared) query.append("share", "1");
    for (const [name, text] of new URLSearchParams(inputs)) query.append(name, text);

    const frame = document.createElement("iframe");
    frame.title = title || "Calculator";
    frame.loading = "lazy";
    frame.setAttribute("sandbox", SANDBOX);
    frame.allow = "clipboard-write";
    frame.referrerPolicy = "no-referrer";
    const first = lastHeight || `${firstHeight(height, element.clientWidth)}px`;
    frame.style.cssText = `display:block;width:100%;max-width:100%;border:0;color-scheme:normal;height:${first}`;
    const embed = { element, frame, isShared, written: written(element) };
    frame.addEventListener("load", () => isLate(embed));
    frame.src = new URL(`embed/${calculator}/?${query}`, site).href;
    embeds.set(element, embed);
    element.replaceChildren(frame);
    giveBack(element);
  }

  /** The frame's script says hello before its page has loaded; where it cannot, there is a link. @param {Embed} embed */
  function isLate(embed) {
    clearTimeout(embed.late);
    embed.late = setTimeout(() => {
      if (embed.port || !embed.frame?.isConnected) return;
      // In a page without an origin of its own the frame has none either: it shows its answer, but cannot calculate.
      const isUseful = self.origin === "null";
      embed.frame.style.display = isUseful ? "block" : "none";
      const text = isUseful ? "" : "The calculator could not be shown here.";
      embed.note ??= note(embed.element, text, embed.element.dataset.calculator);
    }, LATE_MS);
  }

  /**
   * @param {HTMLElement} element
   * @param {string} text
   * @param {string} [calculator] to link to
   */
  function note(element, text, calculator) {
    const note = document.createElement("p");
    note.textContent = `${text} `;
    if (calculator) {
      const link = document.createElement("a");
      link.href = new URL(`calculators/${calculator}/`, site).href;
      link.target = "_blank";
      link.rel = "noopener";
      link.textContent = "Open it on its own page";
      note.append(link);
    }
    element.append(note);
    return note;
  }

  /**
   * @param {HTMLElement} element
   * @param {string} text
   * @param {string} [calculator]
   */
  function say(element, text, calculator) {
    console.warn("Reckoner:", text, element);
    element.replaceChildren();
    giveBack(element);
    note(element, `The calculator could not be shown here. ${text}`, calculator);
    embeds.set(element, { element, written: written(element) });
  }

  /** The snippet keeps a window's height free until this script has come. @param {HTMLElement} element */
  function giveBack(element) {
    if (element.style.minHeight === "100vh") element.style.minHeight = "";
  }

  /** @param {HTMLElement} element @param {Embed} embed */
  function stop(element, embed) {
    clearTimeout(embed.late);
    embed.port?.close();
    embeds.delete(element);
  }

  // ---- the frames' messages

  addEventListener("message", ({ data, source, origin }) => {
    if (origin !== site.origin || data?.reckoner !== 1 || data.type !== "hello") return;
    const embed = [...embeds.values()].find(({ frame }) => source && frame?.contentWindow === source);
    if (!embed?.frame) return;
    clearTimeout(embed.late);
    embed.note?.remove();
    delete embed.note;
    embed.frame.style.display = "block";
    embed.port?.close(); // a frame that was moved has loaded anew
    const { port1, port2 } = new MessageChannel();
    embed.port = port1;
    port1.onmessage = (event) => receive(embed, event.data);
    const campaign = [...new URLSearchParams(location.search)].filter(([name]) => CAMPAIGN.test(name));
    embed.frame.contentWindow?.postMessage({ reckoner: 1, type: "connect", campaign }, site.origin, [port2]);
  });

  /** @param {Embed} embed @param {any} message */
  function receive({ element, frame, isShared }, message) {
    const { type, height, calculator, title, result } = message ?? {};
    if (!frame) return;
    if (type === "size" && height >= LEAST_HEIGHT) {
      frame.style.height = `${Math.min(height, MOST_HEIGHT)}px`;
    } else if (type === "ready") {
      frame.title = element.dataset.title || String(title);
      tell(element, "ready", { calculator });
    } else if (type === "cta") {
      tell(element, "cta", { calculator });
    } else if (type === "result" && isShared) {
      tell(element, "result", result);
    }
  }

  /** @param {HTMLElement} element @param {string} name @param {unknown} detail */
  function tell(element, name, detail) {
    element.dispatchEvent(new CustomEvent(`reckoner:${name}`, { bubbles: true, detail }));
  }

  // ---- pages that come and go without loading anew

  let isAwaited = false;
  function look() {
    isAwaited = false;
    /** @type {Map<HTMLElement, string | undefined>} */
    const heights = new Map();
    for (const [element, embed] of embeds) {
      const isGone = embed.frame && !embed.frame.isConnected; // the page has drawn its element anew
      const isChanged = embed.written !== written(element);
      if (isGone || isChanged || !element.isConnected) stop(element, embed);
      if (isChanged) heights.set(element, embed.frame?.style.height);
    }
    for (const element of document.querySelectorAll(".reckoner[data-calculator]")) {
      if (element instanceof HTMLElement && !embeds.has(element)) start(element, heights.get(element));
    }
  }
  // Many changes at once are looked at once; a timer also comes in tabs that are not painted.
  new MutationObserver(() => {
    if (!isAwaited) setTimeout(look);
    isAwaited = true;
  }).observe(document, { childList: true, subtree: true, attributes: true, attributeFilter: FOLLOWED });
  look();
})();

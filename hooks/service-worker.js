// @ts-check
/**
 * The service worker: keeps calculators that the reader has visited, and answers with them when the network does
 * not. hooks/offline.py puts a line in front of this text that sets `self.SITE`.
 *
 * Pages come from the network, and from what is kept only when it fails or takes too long. Scripts, styles and
 * engines have the hash of their content in their address: what is kept of them is right for ever. So whichever
 * build a page is of, it gets the files of that build and no others, although a new worker takes over at once.
 *
 * Each build has a cache of its own. A new worker fetches every page that was kept anew, with its files, before
 * it takes over; the cache before its own stays for tabs that are still open, older ones go. Anything unexpected
 * is left to the network, as if there were no worker.
 *
 * @typedef {object} Site see hooks/offline.py
 * @property {string} build
 * @property {string[]} places
 * @property {string[]} shell
 * @property {string[]} beside
 * @property {Record<string, string[]>} parts
 * @property {string[]} full_engine
 * @property {string[]} calculators
 * @property {string} offline_page
 *
 * @typedef {object} Kept
 * @property {string} address of a page, absolute, without query
 * @property {string} title
 * @property {string[]} calculators that it holds
 * @property {boolean} full whether the reader has the full engine
 */

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
/** @type {Site} */
const SITE = /** @type {any} */ (self).SITE;
const ROOT = worker.registration.scope;
// The scope is in the name because all sites of an origin, previews below this one too, share their caches.
const CACHES = `reckoner ${ROOT} `;
const CACHE = CACHES + SITE.build;
/** Where a cache holds the list of its pages; no file of the site. */
const LIST = `${ROOT}kept-pages`;
const PATIENCE_MS = 4000;
const MOST_PAGES = 20;
const EXACTLY = { ignoreVary: true };

worker.addEventListener("install", (event) => event.waitUntil(install()));
worker.addEventListener("activate", (event) => event.waitUntil(removeOld()));

/** One after the other, for they change the same list. @type {Promise<unknown>} */
let keeping = Promise.resolve();
worker.addEventListener("message", (event) => {
  const { type, build, page } = event.data ?? {};
  if (type !== "keep" || build !== SITE.build || !isPage(page?.address)) return;
  keeping = keeping.then(() => keep(page)).catch(() => {}); // no network, no space: another time
  event.waitUntil(keeping);
});

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || request.headers.has("range")) return;
  const [address = ""] = request.url.split(/[?#]/);
  if (!address.startsWith(ROOT)) return;
  if (SITE.beside.includes(address.slice(ROOT.length))) event.respondWith(answerPage(request, address));
  else if (address.startsWith(`${ROOT}assets/`)) event.respondWith(answerFile(request));
  else if (isPage(address)) event.respondWith(answerPage(request, address));
});

/**
 * @param {unknown} address
 * @returns {address is string} whether it can be a page of this site, and not of another one below it
 */
function isPage(address) {
  if (typeof address !== "string" || !address.startsWith(ROOT)) return false;
  const path = address.slice(ROOT.length);
  const [place = ""] = path.includes("/") ? path.split("/") : [];
  return /(^|\/|\.html)$/.test(path) && SITE.places.includes(place);
}

// ---- answering

/** @param {Request} request */
async function answerFile(request) {
  const kept = await caches.match(request, EXACTLY).catch(() => undefined);
  if (!kept || !request.url.endsWith(".wasm")) return kept ?? fetch(request);
  // The browser's own copy, even an old one, comes with the code that it has compiled; this one would not.
  return networkFirst(fetch(request, { cache: "force-cache" }).then((found) => (found.ok ? found : kept)), kept);
}

/**
 * @param {Request} request
 * @param {string} address
 */
async function answerPage(request, address) {
  try {
    return await networkFirst(fetch(request), find(address).catch(() => undefined));
  } catch (error) {
    if (request.mode === "navigate") return offlinePage();
    throw error;
  }
}

/**
 * @param {Promise<Response>} network
 * @param {Response | undefined | Promise<Response | undefined>} kept for when the network fails or is late
 */
async function networkFirst(network, kept) {
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS)).then(() => kept);
  try {
    return (await Promise.race([network, late])) ?? (await network);
  } catch (error) {
    const answer = await kept;
    if (answer) return answer;
    throw error;
  }
}

/** @param {string} address */
async function find(address) {
  for (const name of (await ownCaches()).reverse()) {
    const response = await (await caches.open(name)).match(address, EXACTLY);
    if (response) return response;
  }
  return undefined;
}

async function offlinePage() {
  const links = (await allKept()).map(({ address, title }) => `<li><a href="${escaped(address)}">${escaped(title)}</a>`);
  const html = SITE.offline_page.replace("<!-- kept -->", () => links.join("\n"));
  return new Response(html, { status: 503, headers: { "Content-Type": "text/html; charset=utf-8" } });
}

/** @param {string} text */
function escaped(text) {
  return text.replace(/[&<>"]/g, (mark) => `&#${mark.charCodeAt(0)};`);
}

// ---- keeping

async function install() {
  const isNew = !(await caches.has(CACHE));
  try {
    for (const page of await allKept()) {
      await keep(page).catch((error) => {
        // Without a network this build waits for another time; a page that there is no space for is let go.
        if (error instanceof TypeError) throw error;
      });
    }
  } catch (error) {
    if (isNew) await caches.delete(CACHE);
    throw error;
  }
  await worker.skipWaiting();
}

async function removeOld() {
  const others = (await ownCaches()).filter((name) => name !== CACHE);
  for (const name of others.slice(0, -1)) await caches.delete(name);
}

/**
 * Keeps a page with all that it needs; the page itself comes last, so that it is never there without.
 *
 * @param {Kept} page
 */
async function keep({ address, title, calculators, full }) {
  const cache = await caches.open(CACHE);
  const response = await fetch(address, { cache: "no-cache" });
  const isOfThisBuild = (await response.clone().text()).includes(`<meta name="rk-build" content="${SITE.build}">`);
  if (!isWhole(response) || !isOfThisBuild) return;
  const list = await read(cache);
  const before = list.find((kept) => kept.address === address);
  const page = { address, title, calculators, full: full || Boolean(before?.full) };
  for (const file of filesOf(page)) {
    if (!(await keepFile(cache, ROOT + file))) return;
  }
  for (const file of SITE.beside) {
    const found = await fetch(ROOT + file, { cache: "no-cache" });
    if (isWhole(found)) await cache.put(ROOT + file, found);
  }
  await cache.put(address, response);
  const pages = [...list.filter((kept) => kept !== before), page];
  for (const { address } of pages.slice(0, -MOST_PAGES)) await cache.delete(address);
  await cache.put(LIST, Response.json(pages.slice(-MOST_PAGES)));
}

/**
 * @param {Kept} page
 * @returns {string[]}
 */
function filesOf({ calculators, full }) {
  const others = SITE.calculators.filter((slug) => !calculators.includes(slug)).map((slug) => `/${slug}.json`);
  const names = Object.keys(SITE.parts).filter((name) => full || !SITE.full_engine.includes(name));
  const files = names.flatMap((name) => SITE.parts[name] ?? []);
  return [...SITE.shell, ...files.filter((file) => !others.some((other) => file.endsWith(other)))];
}

/**
 * @param {Cache} cache
 * @param {string} address
 * @returns {Promise<boolean>} false when the host has no such file
 */
async function keepFile(cache, address) {
  if (await cache.match(address, EXACTLY)) return true;
  const response = (await caches.match(address, EXACTLY)) ?? (await fetch(address));
  // Some hosts answer with a web page in place of a missing file.
  const isPage = response.headers.get("content-type")?.startsWith("text/html");
  if (!isWhole(response) || isPage) return false;
  await cache.put(address, response);
  return true;
}

/** @param {Response} response */
function isWhole(response) {
  return response.status === 200 && response.type === "basic" && !response.redirected;
}

// ---- the lists

/** @returns {Promise<string[]>} names, the oldest first, this build's last */
async function ownCaches() {
  const names = (await caches.keys()).filter((name) => name.startsWith(CACHES) && name !== CACHE);
  return (await caches.has(CACHE)) ? [...names, CACHE] : names;
}

/** @returns {Promise<Kept[]>} every page that is kept, whichever build it is of */
async function allKept() {
  /** @type {Map<string, Kept>} */
  const pages = new Map();
  for (const name of await ownCaches()) {
    for (const page of await read(await caches.open(name))) pages.set(page.address, page);
  }
  return [...pages.values()];
}

/**
 * @param {Cache} cache
 * @returns {Promise<Kept[]>}
 */
async function read(cache) {
  return (await (await cache.match(LIST))?.json()) ?? [];
}

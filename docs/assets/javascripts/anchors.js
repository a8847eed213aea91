// @ts-check
/**
 * With instant navigation Material changes the address before the new page stands: a browser that is busy then
 * stays at the top of a long page although the address names a place in it. Each new page scrolls there once more.
 */

/** @typedef {{subscribe(next: () => void): unknown}} Pages Material's `document$`: tells of every new page. */

const pages = /** @type {{document$?: Pages}} */ (/** @type {unknown} */ (window)).document$;

pages?.subscribe(() => {
  const id = decodeURIComponent(location.hash.slice(1));
  if (id) requestAnimationFrame(() => requestAnimationFrame(() => bringIntoView(id)));
});

/** @param {string} id */
function bringIntoView(id) {
  const place = document.getElementById(id);
  if (!place || location.hash.slice(1) === "") return;
  const { top, bottom } = place.getBoundingClientRect();
  if (bottom < 0 || top > innerHeight) place.scrollIntoView();
}

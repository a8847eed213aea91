// @ts-check
/**
 * Published in place of the service worker where there is to be none: takes over from one that a reader may
 * still have, removes what it kept, and itself.
 */
{
  const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));

  const removeAll = async () => {
    const own = (await caches.keys()).filter((name) => name.startsWith(`reckoner ${worker.registration.scope} `));
    for (const name of own) await caches.delete(name);
    await worker.registration.unregister();
  };

  worker.addEventListener("install", () => worker.skipWaiting());
  worker.addEventListener("activate", (event) => event.waitUntil(removeAll()));
}

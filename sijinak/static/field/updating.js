// @ts-check
/** The service worker: a new version waits until it is asked for, and an old page steps aside. */

/** @param {ServiceWorker} worker @param {() => void} found */
function whenReady(worker, found) {
  worker.addEventListener("statechange", () => {
    if (worker.state === "installed" && navigator.serviceWorker.controller) found();
  });
}

/** Below which address this app lies. */
const scope = () => document.body.dataset.scope ?? "/";

let asked = false;

/**
 * @param {{ onNew: () => void, onReplaced: () => void }} tell
 * onReplaced: another version took this page over, which must not take input any more
 */
export async function watch({ onNew, onReplaced }) {
  if (!("serviceWorker" in navigator)) return;
  const began = navigator.serviceWorker.controller !== null;
  let first = !began;
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    if (asked) return location.reload();
    if (!navigator.serviceWorker.controller) return; // taken away with the storage, not replaced
    if (!first) onReplaced();
    first = false;
  });
  const found = await navigator.serviceWorker.register(`${scope()}sw.js`, { scope: scope(), updateViaCache: "none" });
  navigator.serviceWorker.ready.then(({ active }) => active?.postMessage("LATER"));
  if (found.waiting && began) onNew();
  found.addEventListener("updatefound", () => found.installing && whenReady(found.installing, onNew));
}

/** Take the waiting version; the page loads anew when it is there. */
export async function update() {
  const found = await navigator.serviceWorker.getRegistration(scope());
  asked = true;
  if (found?.waiting) found.waiting.postMessage("SKIP_WAITING");
  else location.reload();
}

/** Look for a version now and take it: after the language changed. */
export async function renew() {
  const found = await navigator.serviceWorker?.getRegistration(scope());
  if (!found) return;
  await found.update();
  const coming = found.installing ?? found.waiting;
  if (!coming) return;
  if (coming.state === "installed") return update();
  coming.addEventListener("statechange", () => coming.state === "installed" && update());
}

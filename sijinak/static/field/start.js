// @ts-check
/* The way in. The first page waits for its service worker, which brings all modules in one piece:
   on a slow network sixty small requests take longer than their bytes. */

const PATIENCE = 15_000;
const { scope = "/", app = "app" } = document.body.dataset;

/** @returns {Promise<void>} when the worker has taken this page over, or will not */
async function worker() {
  const there = navigator.serviceWorker;
  if (!there || there.controller) return;
  const taken = new Promise((resolve) => there.addEventListener("controllerchange", resolve, { once: true }));
  await there.register(`${scope}sw.js`, { scope, updateViaCache: "none" });
  await Promise.race([taken, new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
}

await worker().catch(() => {});
await import(`./${app}.js`);

export {};

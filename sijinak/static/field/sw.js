// @ts-check
/* Keeps the app's own files so that it opens without a network, and nothing else. The server puts
   NAME, VERSION, SHELL, MODULES, OWN and LATER before this text. Records are none of its business. */

const CACHE = `${NAME}-${VERSION}`;
const KEPT = new Set([...SHELL, ...LATER]);

/** The page is asked for anew; the addresses of all others name their content.
    @param {string} url */
const fresh = (url) => new Request(url, { cache: url.endsWith("/") ? "no-cache" : "default" });

/** @param {Cache} cache */
async function keepModules(cache) {
  const answer = await fetch(MODULES);
  if (!answer.ok) throw new Error(`modules: ${answer.status}`);
  const headers = { "Content-Type": "text/javascript; charset=utf-8" };
  for (const [path, text] of Object.entries(await answer.json())) {
    await cache.put(path, new Response(text, { headers }));
  }
}

oninstall = (event) => event.waitUntil((async () => {
  const cache = await caches.open(CACHE);
  await Promise.all([cache.addAll(SHELL.map(fresh)), keepModules(cache)]);
})());

onactivate = (event) => event.waitUntil((async () => {
  for (const key of await caches.keys()) {
    if (key.startsWith(`${NAME}-`) && key !== CACHE) await caches.delete(key);
  }
  await clients.claim();
})());

/** The large decoder, when the app is already open. */
async function keepLater() {
  const cache = await caches.open(CACHE);
  for (const url of LATER) if (!await cache.match(url)) await cache.add(url).catch(() => {});
}

onmessage = (event) => {
  if (event.data === "SKIP_WAITING") skipWaiting();
  if (event.data === "LATER") /** @type {any} */ (event).waitUntil(keepLater());
};

/** @param {string} path */
const kept = (path) => KEPT.has(path) || path.startsWith(OWN);

/** @param {Request} request @param {string} path */
async function answer(request, path) {
  const cache = await caches.open(CACHE);
  const there = await cache.match(path, { ignoreVary: true });
  if (there) return there;
  const found = await fetch(request);
  if (found.ok) await cache.put(path, found.clone());
  return found;
}

onfetch = (event) => {
  const { pathname, origin } = new URL(event.request.url);
  if (event.request.method !== "GET" || origin !== location.origin || !kept(pathname)) return;
  event.respondWith(answer(event.request, pathname));
};

onsync = (event) => {
  if (event.tag !== "outbox") return;
  event.waitUntil((async () => {
    const pages = await clients.matchAll({ type: "window" });
    for (const page of pages) page.postMessage("flush");
    if (pages.length === 0) throw new Error("nobody is there to open the sealed records");
  })());
};

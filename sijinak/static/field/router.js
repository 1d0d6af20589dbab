// @ts-check
/** Which view is shown: the part of the address after #. */

import { copy } from "./page.js";

/** @typedef {{ view: string, open: (root: HTMLElement, asked: URLSearchParams, name: string) => any }} Route */

const main = () => /** @type {HTMLElement} */ (document.getElementById("utama"));
/** @type {Record<string, Route>} */
let routes = {};
/** @type {(name: string) => Promise<string | null> | string | null} */
let guard = () => null;
let turn = 0;
/** @type {null | (() => void)} */
let leave = null;

/** @param {string} path without # */
export function go(path) {
  if (location.hash === `#/${path}`) return show();
  location.hash = `#/${path}`;
}

/** Where we are, as the name of a route. */
export const here = () => location.hash.replace(/^#\/?/, "").split("?")[0] || "beranda";

export async function show() {
  const mine = ++turn;
  const [asked, search = ""] = location.hash.replace(/^#\/?/, "").split("?");
  const [wanted = "", name = ""] = asked.split("/");
  const instead = await guard(wanted || "beranda");
  const key = instead ?? (wanted in routes ? wanted : "beranda");
  if (mine !== turn) return;
  leave?.();
  leave = null;
  const root = document.createElement("div");
  root.className = "view";
  root.append(copy(`view-${routes[key].view}`));
  const done = await routes[key].open(root, new URLSearchParams(search), name);
  if (mine !== turn) return typeof done === "function" && done();
  leave = typeof done === "function" ? done : null;
  place(root, routes[key].view);
}

/** @param {HTMLElement} root @param {string} view */
function place(root, view) {
  document.body.dataset.view = view;
  main().replaceChildren(root);
  for (const tab of document.querySelectorAll(".tab")) {
    const current = /** @type {HTMLElement} */ (tab).dataset.views?.split(" ").includes(view);
    current ? tab.setAttribute("aria-current", "page") : tab.removeAttribute("aria-current");
  }
  main().scrollTo(0, 0);
  const title = root.querySelector("h1");
  // The browser writes titles into its history: no name of a person may stand in one.
  const named = title?.dataset.slot ? document.querySelector(".tab[aria-current]") : title;
  document.title = `${named?.textContent?.trim() ?? ""} – SiJINAK`;
  const first = root.querySelector("[data-focus]") ?? title;
  if (first instanceof HTMLElement) first.focus({ preventScroll: true });
}

/** @param {Record<string, Route>} list @param {typeof guard} watch */
export function start(list, watch) {
  routes = list;
  guard = watch;
  addEventListener("hashchange", show);
  return show();
}

// @ts-check
/** What every app of the phone has around its views: who may see them, locking, sending, renewing. */

import * as device from "./device.js";
import * as outbox from "./outbox.js";
import * as sync from "./sync.js";
import * as vault from "./vault.js";
import { lookAtCounts, notice, sayErased, sayFault } from "./notices.js";
import { go, start } from "./router.js";
import * as updating from "./updating.js";
import { word } from "./words.js";

const IDLE = 15 * 60_000;
const OUTSIDE = new Set(["mulai", "kunci"]);

/** Nobody passes without a set-up phone and an open vault. @param {string} name */
async function guard(name) {
  const phone = await device.current();
  const outside = !phone ? "mulai" : vault.isOpen() ? null : name === "mulai" ? name : "kunci";
  document.body.classList.toggle("outside", outside !== null);
  if (outside) return outside;
  return OUTSIDE.has(name) ? "beranda" : null;
}

/** After the PIN: open the records, say what happened to them, and begin to send. */
export async function opened() {
  try {
    const { erased, restored } = await outbox.open();
    if (erased) sayErased(restored);
    await outbox.sweep();
  } catch (error) {
    sayFault(error);
  }
  lookAtCounts();
  stopSending();
  stopSending = sync.start();
  go("beranda");
}

let stopSending = () => {};
sync.onFlush(({ state }) => {
  if (state !== "wiped") return;
  stopSending();
  notice("wiped", "warning", word("phone-wiped"), null, true);
  go("mulai");
});

let hiddenAt = 0;
document.addEventListener("visibilitychange", () => {
  if (document.hidden) hiddenAt = Date.now();
  else if (hiddenAt && Date.now() - hiddenAt > IDLE && vault.isOpen()) lockNow();
});

export function lockNow() {
  stopSending();
  vault.lock();
  go("beranda");
}

const replaced = /** @type {HTMLDialogElement} */ (document.getElementById("replaced"));
replaced.addEventListener("cancel", (event) => event.preventDefault());
replaced.addEventListener("click", ({ target }) => {
  if (/** @type {HTMLElement} */ (target).dataset.action === "reload") location.reload();
});
document.querySelector("[data-skip]")?.addEventListener("click", (event) => {
  event.preventDefault();
  document.getElementById("utama")?.focus();
});

/** @param {Record<string, import("./router.js").Route>} routes */
export function run(routes) {
  outbox.onChange(lookAtCounts);
  device.start().catch(sayFault).finally(() => start(routes, guard));
  updating.watch({
    onNew: () => notice("update", "info", word("update-ready"), { label: word("update"), deed: updating.update }),
    onReplaced: () => replaced.showModal(),
  }).catch(() => {});
  if (new URLSearchParams(location.search).has("bahasa")) updating.renew().catch(() => {});
}

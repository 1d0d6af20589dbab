// @ts-check
/** What stands above every view until it is seen to: faults in red, news in blue. */

import * as outbox from "./outbox.js";
import { piece, slot, tell } from "./page.js";
import { unsentPhotos } from "./photos.js";
import * as vault from "./vault.js";
import { known, number, word } from "./words.js";

const place = () => /** @type {HTMLElement} */ (document.getElementById("notices"));

/**
 * @param {string} name one notice of a name at a time @param {"info" | "danger" | "warning"} tone @param {string} text
 * @param {{ label: string, deed: () => any } | null} [offer] @param {boolean} [closes]
 */
export function notice(name, tone, text, offer = null, closes = false) {
  drop(name);
  const card = piece("notice");
  card.classList.add(`tone-${tone}`);
  card.dataset.notice = name;
  card.setAttribute("role", tone === "danger" ? "alert" : "status");
  tell(card, { text, deed: offer?.label ?? "" });
  slot(card, "deed").addEventListener("click", () => offer?.deed());
  slot(card, "close").hidden = !closes;
  slot(card, "close").addEventListener("click", () => drop(name));
  place().append(card);
}

/** @param {string} name */
export const drop = (name) => place().querySelector(`[data-notice="${name}"]`)?.remove();

/** The phone cannot keep records: say so until it can again. @param {any} error */
export function sayFault(error) {
  const code = error?.code ?? error?.message ?? "storage-broken";
  const text = known(`fault.${code}`) ? word(`fault.${code}`) : word("fault.other", { code });
  const again = async () => {
    try {
      const { erased, restored } = await outbox.open();
      drop("fault");
      if (erased) sayErased(restored);
    } catch (still) {
      sayFault(still);
    }
  };
  const reload = code === "storage-outdated";
  notice("fault", "danger", text, { label: word(reload ? "load-again" : "try-again"), deed: reload ? () => location.reload() : again });
}

/** @param {number} restored */
export const sayErased = (restored) => notice("erased", "danger", word("erased", { n: number(restored) }), null, true);

/** @type {ReturnType<typeof setTimeout> | undefined} */
let fading;

/** A short word that something was done. @param {string} text */
export function saved(text) {
  clearTimeout(fading);
  notice("saved", "info", text, null, true);
  fading = setTimeout(() => drop("saved"), 6000);
}

/** How many are unsent, in the bar of every view. */
export async function lookAtCounts() {
  const bar = /** @type {HTMLElement} */ (document.getElementById("unsent"));
  if (!vault.isOpen()) return void (bar.hidden = true);
  const counts = await outbox.counts().catch(() => null);
  if (!counts) return;
  const unsent = counts.saved + (await unsentPhotos().catch(() => 0));
  bar.hidden = unsent === 0;
  bar.dataset.count = String(unsent);
  slot(bar, "unsent").textContent = word("n-unsent", { n: number(unsent) });
}

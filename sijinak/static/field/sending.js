// @ts-check
/** Sending, and saying in words how it went. */

import { tell } from "./page.js";
import * as sync from "./sync.js";
import { clock, known, number, word } from "./words.js";

/** @param {{ sent: number, waiting: number, state: string, trouble: string }} result */
function said({ sent, waiting, trouble }) {
  if (trouble) return word(known(`trouble.${trouble}`) ? `trouble.${trouble}` : "trouble.server", { code: trouble });
  if (waiting) return word("sent-some", { n: number(sent), waiting: number(waiting) });
  return word("sent-all", { at: clock(Date.now()) });
}

/** How the newest sending went, unless more came since. @param {number} waiting */
export function syncWords(waiting) {
  const newest = sync.last();
  return newest && (newest.trouble ? waiting > 0 : newest.waiting >= waiting) ? said(newest) : "";
}

/** @param {HTMLElement} root with a slot sync-words */
export async function flushAndSay(root) {
  tell(root, { "sync-words": word("sending") });
  tell(root, { "sync-words": said(await sync.flush()) });
}

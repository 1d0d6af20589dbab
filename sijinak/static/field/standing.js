// @ts-check
/** What stands above the first view of every app: whether the browser keeps the records, and what is unsent. */

import { allow, gate, passed } from "./gate.js";
import * as outbox from "./outbox.js";
import { acts, show, tell } from "./page.js";
import { unsentPhotos } from "./photos.js";
import { flushAndSay, syncWords } from "./sending.js";
import { number, word } from "./words.js";

/** @param {HTMLElement} root */
export async function standing(root) {
  acts(root, {
    flush: () => flushAndSay(root),
    "work-anyway": () => {
      allow();
      show(root, { gate: false });
    },
    "ask-to-keep": async () => {
      const kept = await gate(true);
      show(root, { gate: !passed(kept) });
      tell(root, { "gate-said": passed(kept) ? "" : word("gate-refused") });
    },
  });
  const kept = await gate(false);
  show(root, { gate: !passed(kept) });
}

/** @param {HTMLElement} root */
export async function unsent(root) {
  const { needsYou, ...counts } = await outbox.counts().catch(() => ({ saved: 0, needsYou: 0 }));
  const saved = counts.saved + (await unsentPhotos().catch(() => 0));
  const box = /** @type {HTMLElement} */ (root.querySelector(".outbox"));
  box.dataset.unsent = String(saved);
  tell(root, {
    unsent: number(saved),
    "unsent-words": word(saved ? "unsent" : "all-sent"),
    "needs-you": needsYou ? word("n-need-you", { n: number(needsYou) }) : "",
    "sync-words": syncWords(saved),
  });
}

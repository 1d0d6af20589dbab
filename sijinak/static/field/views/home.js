// @ts-check
/** Where the vet stands: what is unsent, how old the pack is, what was done today. */

import * as device from "../device.js";
import { sums, today } from "../ledger.js";
import { acts, fill, piece, show, tell } from "../page.js";
import * as outbox from "../outbox.js";
import * as packs from "../pack.js";
import { allow, gate, passed } from "../gate.js";
import { flushAndSay, syncWords } from "../sending.js";
import { ago, isoDay, number, word } from "../words.js";

/** @param {HTMLElement} root */
export async function open(root) {
  const phone = await device.current();
  tell(root, { greeting: phone?.user.name || word("app") });
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
  const look = () => numbers(root);
  await Promise.all([look(), pack(root), guardStorage(root)]);
  return outbox.onChange(look);
}

/** @param {HTMLElement} root */
async function guardStorage(root) {
  const kept = await gate(false);
  show(root, { gate: !passed(kept) });
}

/** @param {HTMLElement} root */
async function numbers(root) {
  const { saved, needsYou } = await outbox.counts().catch(() => ({ saved: 0, needsYou: 0 }));
  const entries = await today().catch(() => []);
  const box = /** @type {HTMLElement} */ (root.querySelector(".outbox"));
  box.dataset.unsent = String(saved);
  tell(root, {
    unsent: number(saved),
    "unsent-words": word(saved ? "unsent" : "all-sent"),
    "needs-you": needsYou ? word("n-need-you", { n: number(needsYou) }) : "",
    "sync-words": syncWords(saved),
  });
  fill(root, "today", Object.entries(sums(entries)).filter(([name, n]) => n || name === "doses").map(([name, n]) => {
    const line = piece("number-line");
    line.dataset.count = name;
    tell(line, { count: number(n), words: word(`today.${name}`) });
    return line;
  }));
}

/** @param {HTMLElement} root */
async function pack(root) {
  const info = await packs.info();
  const card = /** @type {HTMLElement} */ (root.querySelector(".pack-card"));
  const old = !info || isoDay(new Date(info.made_at)) !== isoDay();
  card.classList.toggle("old", old);
  tell(root, {
    pack: info ? word("pack-line", { animals: number(info.animals), villages: info.villages.length, ago: ago(info.made_at) }) : word("pack-none"),
  });
}

// @ts-check
/** Where the vet stands: what is unsent, how old the pack is, what was done today. */

import * as device from "../device.js";
import { sums, today } from "../ledger.js";
import { fill, piece, tell } from "../page.js";
import * as outbox from "../outbox.js";
import * as packs from "../pack.js";
import { standing, unsent } from "../standing.js";
import { ago, isoDay, number, word } from "../words.js";

/** @param {HTMLElement} root */
export async function open(root) {
  const phone = await device.current();
  tell(root, { greeting: phone?.user.name || word("app") });
  const look = () => numbers(root);
  await Promise.all([look(), pack(root), standing(root)]);
  return outbox.onChange(look);
}

/** @param {HTMLElement} root */
async function numbers(root) {
  const entries = await today().catch(() => []);
  await unsent(root);
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

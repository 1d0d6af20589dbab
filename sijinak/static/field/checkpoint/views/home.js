// @ts-check
/** Where the officer stands: the post, what is unsent, how old the list is, and what was decided today. */

import * as device from "../../device.js";
import { today } from "../../ledger.js";
import * as outbox from "../../outbox.js";
import { fill, piece, slot, tell } from "../../page.js";
import { standing, unsent } from "../../standing.js";
import { ago, moment, number, word } from "../../words.js";
import { thePost } from "../post.js";
import { theSupply } from "../supply.js";

/** @param {HTMLElement} root */
export async function open(root) {
  const phone = await device.current();
  tell(root, { greeting: phone?.user.name || word("app") });
  const look = async () => {
    await unsent(root);
    await done(root);
  };
  await Promise.all([look(), supplies(root), standing(root)]);
  return outbox.onChange(look);
}

/** @param {HTMLElement} root */
async function supplies(root) {
  const supply = await theSupply().catch(() => null);
  const post = thePost();
  const list = supply?.lists.map(({ made }) => made).sort((a, b) => a - b)[0];
  const stale = !supply?.lists.length || supply.lists.some(({ fresh }) => fresh * 1000 < Date.now());
  const names = Object.fromEntries(supply?.ports ?? []);
  slot(root, "pack-card").classList.toggle("old", stale || !post);
  tell(root, {
    place: post ? word("post-line", { place: post.post, port: names[post.port] ?? post.port }) : word("no-post"),
    pack: supply && list ? word("supply-line", { n: number(supply.permits.size), ago: ago(list * 1000) }) : word("supply-none"),
  });
  slot(root, "scan").href = post ? "#/pindai" : "#/paket";
}

/** @param {HTMLElement} root */
async function done(root) {
  const entries = (await today().catch(() => [])).filter(({ kind }) => kind === "check");
  fill(root, "today", ["pass", "hold", "refuse"].map((decision) => {
    const line = piece("number-line");
    line.dataset.count = decision;
    tell(line, { count: number(entries.filter(({ data }) => data.decision === decision).length), words: word(`today.${decision}`) });
    return line;
  }));
  fill(root, "latest", entries.slice(0, 10).map((entry) => {
    const line = piece("check-line");
    slot(line, "link").href = `#/berita/${entry.id}`;
    const number = entry.data.number || word(`verdict.${entry.data.verdict}`);
    tell(line, { what: word("check-line", { number, decision: word(`decision.${entry.data.decision}`) }), when: moment(entry.at) });
    return line;
  }));
}

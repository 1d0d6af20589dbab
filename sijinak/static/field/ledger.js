// @ts-check
/** What this phone did today, read from its own records. */

import * as outbox from "./outbox.js";
import { isoDay } from "./words.js";

/** @typedef {import("./types.js").Entry} Entry */

const PAGE = 200;

/** All records of today that were not taken back, newest first. @returns {Promise<Entry[]>} */
export async function today() {
  const day = isoDay();
  /** @type {Entry[]} */
  const found = [];
  for (let before = Infinity; ;) {
    const page = await outbox.list({ before, limit: PAGE, newest: true });
    const fresh = page.filter((entry) => isoDay(new Date(entry.at)) === day);
    found.push(...fresh);
    if (page.length < PAGE || fresh.length === 0) break;
    before = page[page.length - 1].seq;
  }
  return found.filter((entry) => entry.kind !== "undo" && !entry.undone && !entry.aside);
}

/** @param {Entry[]} entries @param {any[]} products @param {string} disease the codes done against it */
export function doneAgainst(entries, products, disease) {
  const same = new Set(products.filter((one) => one.disease === disease).map((one) => one.id));
  const doses = entries.filter(({ kind, data }) => kind === "vaccination" && same.has(data.product));
  return new Set(doses.map(({ data }) => data.code));
}

/** Heads by what happened to them. @param {Entry[]} entries */
export function sums(entries) {
  const sum = (/** @type {string} */ kind) => entries.filter((entry) => entry.kind === kind)
    .reduce((total, { data }) => total + (kind === "vaccination" ? 1 : Number(data.heads ?? 1)), 0);
  return { doses: sum("vaccination"), heads: sum("heads"), missed: sum("result"), unknown: sum("unknown") };
}

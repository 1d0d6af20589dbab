// @ts-check
/**
 * At the start, the database and the journal are made one again: after a kill between the two,
 * after the browser threw the database away, after somebody cleared localStorage.
 */

import * as journal from "./journal.js";
import * as drawers from "./drawers.js";
import { firstLink } from "./chain.js";
import { rowOf, tail, waiting } from "./rows.js";
import { open, read, setEpoch, write } from "./store.js";
import { unseal } from "./vault.js";

/** @typedef {import("./types.js").Line} Line */
/** @typedef {import("./types.js").Row} Row */
/** @typedef {import("./types.js").Tail} Tail */

/**
 * `again` are lines whose number another record got: they are to be added anew.
 * @typedef {{erased: boolean, restored: number, tail: number, again: Line[]}} Repaired
 */

/** @returns {Promise<Repaired>} */
export async function repair() {
  const device = drawers.current();
  const found = await open(device);
  const known = drawers.read("epoch") ?? "";
  const used = known !== "" || journal.tail() !== null;
  const erased = found === "" ? used : known !== "" && found !== known;
  const stored = await tail();
  const { fits, again } = await missing(stored?.seq ?? 0);
  const start = { seq: 0, hash: await firstLink(device) };
  const end = longest(stored, journal.tail(), start, ...fits);
  await keep(fits, end, erased || found === "" ? crypto.randomUUID() : found);
  await alignJournal();
  return { erased, restored: fits.length, tail: end.seq, again };
}

/**
 * Lines of the journal that the database does not hold.
 * @param {number} taken  up to here numbers are given
 */
async function missing(taken) {
  /** @type {Line[]} */
  const fits = [];
  /** @type {Line[]} */
  const again = [];
  let newest = taken;
  const held = new Set(await read(["records"], (records) => records.getAllKeys()));
  for (const line of journal.lines().filter(({ id }) => !held.has(id))) {
    (line.seq > newest ? fits : again).push(line);
    newest = Math.max(newest, line.seq);
  }
  return { fits, again };
}

/**
 * @param {Line[]} lines
 * @param {Tail} end
 * @param {string} epoch
 */
async function keep(lines, end, epoch) {
  const rows = lines.map(rowOf);
  await markUndone(rows);
  await write(["meta", "records"], (meta, records) => {
    meta.put(epoch, "epoch");
    meta.put({ seq: end.seq, hash: end.hash }, "tail");
    meta.put({ vault: drawers.read("vault"), device: drawers.read("device") }, "copies");
    for (const row of rows) records.put(row);
  });
  setEpoch(epoch);
  drawers.write("epoch", epoch);
  journal.setTail(end);
}

/** @param {Row[]} rows */
async function markUndone(rows) {
  for (const row of rows) {
    const { kind, data } = JSON.parse(await unseal(row.sealed));
    const target = kind === "undo" && rows.find(({ id }) => id === data.record);
    if (target) target.undone = row.id;
  }
}

// A line for every record that waits, and none for one that was received.
async function alignJournal() {
  const lines = journal.ids();
  const rows = await waiting();
  for (const row of rows) if (!lines.includes(row.id)) journal.put(row);
  const received = IDBKeyRange.bound(["received", 0], ["received", Infinity]);
  const ids = await read(["records"], (records) => records.index("state").getAllKeys(received));
  const done = new Set(ids);
  journal.drop(lines.filter((id) => done.has(id)));
}

/**
 * @param {...(Tail|null|undefined)} links
 * @returns {Tail}
 */
function longest(...links) {
  const there = links.filter((link) => link != null);
  return there.reduce((best, link) => (link.seq > best.seq ? link : best));
}

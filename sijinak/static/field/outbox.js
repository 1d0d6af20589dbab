// @ts-check
/** The records of this phone: saved so that nothing loses them, until the server has them. */

import * as journal from "./journal.js";
import * as store from "./store.js";
import { append } from "./adding.js";
import { alone } from "./alone.js";
import { current, read } from "./drawers.js";
import { repair } from "./replay.js";
import { bySeq, changeRows, countOf, entryOf, inState, page, rowBy } from "./rows.js";
import { changed } from "./telling.js";
import { unseal } from "./vault.js";

export { StorageFault } from "./fault.js";
export { exportFile } from "./export.js";
export { onChange } from "./telling.js";

/** @typedef {import("./types.js").Entry} Entry */
/** @typedef {import("./types.js").Kind} Kind */
/** @typedef {import("./types.js").Position} Position */
/** @typedef {import("./types.js").State} State */

const DOUBLE_TAP = 1500;
const LARGEST = 48_000;
const KEPT_FOR = 30 * 24 * 3_600_000;
const ADDING = () => `outbox-${current()}`;

/** @type {{what: string, until: number, made: Promise<Entry>}|null} */
let latest = null;

/** Why no record is taken, or null; open() tries again. */
export const trouble = () => store.trouble();

/**
 * Open the outbox of the device in use, with the vault open; also to try again after a fault.
 * `erased` says that the browser had thrown the database away, and `restored` how many records
 * that were not yet sent came back out of the journal.
 * @returns {Promise<{erased: boolean, restored: number, tail: number}>}
 */
export async function open() {
  const { again, ...repaired } = await alone(ADDING(), repair).catch((error) => {
    throw store.failed(error);
  });
  for (const line of again) {
    const { kind, data, pos, at } = JSON.parse(await unseal(line.sealed));
    await alone(ADDING(), () => append({ kind, data, pos, at, id: line.id }));
  }
  changed();
  return { ...repaired, restored: repaired.restored + again.length };
}

/**
 * Resolves when the record cannot be lost any more. The same twice in a moment is one record.
 * Throws StorageFault: then nothing was saved, and nothing is until open() succeeds.
 * @param {Kind} kind
 * @param {Object<string, any>} data
 * @param {Position|null} [pos]
 * @returns {Promise<Entry>}
 */
export function add(kind, data, pos = null) {
  const what = JSON.stringify([current(), kind, data]);
  if (what.length > LARGEST) return Promise.reject(new RangeError("the record is too large"));
  if (latest?.what === what && performance.now() < latest.until) return latest.made;
  const made = alone(ADDING(), () => append({ kind, data, pos }));
  const tap = { what, until: Infinity, made };
  latest = tap;
  made.then(
    () => void (tap.until = performance.now() + DOUBLE_TAP),
    () => void (tap.until = 0),
  );
  return made;
}

/**
 * Take an own record back: by a record that says so. Taken back twice is taken back once.
 * @param {string} id
 * @param {string} [reason]
 * @returns {Promise<Entry>}
 */
export function undo(id, reason = "") {
  latest = null; // the same once more is a new record now
  return alone(ADDING(), async () => {
    const row = await rowBy(id);
    if (!row) throw new RangeError("no such record");
    const undone = row.undone && (await get(row.undone));
    if (undone) return undone;
    const data = reason ? { record: id, reason } : { record: id };
    return append({ kind: "undo", data, pos: null, target: id });
  });
}

/**
 * A record that needed you and that you have seen to: it asks no more, and stays in the list.
 * @param {string} id
 */
export async function setAside(id) {
  await changeRows([id], (row) => (row.state === "needs-you" ? { ...row, aside: true } : null));
  journal.drop([id]);
  changed();
}

/**
 * @param {string} id
 * @returns {Promise<Entry|null>}
 */
export async function get(id) {
  const row = await rowBy(id);
  return row ? entryOf(row) : null;
}

/**
 * A page of the records: after or before a number, oldest first or newest first.
 * @param {{after?: number, before?: number, limit?: number, state?: State, newest?: boolean}} [part]
 * @returns {Promise<Entry[]>}
 */
export async function list({ after = 0, before = Infinity, limit = 50, state, newest } = {}) {
  const rows = await page({ after, before, limit, state, newest });
  return Promise.all(rows.map(entryOf));
}

/** @returns {Promise<{saved: number, received: number, needsYou: number}>} */
export async function counts() {
  const [saved, sent, received] = await Promise.all(
    /** @type {State[]} */ (["saved", "sent", "received"]).map(countOf),
  );
  const needing = (await inState("needs-you")).filter(({ aside }) => !aside);
  return { saved: saved + sent, received, needsYou: needing.length };
}

/**
 * Forget what the server received thirty days ago, by the server's clock; the chain goes on.
 * @returns {Promise<number>}
 */
export async function sweep() {
  const today = Date.parse(read("server_time") ?? "");
  const over = (await Promise.all([inState("received"), inState("needs-you")]))
    .flat()
    .filter((row) => row.state === "received" || row.aside)
    .filter(({ receivedAt }) => today - Date.parse(receivedAt) > KEPT_FOR);
  await store.write(["records"], (records) => over.forEach(({ id }) => records.delete(id)));
  if (over.length) changed();
  return over.length;
}

/**
 * The server lost records that it had received: they wait again.
 * @param {number} from
 * @param {number} [upTo]
 * @returns {Promise<number>}
 */
export async function resendFrom(from, upTo = Infinity) {
  const rows = (await inState("received", { after: from - 1, upTo })).sort(bySeq);
  for (const row of rows) journal.put(row);
  await changeRows(rows.map(({ id }) => id), (row) => ({ ...row, state: "saved" }));
  if (rows.length) changed();
  return rows.length;
}

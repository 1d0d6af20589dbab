// @ts-check
/** Records as they lie in the database, and the same as the app sees them. */

import { read, write } from "./store.js";
import { seal, unseal } from "./vault.js";

/** @typedef {import("./types.js").Entry} Entry */
/** @typedef {import("./types.js").Row} Row */
/** @typedef {import("./types.js").State} State */
/** @typedef {import("./types.js").Line} Line */
/** @typedef {import("./types.js").Tail} Tail */
/** @typedef {import("./types.js").Answer} Answer */

/** @type {State[]} */
export const WAITING = ["saved", "sent"];

/**
 * @param {Line} line
 * @returns {Row}
 */
export const rowOf = (line) => ({
  ...line,
  state: "saved",
  undone: "",
  aside: false,
  receivedAt: "",
  answer: null,
});

/**
 * @param {Row} row
 * @returns {Promise<Entry>}
 */
export async function entryOf(row) {
  const body = await unseal(row.sealed);
  const { kind, at, data, pos } = JSON.parse(body);
  const answer = row.answer ? await unseal(row.answer) : NO_ANSWER;
  const { id, seq, state, undone, aside, hash, prev } = row;
  return { id, seq, kind, at, data, pos, state, ...answer, undone, aside, hash, prev, body };
}

const NO_ANSWER = { reason: "", review: "", facts: {}, receipt: null };

/**
 * @param {Partial<Answer>} answer
 * @returns {Promise<Uint8Array>}
 */
export const sealedAnswer = ({ reason, review, facts, receipt }) =>
  seal({
    reason: reason ?? "",
    review: review ?? "",
    facts: facts ?? {},
    receipt: receipt ?? null,
  });

/** @returns {Promise<Tail|undefined>} */
export const tail = () => read(["meta"], (meta) => meta.get("tail"));

/**
 * @param {string} id
 * @returns {Promise<Row|undefined>}
 */
export const rowBy = (id) => read(["records"], (records) => records.get(id));

/**
 * @param {State} state
 * @param {{after?: number, upTo?: number, limit?: number}} [part]
 * @returns {Promise<Row[]>}  in the order of their numbers
 */
export const inState = (state, part = {}) =>
  read(["records"], (records) => records.index("state").getAll(range(state, part), part.limit));

/**
 * A page of the records, oldest first or newest first.
 * @param {{after: number, before: number, limit: number, state?: State, newest?: boolean}} part
 * @returns {Promise<Row[]>}
 */
export async function page({ after, before, limit, state, newest }) {
  const key = (/** @type {number} */ seq) => (state ? [state, seq] : seq);
  const index = (/** @type {IDBObjectStore} */ records) => records.index(state ? "state" : "seq");
  const range = (/** @type {number} */ from) => IDBKeyRange.bound(key(from), key(before), true, true);
  if (!newest) return read(["records"], (records) => index(records).getAll(range(after), limit));
  const ids = await read(["records"], (records) => index(records).getAllKeys(range(after)));
  const first = ids.length > limit && (await rowBy(String(ids[ids.length - limit])));
  const from = first ? first.seq - 1 : after;
  const rows = await read(["records"], (records) => index(records).getAll(range(from)));
  return rows.reverse();
}

/** @param {State} state */
export const countOf = (state) =>
  read(["records"], (records) => records.index("state").count(range(state, {})));

/**
 * @param {State} state
 * @param {{after?: number, upTo?: number}} part
 */
const range = (state, { after = 0, upTo = Infinity }) =>
  IDBKeyRange.bound([state, after], [state, upTo], true, false);

/**
 * The oldest that the server has not acknowledged, after a number.
 * @param {number} after
 * @param {number} limit
 * @returns {Promise<Row[]>}
 */
export async function waiting(after = 0, limit = Number.MAX_SAFE_INTEGER) {
  const size = Math.min(limit, 2 ** 31);
  const found = await Promise.all(WAITING.map((state) => inState(state, { after, limit: size })));
  return found.flat().sort(bySeq).slice(0, limit);
}

/**
 * @param {{seq: number}} a
 * @param {{seq: number}} b
 */
export const bySeq = (a, b) => a.seq - b.seq;

/**
 * Change rows that are there, each as it is inside this one transaction.
 * @param {string[]} ids
 * @param {(row: Row) => Row|null} change  null leaves it as it is
 * @returns {Promise<void>}
 */
export function changeRows(ids, change) {
  return write(["records"], (records) => {
    for (const id of ids) {
      const request = records.get(id);
      request.onsuccess = () => {
        const changed = request.result && change(request.result);
        if (changed) records.put(changed);
      };
    }
  });
}

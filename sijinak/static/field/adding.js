// @ts-check
/** One more record, at the end of the chain. */

import * as journal from "./journal.js";
import * as store from "./store.js";
import { bodyText, deviceTime, linkHash } from "./chain.js";
import { current, read } from "./drawers.js";
import { StorageFault } from "./fault.js";
import { newId } from "./ids.js";
import { entryOf, rowOf, tail } from "./rows.js";
import { changed } from "./telling.js";
import { seal } from "./vault.js";

/** @typedef {import("./types.js").Entry} Entry */
/** @typedef {import("./types.js").Kind} Kind */
/** @typedef {import("./types.js").Position} Position */
/** @typedef {import("./types.js").Row} Row */
/** @typedef {import("./types.js").Tail} Tail */
/**
 * `target` is the record that this one takes back.
 * @typedef {{kind: Kind, data: Object<string, any>, pos: Position|null, id?: string, at?: string,
 *   target?: string}} Wanted
 */

/**
 * @param {Wanted} wanted
 * @returns {Promise<Entry>}
 */
export async function append(wanted) {
  const fault = store.trouble();
  if (fault) throw fault;
  for (;;) {
    const last = await tail().catch((error) => {
      throw store.failed(error);
    });
    if (!last) throw store.failed(new StorageFault("storage-erased"));
    const row = await made(wanted, last);
    if (await kept(row, last, wanted.target)) {
      journal.setTail(row);
      changed();
      return entryOf(row);
    }
  }
}

/**
 * @param {Wanted} wanted
 * @param {Tail} last
 * @returns {Promise<Row>}
 */
async function made({ kind, data, pos, id = newId(), at = deviceTime() }, last) {
  const seq = last.seq + 1;
  const author = JSON.parse(read("device") ?? "{}").user_id;
  const body = bodyText({ id, device: current(), seq, kind, author, at, pos, data });
  const hash = await linkHash(last.hash, body);
  return rowOf({ id, seq, prev: last.hash, hash, sealed: await seal(body) });
}

/**
 * False when another tab gave the number away first.
 * @param {Row} row
 * @param {Tail} last
 * @param {string} [target]
 */
async function kept(row, last, target) {
  let first = false;
  try {
    journal.put(row);
    await store.write(["meta", "records"], (meta, records) => {
      const newest = meta.get("tail");
      newest.onsuccess = () => {
        first = newest.result.seq === last.seq;
        if (first) lay(row, target, meta, records);
      };
    });
  } catch (error) {
    journal.drop([row.id]);
    throw store.failed(error);
  }
  if (!first) journal.drop([row.id]);
  return first;
}

/**
 * @param {Row} row
 * @param {string|undefined} target
 * @param {IDBObjectStore} meta
 * @param {IDBObjectStore} records
 */
function lay(row, target, meta, records) {
  records.add(row);
  meta.put({ seq: row.seq, hash: row.hash }, "tail");
  if (!target) return;
  const request = records.get(target);
  request.onsuccess = () => {
    if (request.result) records.put({ ...request.result, undone: row.id });
  };
}

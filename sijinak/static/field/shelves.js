// @ts-check
/** What stands in the database, by its version, and promises of what it answers. */

export const VERSION = 2;

/** @param {IDBDatabase} made @param {number} from  its version before, 0 when it is new */
export function lay(made, from) {
  made.createObjectStore("photos", { keyPath: "sha256" }).createIndex("refused", "refused");
  if (from) return;
  const records = made.createObjectStore("records", { keyPath: "id" });
  records.createIndex("seq", "seq", { unique: true });
  records.createIndex("state", ["state", "seq"]);
  made.createObjectStore("meta");
  made.createObjectStore("pack");
}

/**
 * @param {IDBTransaction} tx
 * @returns {Promise<void>}
 */
export function completed(tx) {
  return new Promise((resolve, reject) => {
    tx.oncomplete = () => resolve();
    tx.onabort = () => reject(tx.error ?? new DOMException("aborted", "AbortError"));
  });
}

/**
 * @template T
 * @param {IDBRequest<T>} request
 * @returns {Promise<T>}
 */
export function answered(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

// @ts-check
/**
 * IndexedDB that says "kept" only when it is: strict transactions, answered in oncomplete.
 * After a fault nothing more is written until open() has looked at the database again.
 */

import { StorageFault, faultOf } from "./fault.js";
import { databaseName } from "./drawers.js";
import { VERSION, answered, completed, lay } from "./shelves.js";

const BLOCKED = 10_000; // milliseconds

/** @type {IDBDatabase|null} */
let database = null;
/** @type {StorageFault|null} */
let fault = null;
let device = "";
let epoch = "";

/** @returns {StorageFault|null} why nothing is written any more */
export const trouble = () => fault;

/**
 * Open the database of a device, whatever was wrong before.
 * @param {string} id
 * @returns {Promise<string>}  its epoch, "" when it is new and has none
 */
export async function open(id) {
  close();
  device = id;
  fault = null;
  try {
    database = await connect(id);
    epoch = (await read(["meta"], (meta) => meta.get("epoch"))) ?? "";
  } catch (error) {
    throw failed(error);
  }
  return epoch;
}

/** @param {string} value  what a new database is known by */
export function setEpoch(value) {
  epoch = value;
}

export function close() {
  database?.close();
  database = null;
}

/**
 * Change something: all of it or nothing, and on the disk when this resolves.
 * `change` makes its requests at once or in their callbacks.
 * @param {string[]} stores
 * @param {(...stores: IDBObjectStore[]) => void} change
 * @returns {Promise<void>}
 */
export async function write(stores, change) {
  if (fault) throw fault;
  try {
    const tx = await begin(stores, "readwrite");
    const done = completed(tx);
    change(...stores.map((name) => tx.objectStore(name)));
    await done;
  } catch (error) {
    throw failed(error);
  }
}

/**
 * @template T
 * @param {string[]} stores
 * @param {(...stores: IDBObjectStore[]) => IDBRequest<T>} ask
 * @returns {Promise<T>}
 */
export async function read(stores, ask) {
  const tx = await begin(stores, "readonly");
  return answered(ask(...stores.map((name) => tx.objectStore(name))));
}

/** @param {string} id */
export function erase(id) {
  if (id === device) {
    failed(new StorageFault("storage-erased")); // whoever reads meanwhile must not make it anew
    close();
  }
  return new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(databaseName(id));
    request.onsuccess = () => resolve(undefined);
    request.onerror = () => reject(request.error);
    // A reader that is not done yet blocks it for a moment, another window for longer.
    request.onblocked = () => setTimeout(() => reject(new StorageFault("storage-blocked")), BLOCKED);
  });
}

/**
 * From now on nothing is written: what is wrong, in one code.
 * @param {unknown} error
 * @returns {StorageFault}
 */
export function failed(error) {
  fault = faultOf(error);
  return fault;
}

/**
 * @param {string[]} stores
 * @param {IDBTransactionMode} mode
 */
async function begin(stores, mode) {
  try {
    return transaction(stores, mode);
  } catch (error) {
    if (!(error instanceof DOMException) || error.name !== "InvalidStateError") throw error;
    await reconnect();
    return transaction(stores, mode);
  }
}

/**
 * @param {string[]} stores
 * @param {IDBTransactionMode} mode
 */
function transaction(stores, mode) {
  if (!database) throw new DOMException("closed", "InvalidStateError");
  return database.transaction(stores, mode, { durability: "strict" });
}

// The connection was lost (it happens in the background). Once more, if it is the same database.
async function reconnect() {
  if (fault) throw fault;
  const found = await connect(device);
  const tx = found.transaction("meta");
  const known = await answered(tx.objectStore("meta").get("epoch"));
  if (known !== epoch) {
    found.close();
    throw new StorageFault("storage-erased");
  }
  database = found;
}

/**
 * @param {string} id
 * @returns {Promise<IDBDatabase>}
 */
function connect(id) {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(databaseName(id), VERSION);
    request.onupgradeneeded = ({ oldVersion }) => lay(request.result, oldVersion);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new StorageFault("storage-blocked"));
    request.onsuccess = () => resolve(watched(request.result));
  });
}

/** @param {IDBDatabase} opened */
function watched(opened) {
  // Who closes at once does not stop a newer app, or a wipe in another tab.
  opened.onversionchange = () => {
    opened.close();
    if (database === opened) failed(new StorageFault("storage-outdated"));
  };
  opened.onclose = () => {
    if (database === opened) database = null;
  };
  return opened;
}

// @ts-check
/** Photos beside the records: sealed, each known by its SHA-256, until the server has them. */

import { base64 } from "./drawers.js";
import { Trouble, call } from "./http.js";
import { read, write } from "./store.js";
import { changed } from "./telling.js";
import { seal, unseal } from "./vault.js";

const TIMEOUT = 90_000;
const REFUSED = [400, 413, 422]; // the same once more would be refused again
const FULL = 409; // enough for today
const WAITING = ""; // of one that was not refused

/**
 * Resolves with its name when it cannot be lost any more. The same photo twice is one.
 * @param {Blob} jpeg
 * @returns {Promise<string>}
 */
export async function keepPhoto(jpeg) {
  const bytes = new Uint8Array(await jpeg.arrayBuffer());
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const sha256 = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const sealed = await seal(base64(bytes));
  await write(["photos"], (photos) => photos.put({ sha256, refused: WAITING, sealed }));
  changed();
  return sha256;
}

/** @returns {Promise<number>} how many the server lacks and would take */
export const unsentPhotos = () =>
  read(["photos"], (photos) => photos.index("refused").count(IDBKeyRange.only(WAITING)));

/**
 * One photo more. It stays here until the server says that it has it, however often that takes.
 * @param {string} authorization
 * @param {Set<string>} tried  those of this flush
 * @returns {Promise<boolean>}  false when none is left to try
 */
export async function sendPhoto(authorization, tried) {
  const names = await read(["photos"], (photos) => photos.index("refused").getAllKeys(IDBKeyRange.only(WAITING)));
  const name = names.map(String).find((one) => !tried.has(one));
  if (!name) return false;
  tried.add(name);
  const row = await read(["photos"], (photos) => photos.get(name));
  try {
    const json = { jpeg: await unseal(row.sealed) };
    await call(`/photos/${name}`, { method: "PUT", json, authorization, timeout: TIMEOUT });
    await write(["photos"], (photos) => photos.delete(name));
  } catch (error) {
    if (!(error instanceof Trouble) || ![...REFUSED, FULL].includes(error.status)) throw error;
    const { code, status } = error;
    if (status !== FULL) await write(["photos"], (photos) => photos.put({ ...row, refused: code }));
  }
  changed();
  return true;
}

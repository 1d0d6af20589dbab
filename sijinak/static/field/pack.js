// @ts-check
/** What the officer takes along: the animals and owners of some villages, sealed. */

import { authorization } from "./card.js";
import { current } from "./drawers.js";
import { Trouble, call } from "./http.js";
import { assembled } from "./packing.js";
import { read, write } from "./store.js";
import { isOpen, seal, unseal } from "./vault.js";

/** @typedef {import("./types.js").Pack} Pack */
/**
 * A village as it lies in the database.
 * @typedef {{village: string, made_at: string, animals: number, bytes: number,
 *   sealed: Uint8Array}} Chunk
 */

const TIMEOUT = 120_000;

/** @type {{key: string, pack: Pack}|null} */
let opened = null;

/**
 * Fetch the villages one by one. What came is kept if a later one fails; villages that are not
 * named any more go when all have come.
 * @param {string[]} villages
 * @param {(progress: {done: number, total: number, bytes: number}) => void} [onProgress]
 */
export async function fetchPack(villages, onProgress = () => undefined) {
  let bytes = 0;
  for (const [done, village] of villages.entries()) {
    onProgress({ done, total: villages.length, bytes });
    await fetchVillage(village, (more) => {
      bytes += more;
      onProgress({ done, total: villages.length, bytes });
    });
  }
  await forgetOthers(villages);
  onProgress({ done: villages.length, total: villages.length, bytes });
  return info();
}

/** @returns {Promise<{made_at: string, villages: string[], animals: number, bytes: number}|null>} */
export async function info() {
  const kept = await chunks();
  if (kept.length === 0) return null;
  return {
    made_at: kept.map(({ made_at }) => made_at).sort()[0],
    villages: kept.map(({ village }) => village),
    animals: kept.reduce((sum, { animals }) => sum + animals, 0),
    bytes: kept.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

/**
 * The pack, ready for look-ups; null when there is none.
 * @returns {Promise<Pack|null>}
 */
export async function openPack() {
  const kept = await chunks();
  if (kept.length === 0) return null;
  const key = [current(), ...kept.map(({ village, made_at }) => village + made_at)].join();
  if (opened?.key !== key || !isOpen()) {
    const parts = await Promise.all(kept.map(({ sealed }) => unseal(sealed)));
    opened = { key, pack: assembled(parts) };
  }
  return opened.pack;
}

/** @returns {Promise<Chunk[]>} */
const chunks = () => read(["pack"], (pack) => pack.getAll());

/**
 * @param {string} village
 * @param {(bytes: number) => void} onBytes
 */
async function fetchVillage(village, onBytes) {
  let bytes = 0;
  const path = `/pack?villages=${encodeURIComponent(village)}`;
  const came = await call(path, {
    timeout: TIMEOUT,
    authorization: await authorization(),
    onBytes: (more) => {
      bytes += more;
      onBytes(more);
    },
  });
  if (came?.v !== 1 || !Array.isArray(came.animals)) throw new Trouble("portal");
  // Out of reach by now: what lies here of it goes too.
  if (came.villages.length === 0) return write(["pack"], (pack) => pack.delete(village));
  const { made_at, animals } = came;
  const chunk = { village, made_at, animals: animals.length, bytes, sealed: await seal(came) };
  await write(["pack"], (pack) => pack.put(chunk, village));
}

/** @param {string[]} villages */
function forgetOthers(villages) {
  return write(["pack"], (pack) => {
    const keys = pack.getAllKeys();
    keys.onsuccess = () => {
      for (const key of keys.result) if (!villages.includes(String(key))) pack.delete(key);
    };
  });
}

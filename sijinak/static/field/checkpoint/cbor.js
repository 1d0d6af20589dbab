// @ts-check
/** Strict CBOR (RFC 8949 §4.2): one spelling for each value, and whatever else is refused. */

const DEEPEST = 4;
const LONGEST = 65_536;

export class Garbled extends Error {}

/** @typedef {{ bytes: Uint8Array<ArrayBuffer>, at: number }} Place */

/** @param {Place} place @param {number} size */
function take(place, size) {
  if (size > place.bytes.length - place.at) throw new Garbled("cut off");
  const from = place.at;
  place.at += size;
  return place.bytes.slice(from, place.at);
}

/** A head's number, in the fewest bytes that hold it. @param {Place} place @param {number} low */
function amount(place, low) {
  if (low < 24) return low;
  const size = { 24: 1, 25: 2, 26: 4, 27: 8 }[low];
  if (!size) throw new Garbled("no fixed length");
  const value = Number(take(place, size).reduce((sum, byte) => sum * 256n + BigInt(byte), 0n));
  const least = { 1: 24, 2: 256, 4: 65_536, 8: 2 ** 32 }[size] ?? 0;
  if (value < least || value > Number.MAX_SAFE_INTEGER) throw new Garbled("spelt too long");
  return value;
}

/** @param {Place} place @param {number} depth @returns {any} */
function item(place, depth) {
  if (depth > DEEPEST) throw new Garbled("too deep");
  const [head] = take(place, 1);
  const kind = head >> 5;
  if (kind === 7) return simple(head & 31);
  const n = amount(place, head & 31);
  if (kind === 0) return n;
  if (kind === 1) return -1 - n;
  if (n > LONGEST) throw new Garbled("too long");
  if (kind === 2) return take(place, n);
  if (kind === 3) return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(take(place, n));
  if (kind === 4) return Array.from({ length: fits(place, n) }, () => item(place, depth + 1));
  if (kind === 5) return map(place, fits(place, n), depth);
  return { tag: n, value: item(place, depth + 1) };
}

/** @param {number} low */
function simple(low) {
  if (low < 20 || low > 22) throw new Garbled("no such value here");
  return [false, true, null][low - 20];
}

/** Each member needs a byte at least. @param {Place} place @param {number} n */
function fits(place, n) {
  if (n > place.bytes.length - place.at) throw new Garbled("cut off");
  return n;
}

/** Keys are whole numbers or texts, each once, in the order of their bytes. @param {Place} place @param {number} n @param {number} depth */
function map(place, n, depth) {
  /** @type {Map<number | string, any>} */
  const found = new Map();
  let before = "";
  for (let i = 0; i < n; i++) {
    const from = place.at;
    const key = item(place, depth + 1);
    const spelt = [...place.bytes.subarray(from, place.at)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    if ((typeof key !== "number" && typeof key !== "string") || spelt <= before) throw new Garbled("keys");
    before = spelt;
    found.set(key, item(place, depth + 1));
  }
  return found;
}

/** One value and nothing after it. @param {Uint8Array<ArrayBuffer>} bytes @returns {any} */
export function decoded(bytes) {
  if (bytes.length > LONGEST) throw new Garbled("too long");
  const place = { bytes, at: 0 };
  const value = item(place, 0);
  if (place.at !== bytes.length) throw new Garbled("something after it");
  return value;
}

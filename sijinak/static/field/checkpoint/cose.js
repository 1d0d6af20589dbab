// @ts-check
/** COSE_Sign1 with ES256 (RFC 9052), by WebCrypto; every key with the kid is tried. */

import { Garbled, decoded } from "./cbor.js";

/** @typedef {Uint8Array<ArrayBuffer>} Bytes */
/** @typedef {{ kid: string, spki: Bytes, from: number, until: number | null, revoked: boolean }} Key */
/** @typedef {{ payload: Map<number | string, any>, keys: Key[], good: Key | null }} Opened */

const CURVE = { name: "ECDSA", namedCurve: "P-256" };
const ES256 = { name: "ECDSA", hash: "SHA-256" };
// Of the two signatures that hold, the one with the smaller s: half the order of P-256.
const HALF = "7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8";
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** @param {Bytes} bytes */
export const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** Base 32 as RFC 4648 has it, upper case, without padding. @param {string} text @returns {Bytes} */
export function unbase32(text) {
  const made = new Uint8Array(Math.floor((text.length * 5) / 8));
  let bits = 0;
  let held = 0;
  let at = 0;
  for (const letter of text) {
    const value = ALPHABET.indexOf(letter);
    if (value < 0) throw new Garbled("letters");
    held = ((held << 5) | value) & 0xfff;
    bits += 5;
    if (bits >= 8) made[at++] = (held >> (bits -= 8)) & 255;
  }
  // What is left over is nothing: one spelling for each content.
  if (bits >= 5 || held & ((1 << bits) - 1)) throw new Garbled("rest");
  return made;
}

/** @param {Bytes} bytes  a byte string of up to 255 as CBOR writes it */
function written(bytes) {
  const n = bytes.length;
  const head = n < 24 ? [0x40 | n] : n < 256 ? [0x58, n] : [0x59, n >> 8, n & 255];
  return [...head, ...bytes];
}

/** ["Signature1", protected, h'', payload] @param {Bytes} guarded @param {Bytes} payload */
const signed = (guarded, payload) =>
  Uint8Array.from([0x84, 0x6a, ...new TextEncoder().encode("Signature1"), ...written(guarded), 0x40, ...written(payload)]);

/** @type {Map<string, Promise<CryptoKey>>} */
const imported = new Map();

/** @param {Key} key */
function usable({ spki }) {
  const name = hex(spki);
  const known = imported.get(name) ?? crypto.subtle.importKey("spki", spki, CURVE, false, ["verify"]);
  imported.set(name, known);
  return known;
}

/**
 * Raises Garbled when it is no COSE_Sign1 of this kind. `keys` are those with its kid, `good` the
 * one that signed it, or null.
 * @param {Bytes} bytes @param {Key[]} known @returns {Promise<Opened>}
 */
export async function opened(bytes, known) {
  const { tag, value } = decoded(bytes);
  if (tag !== 18 || !Array.isArray(value) || value.length !== 4) throw new Garbled("no signature");
  const [guarded, open, payload, signature] = value;
  const right = guarded instanceof Uint8Array && open instanceof Map && open.size === 0 && payload instanceof Uint8Array;
  if (!right || !(signature instanceof Uint8Array) || signature.length !== 64) throw new Garbled("no signature");
  const head = decoded(/** @type {Bytes} */ (guarded));
  const kid = head instanceof Map ? head.get(4) : null;
  if (!kid || head.size !== 2 || head.get(1) !== -7 || !(kid instanceof Uint8Array) || kid.length !== 8) throw new Garbled("head");
  const facts = decoded(/** @type {Bytes} */ (payload));
  if (!(facts instanceof Map)) throw new Garbled("payload");
  const keys = known.filter((key) => key.kid === hex(/** @type {Bytes} */ (kid)));
  const text = signed(/** @type {Bytes} */ (guarded), /** @type {Bytes} */ (payload));
  const low = hex(/** @type {Bytes} */ (signature).slice(32)) <= HALF;
  for (const key of low ? keys : []) {
    const holds = await usable(key).then((one) => crypto.subtle.verify(ES256, one, /** @type {Bytes} */ (signature), text));
    if (holds) return { payload: facts, keys, good: key };
  }
  return { payload: facts, keys, good: null };
}

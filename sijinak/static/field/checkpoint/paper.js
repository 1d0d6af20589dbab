// @ts-check
/** A permit as its QR code says it, signed: what it says, and what is to be said of it. */

import { Garbled } from "./cbor.js";
import { hex, opened, unbase32 } from "./cose.js";

/** @typedef {import("./cose.js").Key} Key */
/** @typedef {Uint8Array<ArrayBuffer>} Bytes */
/** @typedef {"valid" | "altered" | "expired" | "revoked" | "used" | "replaced" | "wrong-key" | "wrong-host"} Verdict */
/**
 * @typedef {Object} Facts
 * @property {string} number
 * @property {number} issued  unix seconds
 * @property {number} until
 * @property {string} origin
 * @property {string} destination
 * @property {string} holder
 * @property {string} plate
 * @property {string} species
 * @property {[number, number]} sexes  males, females
 * @property {string[] | null} animals  each as ten hexadecimal digits, in the order of the list
 * @property {string} digest
 * @property {number} list
 * @property {number} index
 * @property {string} id
 * @property {number} version
 * @property {string} port
 * @property {number} kind  1 the recommendation, 2 the SKKH
 */
/** @typedef {{ verdict: Verdict, facts: Facts | null }} Read */

const LONGEST = 1200; // letters; thirty animals take about 520
const CLOCK = 86_400; // a phone's clock may be wrong by so much
const LIST_MOST = 30;
const TAG = 5; // bytes

/** @param {any} value @param {number} [most] */
const text = (value, most = 200) => typeof value === "string" && [...value].length <= most;
/** @param {any} value */
const whole = (value) => Number.isSafeInteger(value) && value >= 0;
/** @param {any} value @param {number} size */
const bytes = (value, size) => value instanceof Uint8Array && value.length === size;

/** Each key with what it must hold. @type {[number, (value: any) => boolean][]} */
const NEEDED = [
  [1, text], [2, whole], [3, whole], [4, text], [5, text], [6, (it) => text(it, 60)], [7, text], [8, text],
  [9, (it) => Array.isArray(it) && it.length === 2 && it.every(whole)],
  [10, (it) => it === undefined || (it instanceof Uint8Array && it.length > 0 && it.length <= LIST_MOST * TAG && it.length % TAG === 0)],
  [11, (it) => it === undefined || bytes(it, 16)],
  [12, whole], [13, whole], [14, (it) => bytes(it, 16)], [15, whole], [16, text], [17, (it) => it === 1 || it === 2],
];

/** Keys that we do not know are left alone: a newer office wrote them. @param {Map<number | string, any>} map @returns {Facts} */
function factsOf(map) {
  if (![...map.keys()].every((key) => typeof key === "number")) throw new Garbled("keys");
  for (const [key, holds] of NEEDED) if (!holds(map.get(key))) throw new Garbled(`field ${key}`);
  const [animals, digest] = [map.get(10), map.get(11)];
  if ((animals === undefined) === (digest === undefined)) throw new Garbled("animals");
  const id = hex(map.get(14)).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  return {
    number: map.get(1), issued: map.get(2), until: map.get(3), origin: map.get(4), destination: map.get(5),
    holder: map.get(6), plate: map.get(7), species: map.get(8), sexes: map.get(9),
    animals: animals ? Array.from({ length: animals.length / TAG }, (_, i) => hex(animals.slice(i * TAG, (i + 1) * TAG))) : null,
    digest: digest ? hex(digest) : "", list: map.get(12), index: map.get(13), id, version: map.get(15),
    port: map.get(16), kind: map.get(17),
  };
}

/** The signed part of an address that is ours, wholly ours; else the verdict on it. @param {string} said @param {string[]} homes */
function partOf(said, homes) {
  const found = said.length > LONGEST ? null : /^(https?:\/\/[a-z0-9.:[\]-]+)\/v\/([a-z2-7]+)$/i.exec(said);
  if (found && homes.includes(found[1].toLowerCase())) return { verdict: null, part: found[2].toUpperCase() };
  const ours = homes.some((home) => said.toLowerCase().startsWith(`${home}/`));
  return { verdict: /** @type {Verdict} */ (/^https?:/i.test(said) && !ours ? "wrong-host" : "altered"), part: "" };
}

/**
 * What the signature says; it never throws. States and lists are judged apart.
 * @param {string} said @param {Key[]} keys @param {string[]} homes addresses of our server, in small letters @param {number} now unix seconds
 * @returns {Promise<Read>}
 */
export async function readPaper(said, keys, homes, now) {
  const { verdict, part } = partOf(said, homes);
  if (verdict) return { verdict, facts: null };
  try {
    const found = await opened(unbase32(part), keys);
    if (found.keys.length === 0) return { verdict: "wrong-key", facts: null };
    if (!found.good) return { verdict: "altered", facts: null };
    const facts = factsOf(found.payload);
    if (!counts(found.good, facts.issued, now)) return { verdict: "wrong-key", facts: null };
    if (facts.issued > now + CLOCK) return { verdict: "altered", facts: null };
    return { verdict: facts.until < now ? "expired" : "valid", facts };
  } catch {
    return { verdict: "altered", facts: null };
  }
}

/** What a key signed counts until its own last moment; it may have been made while the worker made the paper. @param {Key} key @param {number} issued @param {number} now */
const counts = (key, issued, now) => !key.revoked && issued >= key.from - CLOCK && (key.until === null || now <= key.until);

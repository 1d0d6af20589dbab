// @ts-check
/**
 * A line in localStorage for every record that the server has not acknowledged, and the newest
 * link of the chain. A browser that throws IndexedDB away to make room leaves these alone.
 */

import { StorageFault } from "./fault.js";
import { base64, current, drawer, keys, read, remove, unbase64, write } from "./drawers.js";

/** @typedef {import("./types.js").Line} Line */
/** @typedef {import("./types.js").Tail} Tail */

const LINE = "line.";
const DIGITS = 12;

/** @param {Line} line */
export function put({ id, seq, prev, hash, sealed }) {
  try {
    write(LINE + id, [seq, prev, hash, base64(sealed)].join(" "));
  } catch (error) {
    throw new StorageFault("journal-full", error);
  }
}

/** @param {string[]} ids */
export function drop(ids) {
  for (const id of ids) remove(LINE + id);
}

/**
 * @param {string} [device]
 * @returns {Line[]}  in the order of their numbers
 */
export function lines(device = current()) {
  return ids(device)
    .map((id) => lineOf(id, read(LINE + id, device) ?? ""))
    .sort((a, b) => a.seq - b.seq);
}

/**
 * @param {string} [device]
 * @returns {string[]}
 */
export function ids(device = current()) {
  const start = drawer(device) + LINE;
  return keys()
    .filter((key) => key.startsWith(start))
    .map((key) => key.slice(start.length));
}

/** @returns {Tail|null} */
export function tail() {
  const text = read("tail");
  if (!text) return null;
  const [seq, hash] = text.split(" ");
  return { seq: Number(seq), hash };
}

/**
 * Never goes back. Always of one length, so that a full drawer can still take it.
 * @param {Tail} link
 */
export function setTail({ seq, hash }) {
  if (seq < (tail()?.seq ?? 0)) return;
  write("tail", `${String(seq).padStart(DIGITS, "0")} ${hash}`);
}

/**
 * @param {string} id
 * @param {string} text
 * @returns {Line}
 */
function lineOf(id, text) {
  const [seq, prev, hash, sealed] = text.split(" ");
  return { id, seq: Number(seq), prev, hash, sealed: unbase64(sealed) };
}

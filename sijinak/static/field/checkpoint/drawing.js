// @ts-check
/** Which animals of a truck are looked at: drawn from a seed, so that anybody can draw them again. */

import { hex } from "./cose.js";

/** 128 bits, in hexadecimal digits. */
export const newSeed = () => hex(crypto.getRandomValues(new Uint8Array(16)));

/** How many of so many heads. @param {[number, number][]} table up to so many heads: so many animals @param {number} heads */
export function howMany(table, heads) {
  const row = table.find(([upTo]) => heads <= upTo) ?? table[table.length - 1];
  return Math.min(heads, row?.[1] ?? heads);
}

/**
 * Positions from 1 to `heads`, each once, in their order. The n-th number of a seed is the first 48 bits of
 * SHA-256 over "sijinak-draw-v1", the seed and n, each on a line; it counts modulo the heads, and repeats are passed over.
 * @param {string} seed @param {number} heads @param {number} k @returns {Promise<number[]>}
 */
export async function drawn(seed, heads, k) {
  /** @type {Set<number>} */
  const found = new Set();
  for (let n = 0; found.size < Math.min(k, heads); n++) {
    const text = new TextEncoder().encode(`sijinak-draw-v1\n${seed}\n${n}`);
    const hash = new DataView(await crypto.subtle.digest("SHA-256", text));
    found.add(((hash.getUint16(0) * 2 ** 32 + hash.getUint32(2)) % heads) + 1);
  }
  return [...found].sort((a, b) => a - b);
}

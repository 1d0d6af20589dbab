// @ts-check
/** The signed list of what became of permits: two bits for each. */

import { Garbled } from "./cbor.js";
import { opened } from "./cose.js";

/** @typedef {{ list: number, made: number, fresh: number, states: Uint8Array<ArrayBuffer>, size: number }} StatusList */

const STATES = /** @type {const} */ (["valid", "revoked", "used", "replaced"]);
const LARGEST = 4_000_000;

/** @param {Uint8Array<ArrayBuffer>} squeezed @param {number} size in bytes */
async function inflated(squeezed, size) {
  if (size > LARGEST) throw new Garbled("too large");
  const reader = new Blob([squeezed]).stream().pipeThrough(new DecompressionStream("deflate")).getReader();
  const made = new Uint8Array(size);
  let at = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    if (at + value.length > size) throw new Garbled("longer than it says");
    made.set(value, at);
    at += value.length;
  }
  if (at !== size) throw new Garbled("shorter than it says");
  return made;
}

/**
 * Raises when it is not signed by one of the keys.
 * @param {Uint8Array<ArrayBuffer>} bytes @param {import("./cose.js").Key[]} keys @returns {Promise<StatusList>}
 */
export async function readStatus(bytes, keys) {
  const { payload, good } = await opened(bytes, keys.filter(({ revoked }) => !revoked));
  if (!good) throw new Garbled("not signed by us");
  const [list, made, fresh, size, squeezed] = [1, 2, 3, 4, 5].map((key) => payload.get(key));
  if (![list, made, fresh, size].every((it) => Number.isSafeInteger(it) && it >= 0) || size % 4 || !(squeezed instanceof Uint8Array)) throw new Garbled("payload");
  return { list, made, fresh, size, states: await inflated(/** @type {any} */ (squeezed), size / 4) };
}

/** What it says of one; null when it is not on it. @param {StatusList} list @param {number} index */
export const stateIn = ({ states, size }, index) => (index < size ? STATES[(states[index >> 2] >> ((index & 3) * 2)) & 3] : null);

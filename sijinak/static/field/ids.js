// @ts-check
/** Names for what is made here, without asking anybody. */

const VERSION = 0x70;
const VARIANT = 0x80;

/**
 * RFC 9562 UUIDv7: the server's indexes and lists stay in the order in which things were made.
 * @param {number} [at] milliseconds since 1970
 * @returns {string}
 */
export function newId(at = Date.now()) {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  for (let n = 5, rest = at; n >= 0; n--, rest = Math.floor(rest / 256)) bytes[n] = rest % 256;
  bytes[6] = VERSION | (bytes[6] & 0x0f);
  bytes[8] = VARIANT | (bytes[8] & 0x3f);
  const text = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return text.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

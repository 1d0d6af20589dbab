// @ts-check
/** The text of a record, and the chain that shows that none is missing or changed. */

/** @typedef {import("./types.js").Kind} Kind */
/** @typedef {import("./types.js").Position} Position */

const VERSION = 1;

/**
 * The body of a record: this text is hashed, sealed and sent, letter for letter.
 * @param {{id: string, device: string, seq: number, kind: Kind, author: string, at: string,
 *   pos: Position|null, data: Object<string, any>}} record
 * @returns {string}
 */
export function bodyText({ id, device, seq, kind, author, at, pos, data }) {
  return JSON.stringify({ id, device, seq, kind, v: VERSION, author, at, pos, data });
}

/**
 * What stands before the first record of a device.
 * @param {string} device
 */
export const firstLink = (device) => sha256(`sijinak-device\n${device}`);

/**
 * @param {string} prev
 * @param {string} body
 */
export const linkHash = (prev, body) => sha256(`${prev}\n${body}`);

/**
 * @param {string} text
 * @returns {Promise<string>}  hexadecimal
 */
export async function sha256(text) {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * The hour of this phone with its offset: 2026-11-22T08:03:11.123+08:00.
 * @param {Date} [date]
 */
export function deviceTime(date = new Date()) {
  const offset = -date.getTimezoneOffset();
  const local = new Date(date.getTime() + offset * 60_000).toISOString().slice(0, -1);
  const minutes = Math.abs(offset);
  const pad = (/** @type {number} */ n) => String(n).padStart(2, "0");
  return `${local}${offset < 0 ? "-" : "+"}${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;
}

// @ts-check
/** The server's signature under "I have this record". */

import { unbase64 } from "./drawers.js";

/** @typedef {import("./types.js").Receipt} Receipt */

// A record that came twice has the receipt of the first time.
const VERDICTS = ["accepted", "duplicate", "review"];

/**
 * True or false; null where this browser knows no Ed25519.
 * @param {Receipt|null|undefined} receipt
 * @param {{id: string, hash: string}} record
 * @param {{kid: string, key: string}[]} keys
 * @returns {Promise<boolean|null>}
 */
export async function holds(receipt, { id, hash }, keys) {
  const raw = keys.find(({ kid }) => kid === receipt?.kid)?.key;
  if (!receipt || !raw) return false;
  const key = await imported(raw);
  if (!key) return null;
  const said = VERDICTS.map((verdict) => signedBy(key, receipt, [id, hash, verdict, receipt.at]));
  return (await Promise.all(said)).includes(true);
}

/**
 * @param {CryptoKey} key
 * @param {Receipt} receipt
 * @param {string[]} words
 */
function signedBy(key, { sig }, words) {
  const text = new TextEncoder().encode(["sijinak-receipt-v1", ...words].join("\n"));
  return crypto.subtle.verify("Ed25519", key, unbase64(sig), text);
}

/** @param {string} raw */
async function imported(raw) {
  try {
    return await crypto.subtle.importKey("raw", unbase64(raw), "Ed25519", false, ["verify"]);
  } catch (error) {
    if (error instanceof DOMException && error.name === "NotSupportedError") return null;
    throw error;
  }
}

// @ts-check
/** The last way out: a signed file with every record that the server has not, for the office. */

import { alone } from "./alone.js";
import { base64, current, read } from "./drawers.js";
import { bySeq, entryOf, inState, waiting } from "./rows.js";
import { read as ask } from "./store.js";

/** @typedef {import("./types.js").Wire} Wire */

const KEY = { name: "ECDSA", namedCurve: "P-256" };

/** The key of this phone: its private half can sign here and never leaves. */
export const newKeys = () =>
  /** @type {Promise<CryptoKeyPair>} */ (crypto.subtle.generateKey(KEY, false, ["sign", "verify"]));

/** @returns {Promise<CryptoKeyPair|undefined>} gone when the browser erased the database */
export const keys = () => ask(["meta"], (meta) => meta.get("keys"));

/** @param {CryptoKeyPair} pair */
export async function publicKey({ publicKey }) {
  return base64(new Uint8Array(await crypto.subtle.exportKey("spki", publicKey)));
}

/**
 * Without a key of this phone the file has no signature, and the office looks at every record.
 * @returns {Promise<Blob>}
 */
export async function exportFile() {
  return alone(`outbox-${current()}`, async () => {
    const records = await unsent();
    const device = current();
    const exported_at = new Date().toISOString();
    const signature = await signed(device, exported_at, records);
    const author = JSON.parse(read("device") ?? "{}").user_id;
    const file = { format: "sijinak-field-export", v: 1, device, author, exported_at, records, signature };
    return new Blob([JSON.stringify(file)], { type: "application/json" });
  });
}

/** @returns {Promise<Wire[]>} */
async function unsent() {
  const needing = (await inState("needs-you")).filter(({ aside }) => !aside);
  const rows = [...(await waiting()), ...needing].sort(bySeq);
  return Promise.all(rows.map(async (row) => wireOf(await entryOf(row))));
}

/**
 * @param {Wire} record
 * @returns {Wire}
 */
export const wireOf = ({ id, seq, prev, hash, body }) => ({ id, seq, prev, hash, body });

/**
 * @param {string} device
 * @param {string} exportedAt
 * @param {Wire[]} records
 * @returns {Promise<string>}
 */
async function signed(device, exportedAt, records) {
  const pair = await keys();
  if (!pair) return "";
  const hashes = records.map(({ hash }) => hash).join("\n");
  const text = new TextEncoder().encode(`sijinak-export-v1\n${device}\n${exportedAt}\n${hashes}`);
  const how = { name: "ECDSA", hash: "SHA-256" };
  return base64(new Uint8Array(await crypto.subtle.sign(how, pair.privateKey, text)));
}

// @ts-check
/** What this phone knows of itself: whose it is in clear, its token and names sealed. */

import { base64, current, read, unbase64, write } from "./drawers.js";
import { clockOffset } from "./clock.js";
import { isOpen, seal, unseal } from "./vault.js";

/** @typedef {import("./types.js").Device} Device */
/**
 * @typedef {{token: string, recovery: string, user_name: string, name: string,
 *   villages: [string, string][], receipt_keys: {kid: string, key: string}[]}} Secrets
 */

/** @type {Secrets} */
const NONE = { token: "", recovery: "", user_name: "", name: "", villages: [], receipt_keys: [] };

/**
 * @param {string} [device]
 * @returns {{user_id: string, expires_at: string, sealed: string}|null}
 */
export const card = (device = current()) => JSON.parse(read("device", device) ?? "null");

/**
 * @param {{user_id: string, expires_at: string}} clear
 * @param {Secrets} secrets
 */
export async function keepCard({ user_id, expires_at }, secrets) {
  const sealed = base64(await seal(secrets));
  write("device", JSON.stringify({ user_id, expires_at, sealed }));
}

/** @returns {Promise<Secrets>} empty ones while the vault is locked */
export async function secrets() {
  const kept = card();
  return kept && isOpen() ? unseal(unbase64(kept.sealed)) : NONE;
}

/** What goes into the header that says which phone asks. */
export const authorization = async () => `Device ${current()}.${(await secrets()).token}`;

/** @returns {Promise<Device|null>} */
export async function device() {
  const kept = card();
  if (!kept) return null;
  const { token, user_name, name, villages, receipt_keys } = await secrets();
  const user = { id: kept.user_id, name: user_name };
  const clear = { id: current(), user, name, expires_at: kept.expires_at };
  return { ...clear, token, villages, receipt_keys, clockOffset: clockOffset() };
}

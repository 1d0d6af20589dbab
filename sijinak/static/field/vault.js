// @ts-check
/**
 * Everything personal on this phone is sealed with one data key (AES-256-GCM). Two wraps of that
 * key are kept: by the officer's PIN, and by a recovery key that lies on the server.
 */

import { base64, read, remove, unbase64, write } from "./drawers.js";

export const PIN_LENGTH = 6;
const ROUNDS = 600_000;
const LONGEST_WAIT = 5 * 60_000;

/** @type {CryptoKey|null} */
let key = null;

/**
 * Make the data key of the device in use, and open the vault.
 * @param {string} pin
 * @returns {Promise<{recovery: string}>}
 */
export async function create(pin) {
  const raw = random(32);
  const recovery = random(32);
  await keep(raw, pin, await wrap(await plainKey(recovery), raw));
  key = await plainKey(raw);
  return { recovery: base64(recovery) };
}

/**
 * False when the PIN is wrong, or when it is too soon after a wrong one (see waitMs).
 * @param {string} pin
 * @returns {Promise<boolean>}
 */
export async function open(pin) {
  const kept = stored();
  if (!kept || waitMs() > 0) return false;
  const raw = await unwrap(await pinKey(pin, unbase64(kept.salt), kept.rounds), kept.pin);
  if (!raw) {
    slowDown();
    return false;
  }
  key = await plainKey(raw);
  remove("tries");
  return true;
}

/**
 * For a forgotten PIN: the recovery key from the server, and a new PIN.
 * @param {string} recovery
 * @param {string} newPin
 * @returns {Promise<boolean>}
 */
export async function openWithRecovery(recovery, newPin) {
  const kept = stored();
  const raw = kept && (await unwrap(await plainKey(unbase64(recovery)), kept.recovery));
  if (!kept || !raw) return false;
  await keep(raw, newPin, kept.recovery);
  key = await plainKey(raw);
  remove("tries");
  return true;
}

export function lock() {
  key = null;
}

export const isOpen = () => key !== null;

export const exists = () => stored() !== null;

/** How long the next try of a PIN must still wait, in milliseconds. */
export function waitMs() {
  const { until, delay } = tries();
  return Math.max(0, Math.min(until - Date.now(), delay));
}

/**
 * @param {unknown} value  anything that JSON can hold
 * @returns {Promise<Uint8Array>}
 */
export async function seal(value) {
  return encrypt(opened(), new TextEncoder().encode(JSON.stringify(value)));
}

/**
 * @param {Uint8Array} bytes
 * @returns {Promise<any>}
 */
export async function unseal(bytes) {
  return JSON.parse(new TextDecoder().decode(await decrypt(opened(), bytes)));
}

function opened() {
  if (!key) throw new Error("the vault is locked");
  return key;
}

/** @returns {{rounds: number, salt: string, pin: string, recovery: string}|null} */
const stored = () => JSON.parse(read("vault") ?? "null");

/**
 * @param {Uint8Array<ArrayBuffer>} raw
 * @param {string} pin
 * @param {string} recovery  the data key, wrapped by the recovery key
 */
async function keep(raw, pin, recovery) {
  if (pin.length < PIN_LENGTH) throw new Error("the PIN is too short");
  const salt = random(16);
  const wrapped = await wrap(await pinKey(pin, salt, ROUNDS), raw);
  write("vault", JSON.stringify({ rounds: ROUNDS, salt: base64(salt), pin: wrapped, recovery }));
}

/** @returns {{count: number, until: number, delay: number}} */
const tries = () => JSON.parse(read("tries") ?? '{"count":0,"until":0,"delay":0}');

// 1 s, 2 s, 4 s …; kept, so that closing the app does not help.
function slowDown() {
  const { count } = tries();
  const delay = Math.min(1000 * 2 ** count, LONGEST_WAIT);
  write("tries", JSON.stringify({ count: count + 1, until: Date.now() + delay, delay }));
}

/**
 * @param {string} pin
 * @param {Uint8Array<ArrayBuffer>} salt
 * @param {number} iterations
 */
async function pinKey(pin, salt, iterations) {
  const typed = new TextEncoder().encode(pin);
  const material = await crypto.subtle.importKey("raw", typed, "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations };
  const made = { name: "AES-GCM", length: 256 };
  return crypto.subtle.deriveKey(how, material, made, false, ["encrypt", "decrypt"]);
}

/** @param {Uint8Array<ArrayBuffer>} raw */
const plainKey = (raw) =>
  crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);

/**
 * @param {CryptoKey} by
 * @param {Uint8Array<ArrayBuffer>} raw
 */
const wrap = async (by, raw) => base64(await encrypt(by, raw));

/**
 * @param {CryptoKey} by
 * @param {string} wrapped
 * @returns {Promise<Uint8Array<ArrayBuffer>|null>}  null when the key does not fit
 */
const unwrap = (by, wrapped) => decrypt(by, unbase64(wrapped)).catch(() => null);

/**
 * @param {CryptoKey} by
 * @param {Uint8Array<ArrayBuffer>} plain
 */
async function encrypt(by, plain) {
  const iv = random(12);
  const sealed = new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv }, by, plain));
  const whole = new Uint8Array(iv.length + sealed.length);
  whole.set(iv);
  whole.set(sealed, iv.length);
  return whole;
}

/**
 * @param {CryptoKey} by
 * @param {Uint8Array} bytes
 */
async function decrypt(by, bytes) {
  const iv = bytes.slice(0, 12);
  return new Uint8Array(
    await crypto.subtle.decrypt({ name: "AES-GCM", iv }, by, bytes.slice(12)),
  );
}

/** @param {number} length */
const random = (length) => crypto.getRandomValues(new Uint8Array(length));

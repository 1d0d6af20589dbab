// @ts-check
/** Where things lie in localStorage: one drawer for each device, and which device is in use. */

const ROOT = "sijinak.field.";
const DATABASE = "sijinak-field-";
const CURRENT = `${ROOT}current`;

/** @returns {string} id of the device in use, or "" */
export const current = () => localStorage.getItem(CURRENT) ?? "";

/** @param {string} device */
export const choose = (device) => localStorage.setItem(CURRENT, device);

/** @param {string} device */
export const drawer = (device) => `${ROOT}${device}.`;

/** @param {string} device */
export const databaseName = (device) => DATABASE + device;

/**
 * @param {string} name  of a database
 * @returns {string}  the device that it is of, or ""
 */
export const deviceOf = (name) => (name.startsWith(DATABASE) ? name.slice(DATABASE.length) : "");

/**
 * @param {string} name
 * @param {string} [device]
 * @returns {string|null}
 */
export const read = (name, device = current()) => localStorage.getItem(drawer(device) + name);

/**
 * @param {string} name
 * @param {string} text
 * @param {string} [device]
 */
export const write = (name, text, device = current()) =>
  localStorage.setItem(drawer(device) + name, text);

/**
 * @param {string} name
 * @param {string} [device]
 */
export const remove = (name, device = current()) => localStorage.removeItem(drawer(device) + name);

/** @returns {string[]} every device that has a drawer here */
export function devices() {
  return keys()
    .filter((key) => key.startsWith(ROOT) && key.endsWith(".device"))
    .map((key) => key.slice(ROOT.length, -".device".length))
    .sort();
}

/** @returns {string[]} */
export const keys = () =>
  Array.from({ length: localStorage.length }, (_, i) => localStorage.key(i) ?? "");

/**
 * Forget all that lies here of a device.
 * @param {string} device
 */
export function forget(device) {
  for (const key of keys()) if (key.startsWith(drawer(device))) localStorage.removeItem(key);
  if (current() === device) localStorage.removeItem(CURRENT);
}

/**
 * @param {Uint8Array} bytes
 * @returns {string}
 */
export function base64(bytes) {
  let text = "";
  for (let i = 0; i < bytes.length; i += 8192)
    text += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return btoa(text);
}

/**
 * @param {string} text
 * @returns {Uint8Array<ArrayBuffer>}
 */
export const unbase64 = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));

// @ts-check
/** Who wants to know when records change, in this tab and in the others. */

/** @type {Set<() => void>} */
const listeners = new Set();
const others = "BroadcastChannel" in globalThis ? new BroadcastChannel("sijinak-field") : null;
if (others) others.onmessage = tell;

function tell() {
  for (const listener of listeners) listener();
}

/** Something changed here. */
export function changed() {
  tell();
  others?.postMessage("changed");
}

/**
 * @param {() => void} listener
 * @returns {() => void} stops it
 */
export function onChange(listener) {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

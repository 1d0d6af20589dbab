// @ts-check
/** Whether the browser promised to keep the records; without that, only on the vet's own word. */

import * as device from "./device.js";
import { isoDay } from "./words.js";

const KEY = "lapangan.anyway";

/** @param {boolean} ask whether the browser may be asked now @returns {Promise<string>} */
export async function gate(ask) {
  if (!ask && (await navigator.storage?.persisted?.().catch(() => false))) return "persistent";
  return ask ? device.persistGate() : "refused";
}

/** @param {string} kept */
export const passed = (kept) => kept === "persistent" || localStorage.getItem(KEY) === isoDay();

/** For today the vet takes it upon himself. */
export const allow = () => localStorage.setItem(KEY, isoDay());

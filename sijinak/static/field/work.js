// @ts-check
/** What is being given now: product, lot, campaign and village, remembered for the day. */

import { newId } from "./ids.js";
import { isoDay } from "./words.js";

const KEY = "lapangan.work";

/** @typedef {{ round: string, product: string, lot: string, campaign: string | null, village: string, day: string }} Work */

/** @returns {Work | null} what was chosen last, also on another day */
export function remembered() {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "null");
  } catch {
    return null;
  }
}

/** @returns {Work | null} */
export function current() {
  const kept = remembered();
  return kept && kept.day === isoDay() ? kept : null;
}

/** The same choice on the same day is the same round. @param {Omit<Work, "round" | "day">} chosen @returns {Work} */
export function choose({ product, lot, campaign, village }) {
  const before = current();
  const wanted = { product, lot, campaign, village };
  const same = before && Object.entries(wanted).every(([name, value]) => value === /** @type {any} */ (before)[name]);
  const work = { ...wanted, round: same ? before.round : newId(), day: isoDay() };
  localStorage.setItem(KEY, JSON.stringify(work));
  return work;
}

// @ts-check
/** How often animals of a permit were drawn on this phone without a decision: it outlives the page. */

const KEY = "periksa.draws";

/** @returns {Record<string, number>} by permit */
function counts() {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "{}") ?? {};
  } catch {
    return {};
  }
}

/** @param {Record<string, number>} found */
const keep = (found) => localStorage.setItem(KEY, JSON.stringify(found));

/** Count one more; how many came before it. @param {string} permit */
export function countDraw(permit) {
  const before = counts()[permit] ?? 0;
  keep({ ...counts(), [permit]: before + 1 });
  return before;
}

/** It was decided. @param {string} permit */
export function forgetDraws(permit) {
  const { [permit]: _, ...rest } = counts();
  keep(rest);
}

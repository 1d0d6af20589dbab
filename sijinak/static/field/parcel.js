// @ts-check
/** What one request carries, and what is put by because none can carry it. */

import { UNSENDABLE } from "./device.js";
import { changeRows, sealedAnswer } from "./rows.js";
import { changed } from "./telling.js";

/** @typedef {import("./types.js").Row} Row */

const BYTES = 200_000;

/**
 * As many of the first as one request may carry.
 * @param {Row[]} rows
 */
export function fitting(rows) {
  let bytes = 0;
  return rows.filter(({ sealed }, i) => (bytes += sealed.length + 300) <= BYTES || i === 0);
}

/** @param {Row} row */
export async function putBy({ id }) {
  const answer = await sealedAnswer({ reason: UNSENDABLE });
  await changeRows([id], (row) => ({ ...row, state: "needs-you", answer }));
  changed();
}

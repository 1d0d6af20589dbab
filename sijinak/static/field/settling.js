// @ts-check
/** What the server answered, written down on the phone. */

import * as journal from "./journal.js";
import { secrets } from "./card.js";
import { status } from "./device.js";
import { read } from "./drawers.js";
import { holds } from "./receipts.js";
import { changeRows, sealedAnswer } from "./rows.js";

/** @typedef {import("./types.js").Answer} Answer */
/** @typedef {import("./types.js").Row} Row */
/** @typedef {import("./types.js").State} State */

/**
 * Answers how many were received, and whether a receipt was false: such a record still waits.
 * @param {Row[]} rows  as they were sent
 * @param {Answer[]} answers
 * @returns {Promise<{received: number, doubtful: boolean}>}
 */
export async function settle(rows, answers) {
  /** @type {Map<string, {state: State, answer: Uint8Array}>} */
  const settled = new Map();
  const keys = await keysFor(answers);
  let doubtful = false;
  for (const answer of answers) {
    const row = rows.find(({ id }) => id === answer.id);
    const state = row && (await stateAfter(row, answer, keys));
    if (row && !state) doubtful = true;
    if (row && state) settled.set(row.id, { state, answer: await sealedAnswer(spoken(answer)) });
  }
  const receivedAt = read("server_time") ?? "";
  await changeRows([...settled.keys()], (row) => ({ ...row, receivedAt, ...settled.get(row.id) }));
  const received = [...settled].filter(([, { state }]) => state === "received").map(([id]) => id);
  journal.drop(received);
  return { received: received.length, doubtful };
}

/**
 * @param {Row} row
 * @param {Answer} answer
 * @param {{kid: string, key: string}[]} keys
 * @returns {Promise<State|null>}  null when the receipt is false
 */
async function stateAfter(row, answer, keys) {
  if (answer.verdict === "retry") return "saved";
  if (answer.verdict === "conflict" || answer.verdict === "rejected") return "needs-you";
  const genuine = await holds(answer.receipt, row, keys);
  if (answer.receipt) answer.receipt.checked = genuine === true;
  return genuine === false ? null : "received";
}

// A key that is new to this phone is asked for once.
/** @param {Answer[]} answers */
async function keysFor(answers) {
  const { receipt_keys } = await secrets();
  const known = receipt_keys.map(({ kid }) => kid);
  if (answers.every(({ receipt }) => !receipt || known.includes(receipt.kid))) return receipt_keys;
  await status();
  return (await secrets()).receipt_keys;
}

/**
 * @param {Answer} answer
 * @returns {Partial<Answer>}
 */
function spoken({ verdict, reason, review, facts, receipt }) {
  const needs = verdict === "conflict" || verdict === "rejected";
  return { reason: reason || (needs ? verdict : ""), review, facts, receipt };
}

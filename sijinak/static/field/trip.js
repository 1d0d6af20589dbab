// @ts-check
/** One flush: what waits goes to the server in small batches, and no record stops another. */

import { authorization, card } from "./card.js";
import { noteServerTime } from "./clock.js";
import { status, wipe } from "./device.js";
import { current } from "./drawers.js";
import { wireOf } from "./export.js";
import { StorageFault } from "./fault.js";
import { APP_VERSION, Trouble, call } from "./http.js";
import { counts, resendFrom } from "./outbox.js";
import { fitting, putBy } from "./parcel.js";
import { sendPhoto, unsentPhotos } from "./photos.js";
import { changeRows, entryOf, waiting } from "./rows.js";
import { settle } from "./settling.js";
import { changed } from "./telling.js";
import { isOpen } from "./vault.js";

/** @typedef {import("./types.js").Row} Row */
/** @typedef {import("./types.js").Standing} Standing */
/** @typedef {{sent: number, waiting: number}} Progress */
/**
 * A flush under way: `after` is the last number that was tried, `size` how many go at once.
 * @typedef {Object} Trip
 * @property {string} device
 * @property {number} sent
 * @property {number} after
 * @property {number} size
 * @property {boolean} stumbled  the last request failed at the server
 * @property {boolean} resent
 * @property {Standing} state
 * @property {string} trouble
 * @property {[number, number][]} gaps
 * @property {number|null} resendFrom
 * @property {(progress: Progress) => void} tell
 */

const BATCH = 25;
const REFUSED = [400, 413, 422];
const OWN = ["offline", "timeout", "server", "portal", "sign-in", "locked", "unsent"];

/**
 * @param {(progress: Progress) => void} tell
 * @returns {Promise<Trip>}
 */
export async function travel(tell) {
  /** @type {Trip} */
  const trip = {
    ...{ device: current(), sent: 0, after: 0, size: BATCH, stumbled: false, resent: false },
    ...{ state: "ok", trouble: "", gaps: [], resendFrom: null, tell },
  };
  try {
    await goThrough(trip);
  } catch (error) {
    trip.trouble = codeOf(error);
    if (trip.trouble === "fault") console.error(error);
  }
  return trip;
}

/** @param {Trip} trip */
async function goThrough(trip) {
  if (!card()) throw new Trouble("sign-in");
  if (!isOpen()) throw new Trouble("locked");
  // With nothing to send, the server may still have something to say.
  if ((await waiting(0, 1)).length === 0) note(trip, await status());
  do {
    while (await step(trip));
  } while (await resend(trip));
  await sendPhotos(trip);
  if (trip.state !== "ok" && (await waiting(0, 1)).length === 0 && !(await unsentPhotos())) {
    await wipe();
    trip.state = "wiped";
  }
}

/**
 * One by one, after the records; whatever was recorded meanwhile goes first.
 * @param {Trip} trip
 */
async function sendPhotos(trip) {
  const tried = new Set();
  while (current() === trip.device && (await sendPhoto(await authorization(), tried))) {
    while (await step(trip));
  }
}

/**
 * @param {Trip} trip
 * @returns {Promise<boolean>}  false when nothing more waits
 */
async function step(trip) {
  const rows = fitting(await waiting(trip.after, trip.size));
  if (rows.length === 0) return false;
  try {
    const said = await post(trip, rows);
    note(trip, said);
    await receive(trip, rows, said.records);
  } catch (error) {
    if (!(await goOn(trip, rows, error))) throw error;
  }
  return true;
}

/**
 * @param {Trip} trip
 * @param {Row[]} rows
 * @param {import("./types.js").Answer[]} answers
 */
async function receive(trip, rows, answers) {
  const { received, doubtful } = await settle(rows, answers);
  if (doubtful) trip.trouble = "receipt";
  trip.sent += received;
  trip.after = rows[rows.length - 1].seq;
  trip.size = Math.min(BATCH, trip.size * 2);
  trip.stumbled = false;
  changed();
  trip.tell({ sent: trip.sent, waiting: (await counts()).saved });
}

/**
 * The server would not have this batch: try smaller ones, so that one record stops no other.
 * @param {Trip} trip
 * @param {Row[]} rows
 * @param {unknown} error
 * @returns {Promise<boolean>}
 */
async function goOn(trip, rows, error) {
  const status = error instanceof Trouble ? error.status : 0;
  const refused = REFUSED.includes(status);
  if (!refused && status !== 500) return false;
  if (rows.length > 1) {
    trip.size = Math.ceil(rows.length / 2);
    return true;
  }
  if (!refused && trip.stumbled) return false;
  trip.after = rows[0].seq;
  if (refused) await putBy(rows[0]);
  else {
    trip.stumbled = true;
    trip.trouble = "server";
  }
  return true;
}

/**
 * @param {Trip} trip
 * @param {Row[]} rows
 */
async function post({ device }, rows) {
  const records = await Promise.all(rows.map(async (row) => wireOf(await entryOf(row))));
  await changeRows(rows.map(({ id }) => id), (row) => ({ ...row, state: "sent" }));
  const { saved } = await counts();
  const sent_at = new Date().toISOString();
  const json = { device, app: APP_VERSION, sent_at, unsent: saved, records };
  const token = await authorization();
  // Another officer took over in the meantime: nothing goes out in their name.
  if (current() !== device) throw new Trouble("locked");
  const said = await call("/sync", { method: "POST", json, authorization: token });
  if (!Array.isArray(said?.records)) throw new Trouble("portal");
  noteServerTime(said.server_time);
  return said;
}

/**
 * @param {Trip} trip
 * @param {any} said
 */
function note(trip, said) {
  trip.state = said.state === "revoked" || said.state === "closed" ? said.state : "ok";
  trip.gaps = said.gaps ?? [];
  trip.resendFrom = said.resend_from ?? null;
}

/**
 * The server lacks records that it once received. Asked for once in a flush.
 * @param {Trip} trip
 */
async function resend(trip) {
  if (trip.resent) return false;
  trip.resent = true;
  let again = trip.resendFrom === null ? 0 : await resendFrom(trip.resendFrom);
  for (const [from, to] of trip.gaps) again += await resendFrom(from, to);
  trip.after = 0;
  return again > 0;
}

/** @param {unknown} error */
function codeOf(error) {
  if (error instanceof StorageFault) return "storage";
  if (!isOpen()) return "locked";
  if (!(error instanceof Trouble)) return "fault";
  if (error.status === 401) return "sign-in";
  return OWN.includes(error.code) ? error.code : "server";
}

// @ts-check
/** This phone: made known to the server, signed in again, checked, wiped. */

import * as drawers from "./drawers.js";
import * as journal from "./journal.js";
import * as outbox from "./outbox.js";
import * as store from "./store.js";
import * as vault from "./vault.js";
import { authorization, card, device, keepCard, secrets } from "./card.js";
import { noteServerTime } from "./clock.js";
import { keys, newKeys, publicKey } from "./export.js";
import { APP_VERSION, Trouble, call } from "./http.js";
import { newId } from "./ids.js";
import { unsentPhotos } from "./photos.js";
import { entryOf, rowBy } from "./rows.js";

/** @typedef {import("./types.js").Device} Device */

export const UNSENDABLE = "unsendable";

/**
 * Once, when the page starts: which phone this is. If localStorage was cleared, it is filled
 * again from the copies in the database.
 * @returns {Promise<Device|null>}
 */
export async function start() {
  if (drawers.devices().length === 0) await fetchCopies();
  // A set-up that was broken off in the middle.
  if (drawers.current() && !card() && journal.ids().length === 0) drawers.forget(drawers.current());
  const [first] = drawers.devices();
  if (!card() && first) drawers.choose(first);
  return device();
}

/** @returns {Promise<Device|null>} its token and names are empty while the vault is locked */
export const current = () => device();

/**
 * Make this phone known, in the hands of who is signed in. What lies here of others stays sealed.
 * @param {string} pin
 * @param {string} name
 * @returns {Promise<Device|null>}
 */
export async function enrol(pin, name) {
  const before = drawers.current();
  const id = newId();
  drawers.choose(id);
  try {
    const { recovery } = await vault.create(pin);
    const pair = await newKeys();
    await introduce(id, name, pair, recovery);
    await outbox.open();
    await store.write(["meta"], (meta) => meta.put(pair, "keys"));
  } catch (error) {
    vault.lock();
    drawers.forget(id);
    if (before) drawers.choose(before);
    throw error;
  }
  return device();
}

/** A new token, for who is signed in; it must be the officer of this phone. */
export async function renew() {
  const kept = await secrets();
  const pair = await keys();
  if (!pair) return introduceAgain();
  try {
    const fresh = await asked(`/devices/${drawers.current()}/renew`);
    await keepCard({ user_id: card()?.user_id ?? "", ...fresh }, { ...kept, token: fresh.token });
  } catch (error) {
    if (!(error instanceof Trouble) || error.status !== 404) throw error;
    await introduceAgain();
  }
}

/**
 * The PIN is forgotten: the server gives the recovery key to the officer who signed in.
 * @param {string} newPin
 * @returns {Promise<boolean>}
 */
export async function recover(newPin) {
  const { recovery } = await asked(`/devices/${drawers.current()}/recovery`);
  return vault.openWithRecovery(recovery, newPin);
}

/**
 * What the server says of this phone: state, gaps, clock, keys.
 * @returns {Promise<any>}
 */
export async function status() {
  const said = await call("/status", { authorization: await authorization() });
  if (!said?.server_time) throw new Trouble("portal");
  noteServerTime(said.server_time);
  const kept = card();
  const { receipt_keys, villages } = said;
  // The working area may have changed; a phone that may not work keeps the list it has.
  const fresh = villages?.length ? { receipt_keys, villages } : { receipt_keys };
  if (kept) await keepCard(kept, { ...(await secrets()), ...fresh });
  return said;
}

/**
 * The outboxes on this phone that are not the open one: whose, and how many records wait.
 * @returns {Promise<{id: string, user: string, waiting: number, mine: boolean}[]>}
 */
export async function others() {
  const ids = drawers.devices().filter((id) => id !== drawers.current());
  return ids.map((id) => {
    const user = card(id)?.user_id ?? "";
    return { id, user, waiting: journal.ids(id).length, mine: user === card()?.user_id };
  });
}

/** @param {string} id  one of others() */
export function switchTo(id) {
  vault.lock();
  store.close();
  drawers.choose(id);
}

/** Forget everything of this officer; never while the server lacks a record. Also the log-out. */
export async function wipe() {
  if (await somethingUnsent()) throw new Trouble("unsent");
  const id = drawers.current();
  const token = await authorization();
  await store.erase(id);
  drawers.forget(id);
  vault.lock();
  await call("/wiped", { method: "POST", json: {}, authorization: token }).catch(() => undefined);
}

/**
 * Ask the browser never to throw our data away.
 * @returns {Promise<"persistent"|"refused"|"unsupported">}
 */
export async function persistGate() {
  const storage = globalThis.navigator?.storage;
  if (!storage?.persist) return "unsupported";
  return (await storage.persisted()) || (await storage.persist()) ? "persistent" : "refused";
}

// Every record that the server lacks has a line in the journal; photos lie in the database alone.
async function somethingUnsent() {
  if (await unsentPhotos()) return true;
  for (const id of journal.ids()) {
    const row = await rowBy(id);
    if (row?.state !== "needs-you" || (await entryOf(row)).reason === UNSENDABLE) return true;
  }
  return false;
}

/**
 * @param {string} id
 * @param {string} name
 * @param {CryptoKeyPair} pair
 * @param {string} recovery
 */
async function introduce(id, name, pair, recovery) {
  const platform = (globalThis.navigator?.userAgent || "unknown").slice(0, 200);
  const public_key = await publicKey(pair);
  const phone = { id, name, platform, public_key, recovery, app: APP_VERSION };
  const said = await asked("/devices", phone);
  const { token, expires_at, user, villages, receipt_keys } = said;
  const kept = { token, recovery, user_name: user.name, name, villages, receipt_keys };
  await keepCard({ user_id: user.id, expires_at }, kept);
  noteServerTime(said.server_time);
}

// The same phone once more: its signing key is gone, or the server has forgotten the phone.
async function introduceAgain() {
  const { name, recovery } = await secrets();
  const pair = (await keys()) ?? (await newKeys());
  await introduce(drawers.current(), name, pair, recovery);
  await store.write(["meta"], (meta) => meta.put(pair, "keys"));
}

/**
 * @param {string} path
 * @param {unknown} [json]
 */
async function asked(path, json = {}) {
  try {
    return await call(path, { method: "POST", json });
  } catch (error) {
    throw error instanceof Trouble && error.status === 401 ? new Trouble("sign-in", 401) : error;
  }
}

async function fetchCopies() {
  const found = (await globalThis.indexedDB.databases?.()) ?? [];
  for (const { name } of found) {
    const id = drawers.deviceOf(name ?? "");
    const copies = id && (await store.open(id).then(() => store.read(["meta"], (m) => m.get("copies"))));
    if (!copies?.device) continue;
    drawers.write("vault", copies.vault, id);
    drawers.write("device", copies.device, id);
  }
  store.close();
}

// @ts-check
/** What a check needs without a network: keys, the signed list, and the permits of the port, sealed. */

import { authorization } from "../card.js";
import { current, unbase64 } from "../drawers.js";
import { Trouble, call } from "../http.js";
import { read, write } from "../store.js";
import { isOpen, seal, unseal } from "../vault.js";
import { readStatus } from "./status.js";

/** @typedef {import("./cose.js").Key} Key */
/** @typedef {{ at: string, post: string, port: string }} Use */
/**
 * @typedef {{ id: string, number: string, state: string, tags: string[], plate: string, until: string,
 *   sexes: [number, number], species: string, used: Use | null, lacks: string[] }} Known
 * @typedef {{ fetched: string, port: string, ports: [string, string][], places: Record<string, string>, draw: [number, number][],
 *   keys: Key[], lists: import("./status.js").StatusList[], permits: Map<string, Known> }} Supply
 */

const SLOT = "checkpoint";
const TIMEOUT = 60_000;
/** @type {{ name: string, supply: Supply } | null} */
let kept = null;

/** Keys and lists first: without them a paper proves nothing. @param {string} port "" for the ports alone */
export async function fetchSupply(port) {
  const token = await authorization();
  const pack = await call(`/api/v1/checkpoint/pack?port=${encodeURIComponent(port)}`, { authorization: token, timeout: TIMEOUT });
  const { keys } = await call("/api/v1/permits/keys");
  if (pack?.v !== 1 || !Array.isArray(keys)) throw new Trouble("portal");
  const lists = await Promise.all(pack.lists.map(async (/** @type {number} */ n) => (await call(`/api/v1/permits/status/${n}`)).list));
  const sealed = await seal({ fetched: new Date().toISOString(), pack, keys, lists });
  await write(["meta"], (meta) => meta.put(sealed, SLOT));
  kept = null;
  return theSupply();
}

/** @returns {Promise<Supply | null>} */
export async function theSupply() {
  if (!isOpen()) return null;
  const sealed = await read(["meta"], (meta) => meta.get(SLOT));
  if (!sealed) return null;
  if (kept?.name === current() && kept.supply.fetched) return kept.supply;
  const { fetched, pack, keys: raw, lists } = await unseal(sealed);
  const keys = raw.map((/** @type {any} */ key) => ({ ...key, spki: unbase64(key.spki) }));
  // A list that none of our keys signed is no list.
  const signed = await Promise.all(lists.map((/** @type {string} */ text) => readStatus(unbase64(text), keys).catch(() => null)));
  const { port, ports, places, draw } = pack;
  const permits = new Map(pack.permits.map((/** @type {Known} */ one) => [one.id, one]));
  kept = { name: current(), supply: { fetched, port, ports, places, draw, keys, lists: signed.filter(Boolean), permits } };
  return kept.supply;
}

/** Where a paper of ours may lead to. */
export const homes = () => [location.origin, new URL(document.body.dataset.host || location.origin).origin].map((one) => one.toLowerCase());

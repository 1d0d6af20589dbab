// @ts-check
/** The applications to inspect, sealed on this phone. */

import { authorization } from "../card.js";
import { deviceTime } from "../chain.js";
import { Trouble, call } from "../http.js";
import { read, write } from "../store.js";
import { seal, unseal } from "../vault.js";

const KEY = "inspections";

/**
 * @typedef {{ code: string, sex: string, marks: string, tests: [string, string][] }} Led
 * @typedef {{ id: string, firm: string, village: string, place: string, to: string, species: string,
 *   planned_on: string, plate: string, least: number | null, animals: Led[] }} Application
 * @typedef {{ fetched: string, permits: Application[] }} List
 */

/** Asks the server; what was kept goes. @returns {Promise<List>} */
export async function fetchList() {
  const came = await call("/inspections", { authorization: await authorization() });
  if (came?.v !== 1 || !Array.isArray(came.permits)) throw new Trouble("portal");
  const list = { fetched: deviceTime(), permits: came.permits };
  const sealed = await seal(list);
  await write(["meta"], (meta) => meta.put(sealed, KEY));
  return list;
}

/** @returns {Promise<List | null>} what was kept last */
export async function openList() {
  const sealed = await read(["meta"], (meta) => meta.get(KEY));
  return sealed ? unseal(sealed) : null;
}

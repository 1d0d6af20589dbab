// @ts-check
/** A record in words. */

import { spaced } from "./codes.js";
import { named } from "./picking.js";
import { known, word } from "./words.js";

/** @typedef {import("./types.js").Entry} Entry */

const TONES = { saved: "warning", sent: "warning", received: "success", "needs-you": "danger", undone: "neutral" };

/** @param {Entry} entry */
export const stateOf = (entry) => (entry.undone ? "undone" : entry.state);

/** @param {HTMLElement} place @param {Entry} entry */
export function sayState(place, entry) {
  const state = stateOf(entry);
  place.className = `status tone-${TONES[state] ?? "neutral"}`;
  place.dataset.state = state;
  place.textContent = word(`state.${state}`);
}

/** @param {Entry} entry @param {any} pack */
export function titleOf({ kind, data }, pack) {
  const animal = data.code ? pack?.byCode(data.code) : null;
  const what = animal?.owner?.name ?? (data.code ? spaced(data.code) : data.text ?? "");
  const heads = data.heads > 1 ? word("n-heads", { n: data.heads }) : "";
  const goods = data.doses ? word("n-doses", { n: data.doses }) : data.tenths !== undefined ? `${data.tenths / 10} °C` : "";
  return [word(`kind.${kind}`), what, heads, goods].filter(Boolean).join(" · ");
}

/** Why it needs somebody, as a sentence. @param {Entry} entry */
export function whyOf({ reason, review }) {
  const code = reason || review;
  if (!code) return "";
  if (code.startsWith("not-a-nik")) return word("why.nik");
  return known(`why.${code}`) ? word(`why.${code}`) : word("why.other", { code });
}

/** What the vet can do about it. @param {Entry} entry */
export const todoOf = ({ reason }) => word(known(`todo.${reason}`) ? `todo.${reason}` : "todo.other");

/** @param {Entry} entry @param {any} pack @returns {[string, any][]} everything that it says */
export function factsOf({ kind, data }, pack) {
  const product = pack?.products.find((/** @type {any} */ one) => one.id === data.product)?.name ?? data.product;
  const village = pack?.villages.find((/** @type {any} */ one) => one.code === data.village)?.name ?? data.village;
  const said = { ...data, product, village, ...data.owner };
  if (data.code) said.code = spaced(data.code);
  if (data.species) said.species = named("species", data.species);
  if (data.disease) said.disease = named("disease", data.disease);
  if (data.tenths !== undefined) said.tenths = `${data.tenths / 10} °C`;
  for (const name of ["outcome", "severity", "reason", "read", "why", "as"]) {
    if (said[name]) said[name] = named(`${kind}.${name}`, said[name]);
  }
  return Object.entries(said).filter(([name, value]) => known(`fact.${name}`) && typeof value !== "object")
    .map(([name, value]) => [word(`fact.${name}`), value]);
}

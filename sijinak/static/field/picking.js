// @ts-check
/** Filling choices from the work pack. */

import * as packs from "./pack.js";
import { option, slot } from "./page.js";
import { day, isoDay, known, word } from "./words.js";

/** @typedef {import("./types.js").Pack} Pack */

/** @returns {Promise<Pack | null>} */
export async function thePack() {
  return packs.openPack();
}

/** A code in words, or the code. @param {string} group @param {string} code */
export const named = (group, code) => (known(`${group}.${code}`) ? word(`${group}.${code}`) : code);

/** @param {ParentNode} root @param {string} name @param {[string, string][]} options @param {string | null} [chosen] @param {string} [first] */
export function choices(root, name, options, chosen = null, first = word("choose-one")) {
  const place = slot(root, name);
  const nodes = options.map(([value, label]) => option(value, label, value === chosen));
  place.replaceChildren(...(options.length === 1 && !first.startsWith("–") ? [] : [option("", first)]), ...nodes);
}

/** @param {ParentNode} root @param {Pack | null} pack @param {string | null} [chosen] */
export function villages(root, pack, chosen = null) {
  choices(root, "village", (pack?.villages ?? []).map(({ code, name, outbreaks }) => [
    code, outbreaks.length ? word("village-outbreak", { name, diseases: outbreaks.map((one) => named("disease", one)).join(", ") }) : name,
  ]), chosen);
}

/** @param {ParentNode} root @param {Pack | null} pack @param {string | null} [chosen] */
export function species(root, pack, chosen = null) {
  choices(root, "species", (pack?.species ?? []).map((code) => [code, named("species", code)]), chosen);
}

/** @param {ParentNode} root @param {Pack | null} pack @param {string | null} [chosen] */
export function products(root, pack, chosen = null) {
  choices(root, "product", (pack?.products ?? []).map(({ id, name, disease }) => [id, `${name} (${named("disease", disease)})`]), chosen);
}

/** @param {any} lot */
export const expired = (lot) => lot?.expires_on && lot.expires_on < isoDay();

/**
 * The lots of a product in the bag, first the one that expires first; and one that is typed.
 * @param {ParentNode} root @param {Pack | null} pack @param {string} product @param {string} [chosen]
 */
export function lots(root, pack, product, chosen = "") {
  const held = (pack?.lots ?? []).filter((lot) => lot.product === product)
    .sort((a, b) => (a.expires_on ?? "9").localeCompare(b.expires_on ?? "9"));
  const known = held.some(({ number }) => number === chosen);
  const lines = held.map((lot) => /** @type {[string, string]} */ ([lot.number, lotLine(lot)]));
  choices(root, "lot", [...lines, ["*", word("lot-typed")]], known ? chosen : chosen ? "*" : held[0]?.number ?? "*");
  typedLot(root, known ? "" : chosen);
}

/** @param {any} lot */
function lotLine(lot) {
  const until = lot.expires_on ? day(lot.expires_on) : word("not-known");
  return word(expired(lot) ? "lot-line-expired" : "lot-line", { number: lot.number, until, doses: lot.doses });
}

/** The field for a lot that is in no bag. @param {ParentNode} root @param {string} [text] */
export function typedLot(root, text) {
  const typed = slot(root, "lot").value === "*";
  slot(root, "typed-lot").hidden = !typed;
  const input = /** @type {HTMLInputElement} */ (root.querySelector("[name=lot-typed]"));
  input.required = typed;
  if (text !== undefined) input.value = text;
}

/** @param {Record<string, string>} given */
export const lotOf = (given) => (given.lot === "*" ? given["lot-typed"].toUpperCase().replace(/\s+/g, "") : given.lot);

/** Owners that fit what is typed. @param {ParentNode} root @param {Pack | null} pack @param {(id: string) => void} [chosen] */
export function owners(root, pack, chosen = () => {}) {
  const search = slot(root, "owner-search");
  const list = slot(root, "keeper");
  const none = list.options[0].textContent;
  search.addEventListener("input", () => {
    const text = search.value.trim();
    const found = text.length > 1 && pack ? pack.findOwners(text).slice(0, 30) : [];
    list.replaceChildren(option("", found.length ? word("n-found", { n: found.length }) : none), ...found.map((one) =>
      option(one.id, [one.name, one.hamlet, one.village].filter(Boolean).join(" · "))));
    if (found.length === 1) list.value = found[0].id;
    chosen(list.value);
  });
  list.addEventListener("change", () => chosen(list.value));
}

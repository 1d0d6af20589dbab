// @ts-check
/** An animal that nobody knows yet, and a number that belongs to a known one. */

import { newId } from "../ids.js";
import { sends, wrong } from "../forms.js";
import { keep } from "../keeping.js";
import { show, tell } from "../page.js";
import { owners, species, thePack, villages } from "../picking.js";
import { word } from "../words.js";
import { current } from "../work.js";
import { codeOf, preset } from "./visit.js";

/** @param {HTMLElement} root @param {URLSearchParams} asked */
export async function open(root, asked) {
  const pack = await thePack();
  villages(root, pack, current()?.village ?? null);
  species(root, pack);
  owners(root, pack, (id) => show(root, { "new-owner": id === "" }));
  preset(root, "code", asked.get("code") ?? "");
  sends(root, "registration", async (given, form) => {
    const code = given.code ? codeOf(form, given.code) : "";
    if (code === null) return;
    if (!given.keeper && !given["owner-name"]) return wrong(form, "owner-name", word("fill-in"));
    await keep("registration", { animal: newId(), code, ...ownership(given), ...looks(given) }, asked.has("code") ? "pindai" : "beranda");
  });
}

/** @param {Record<string, string>} given */
function ownership(given) {
  const { village, hamlet } = given;
  if (given.keeper) return { keeper: given.keeper, owner: null, village, hamlet };
  const phone = given["owner-phone"] ? { phone: given["owner-phone"] } : {};
  const owner = { name: given["owner-name"], nik: given["owner-nik"], village, hamlet, ...phone };
  return { keeper: null, owner, village, hamlet };
}

/** @param {Record<string, string>} given */
function looks(given) {
  const count = (/** @type {string} */ text) => (text === "" ? null : Number(text));
  return {
    species: given.species, breed: given.breed, sex: given.sex,
    age_months: count(given.age_months), teeth: count(given.teeth),
    colour: given.colour, special_marks: given.special_marks, horns: given.horns,
    is_pregnant: given.sex === "male" || !given.pregnant ? null : given.pregnant === "yes",
  };
}

/** @param {HTMLElement} root @param {URLSearchParams} asked */
export function openLink(root, asked) {
  const text = asked.get("text") ?? "";
  tell(root, { read: text });
  sends(root, "link", async (given, form) => {
    const code = codeOf(form, given.code);
    if (code) await keep("link", { text, code, as: given.as }, "pindai");
  });
}

// @ts-check
/** What is no dose of a tagged animal: not given, heads without tags, a reaction. */

import { parse } from "../codes.js";
import { sends, wrong } from "../forms.js";
import { keep } from "../keeping.js";
import { show, slot, tell } from "../page.js";
import { choices, named, owners, species, thePack, villages } from "../picking.js";
import { go } from "../router.js";
import { word } from "../words.js";
import { current } from "../work.js";

/** The code of a field, or a word beside it. @param {HTMLFormElement} form @param {string} text @returns {string | null} */
export function codeOf(form, text) {
  const code = parse(text);
  if (!code) wrong(form, "code", word("code-wrong"));
  return code;
}

/** @param {HTMLElement} root @param {string} name @param {string} value */
export const preset = (root, name, value) => {
  /** @type {HTMLInputElement} */ (root.querySelector(`[name="${name}"]`)).value = value;
};

/** @param {HTMLElement} root @param {URLSearchParams} asked */
export async function openResult(root, asked) {
  const pack = await thePack();
  const work = current();
  const product = pack?.products.find(({ id }) => id === work?.product);
  const diseases = [...new Set((pack?.products ?? []).map(({ disease }) => disease))];
  choices(root, "disease", diseases.map((code) => [code, named("disease", code)]), product?.disease ?? null);
  villages(root, pack, work?.village ?? null);
  species(root, pack);
  owners(root, pack);
  preset(root, "code", asked.get("code") ?? "");
  root.addEventListener("change", ({ target }) => {
    if (/** @type {HTMLInputElement} */ (target).name !== "whom") return;
    const heads = /** @type {HTMLInputElement} */ (target).value === "heads";
    show(root, { "of-animal": !heads, "of-heads": heads });
    slot(root, "species").required = heads;
    /** @type {HTMLInputElement} */ (root.querySelector("[name=heads]")).required = heads;
  });
  sends(root, "result", async (given, form) => {
    const one = given.whom === "animal";
    const code = one ? codeOf(form, given.code) : null;
    if (one && !code) return;
    const whose = one ? { code, keeper: null, species: null, heads: 1 }
      : { code: null, keeper: given.keeper || null, species: given.species, heads: Number(given.heads) };
    await keep("result", {
      ...whose, disease: given.disease, campaign: work?.campaign ?? null, village: given.village,
      outcome: given.outcome, reason: given.reason, next_visit: given["next-visit"] || null,
    }, asked.has("code") ? "pindai" : "beranda");
  });
}

/** @param {HTMLElement} root */
export async function openHeads(root) {
  const work = current();
  const pack = await thePack();
  const product = pack?.products.find(({ id }) => id === work?.product);
  if (!work || !product) return go("kerja");
  const village = pack?.villages.find(({ code }) => code === work.village)?.name ?? "";
  tell(root, { work: `${product.name} · ${work.lot} · ${village}` });
  species(root, pack);
  owners(root, pack);
  sends(root, "heads", async (given) => {
    const { round, lot, campaign } = work;
    await keep("heads", {
      round, product: work.product, lot, campaign, village: work.village, keeper: given.keeper || null,
      species: given.species, heads: Number(given.heads), ...(given.note ? { note: given.note } : {}),
    });
  });
}

/** @param {HTMLElement} root @param {URLSearchParams} asked */
export function openReaction(root, asked) {
  preset(root, "code", asked.get("code") ?? "");
  const here = new Date(Date.now() - new Date().getTimezoneOffset() * 60_000);
  preset(root, "began", here.toISOString().slice(0, 16));
  sends(root, "reaction", async (given, form) => {
    const code = codeOf(form, given.code);
    if (!code) return;
    const began_at = new Date(given.began).toISOString();
    const treatment = given.treatment ? { treatment: given.treatment } : {};
    await keep("reaction", { code, signs: given.signs, severity: given.severity, began_at, ...treatment }, asked.has("code") ? "pindai" : "beranda");
  });
}

// @ts-check
/** What is being given: village, campaign, vaccine and lot. */

import { sends } from "../forms.js";
import { slot, tell } from "../page.js";
import { choices, expired, lotOf, lots, named, products, thePack, typedLot, villages } from "../picking.js";
import { go } from "../router.js";
import { ready } from "../signals.js";
import { day, isoDay, word } from "../words.js";
import { choose, remembered } from "../work.js";

/** @param {HTMLElement} root */
export async function open(root) {
  const pack = await thePack();
  const before = remembered();
  tell(root, { "no-pack": pack ? "" : word("work-needs-pack") });
  villages(root, pack, before?.village ?? pack?.villages[0]?.code ?? null);
  products(root, pack, before?.product ?? null);
  campaigns(root, pack, before?.campaign ?? "");
  lots(root, pack, slot(root, "product").value, before?.lot ?? "");
  warn(root, pack);
  root.addEventListener("change", ({ target }) => {
    const { name, value } = /** @type {HTMLSelectElement} */ (target);
    if (name === "village") campaigns(root, pack, slot(root, "campaign").value);
    if (name === "campaign" && value) {
      const wanted = pack?.campaigns.find(({ id }) => id === value)?.product;
      if (wanted) slot(root, "product").value = wanted;
    }
    if (name === "product" || name === "campaign") lots(root, pack, slot(root, "product").value);
    if (name === "lot") typedLot(root);
    warn(root, pack);
  });
  sends(root, "choose-work", (given) => {
    ready();
    choose({ product: given.product, lot: lotOf(given), campaign: given.campaign || null, village: given.village });
    go("pindai");
  });
}

/** Those of the chosen village. @param {HTMLElement} root @param {any} pack @param {string | null} chosen */
function campaigns(root, pack, chosen) {
  const village = slot(root, "village").value;
  const open = (pack?.campaigns ?? []).filter((/** @type {any} */ one) =>
    (!one.villages.length || one.villages.includes(village)) && (!one.ends_on || one.ends_on >= isoDay()));
  choices(root, "campaign", open.map((/** @type {any} */ one) => [one.id, `${one.name} (${named("disease", one.disease)})`]), chosen, word("no-campaign"));
}

/** @param {HTMLElement} root @param {any} pack */
function warn(root, pack) {
  const lot = pack?.lots.find((/** @type {any} */ one) => one.number === slot(root, "lot").value && one.product === slot(root, "product").value);
  tell(root, { "lot-warning": expired(lot) ? word("lot-expired", { on: day(lot.expires_on) }) : "" });
}

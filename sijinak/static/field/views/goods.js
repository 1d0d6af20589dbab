// @ts-check
/** The vaccine itself: what was wasted, how cold it is. */

import { sends } from "../forms.js";
import { keep } from "../keeping.js";
import { slot } from "../page.js";
import { lotOf, lots, products, thePack, typedLot } from "../picking.js";
import { current } from "../work.js";

/** @param {HTMLElement} root */
export async function openWaste(root) {
  const pack = await thePack();
  const work = current();
  products(root, pack, work?.product ?? null);
  lots(root, pack, slot(root, "product").value, work?.lot ?? "");
  root.addEventListener("change", ({ target }) => {
    const { name } = /** @type {HTMLSelectElement} */ (target);
    if (name === "product") lots(root, pack, slot(root, "product").value);
    if (name === "lot") typedLot(root);
  });
  sends(root, "waste", async (given) => {
    const note = given.note ? { note: given.note } : {};
    await keep("waste", { product: given.product, lot: lotOf(given), doses: Number(given.doses), reason: given.reason, ...note });
  });
}

/** @param {HTMLElement} root */
export function openTemperature(root) {
  sends(root, "temperature", async (given) => {
    const tenths = Math.round(Number(given.degrees.replace(",", ".")) * 10);
    await keep("temperature", { tenths, ...(given.note ? { note: given.note } : {}) });
  });
}

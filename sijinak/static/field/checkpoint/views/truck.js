// @ts-check
/** The truck as it stands there: its plate, and the heads counted on it. */

import { sends } from "../../forms.js";
import { show, slot, tell } from "../../page.js";
import { named } from "../../picking.js";
import { go } from "../../router.js";
import { word } from "../../words.js";
import { theCheck } from "../checking.js";
import { plain } from "../judging.js";

/** @param {HTMLElement} root */
export function open(root) {
  const check = theCheck();
  if (!check?.judged.facts) return go("pindai");
  const { plate, species, sexes: [males, females] } = check.judged.facts;
  const species_ = named("species", species);
  tell(root, { signed: word("heads-line", { heads: males + females, species: species_, males, females }), plate: plate || word("no-plate") });
  const form = /** @type {HTMLFormElement} */ (root.querySelector("#truck"));
  const field = (/** @type {string} */ name) => /** @type {HTMLInputElement} */ (form.elements.namedItem(name));
  const compare = () => {
    const seen = plain(field("plate").value);
    show(root, { same: seen && seen === plain(plate), other: seen && seen !== plain(plate) });
    tell(root, { other: word("found.plate-differs", { signed: plate || word("no-plate"), seen: field("plate").value }) });
    slot(root, "other").hidden = !seen || seen === plain(plate);
  };
  if (check.seen.counted) for (const name of ["males", "females", "others"]) field(name).value = String(/** @type {any} */ (check.seen)[name]);
  field("plate").value = check.seen.plate;
  field("plate").addEventListener("input", compare);
  compare();
  sends(root, "truck", (given) => {
    const [m, f, o] = [given.males, given.females, given.others || "0"].map(Number);
    Object.assign(check.seen, { plate: given.plate.toUpperCase(), males: m, females: f, others: o, counted: true });
    go("hewan");
  });
}

// @ts-check
/** Pass, hold or refuse. What forbids a pass is said, and takes that button away. */

import { saved, sayFault } from "../../notices.js";
import { acts, fill, piece, show, slot, tell } from "../../page.js";
import { go } from "../../router.js";
import { word } from "../../words.js";
import { findingsOf, keepCheck, theCheck } from "../checking.js";

/** @param {HTMLElement} root */
export function open(root) {
  const check = theCheck();
  if (!check) return go("pindai");
  const found = findingsOf(check);
  const barred = found.some(({ bars }) => bars);
  fill(root, "findings", found.map(({ code, bars, values }) => {
    const line = piece("finding-line");
    line.dataset.finding = code;
    line.classList.add(bars ? "bars" : "asks");
    line.textContent = word(`found.${code}`, values);
    return line;
  }));
  show(root, { nothing: found.length === 0, barred, pass: !barred });
  slot(root, "back").href = check.judged.facts ? "#/hewan" : "#/pindai";
  const note = /** @type {HTMLTextAreaElement} */ (root.querySelector("#f-note"));
  const decide = (/** @type {"pass" | "hold" | "refuse"} */ decision) => async () => {
    const needed = decision !== "pass" ? "reason-needed" : found.length > 0 ? "note-needed" : "";
    const missing = needed && !note.value.trim();
    tell(root, { trouble: missing ? word(needed) : "" });
    note.toggleAttribute("aria-invalid", Boolean(missing));
    if (missing) return note.focus();
    if (decision === "pass" && barred) return;
    try {
      const entry = await keepCheck(decision, note.value.trim());
      saved(word("saved.check"));
      go(`berita/${entry.id}`);
    } catch (error) {
      sayFault(error);
    }
  };
  acts(root, { pass: decide("pass"), hold: decide("hold"), refuse: decide("refuse") });
}

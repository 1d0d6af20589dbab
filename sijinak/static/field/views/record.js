// @ts-check
/** One record: all it says, what became of it, and taking it back. */

import { factsOf, sayState, titleOf, todoOf, whyOf } from "../describing.js";
import { sends } from "../forms.js";
import { saved, sayFault } from "../notices.js";
import * as outbox from "../outbox.js";
import { acts, facts, fill, show, slot, tell } from "../page.js";
import { thePack } from "../picking.js";
import { go, show as again } from "../router.js";
import { moment, word } from "../words.js";

/** @type {Record<string, string>} */
const ANEW = { vaccination: "kerja", heads: "jumlah", result: "hasil", reaction: "reaksi", registration: "daftar", waste: "terbuang", temperature: "suhu" };

// Of an inspection: a later record takes the place of the earlier one.
const REPLACED = new Set(["inspected", "vehicle", "inspection-done"]);

/** @param {HTMLElement} root @param {URLSearchParams} _ @param {string} name */
export async function open(root, _, name) {
  const [entry, pack] = await Promise.all([outbox.get(name), thePack()]);
  if (!entry) return go("catatan");
  const needs = entry.state === "needs-you" && !entry.aside;
  tell(root, { what: titleOf(entry, pack), why: needs ? whyOf(entry) : "", todo: needs ? todoOf(entry) : "" });
  tell(root, { review: !needs && entry.review ? word("in-review", { why: whyOf(entry) }) : "" });
  sayState(slot(root, "state"), entry);
  show(root, { needs, aside: needs, correct: entry.kind !== "undo" && !entry.undone && !REPLACED.has(entry.kind), reaction: entry.kind === "vaccination" });
  slot(root, "reaction").href = `#/reaksi?code=${entry.data.code ?? ""}`;
  fill(root, "facts", facts([
    ...factsOf(entry, pack),
    [word("fact.at"), moment(entry.at)],
    [word("fact.place"), entry.pos ? word("fact.metres", { m: entry.pos[2] }) : ""],
    [word("fact.seq"), entry.seq],
    [word("fact.receipt"), receipt(entry)],
    [word("fact.id"), entry.id],
  ]));
  sends(root, "undo", async ({ reason }) => {
    try {
      await outbox.undo(entry.id, reason);
    } catch (error) {
      return sayFault(error);
    }
    saved(word("taken-back-anew"));
    go(ANEW[entry.kind] ?? "catatan");
  });
  acts(root, {
    "set-aside": async () => {
      await outbox.setAside(entry.id);
      await again();
    },
  });
}

/** @param {import("../types.js").Entry} entry */
function receipt({ receipt }) {
  if (!receipt) return "";
  return word(receipt.checked === false ? "receipt-unchecked" : "receipt", { at: moment(receipt.at), number: receipt.sig.slice(0, 12) });
}

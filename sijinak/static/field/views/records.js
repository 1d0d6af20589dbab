// @ts-check
/** Every record of this phone, newest first, a page at a time. */

import { sayState, stateOf, titleOf, whyOf } from "../describing.js";
import * as outbox from "../outbox.js";
import { acts, piece, show, slot, tell } from "../page.js";
import { unsentPhotos } from "../photos.js";
import { thePack } from "../picking.js";
import { flushAndSay, syncWords } from "../sending.js";
import { moment, number, word } from "../words.js";

const PAGE = 50;

/** @param {HTMLElement} root @param {URLSearchParams} asked @param {string} name */
export async function open(root, asked, name) {
  if (name) return location.replace(`#/rekaman/${name}`);
  const pack = await thePack();
  /** @type {any} */
  let state = asked.get("state") ?? "";
  let shown = PAGE;
  const list = slot(root, "list");

  async function draw() {
    const [entries, counts, photos] = await Promise.all([outbox.list({ newest: true, limit: shown + 1, ...(state ? { state } : {}) }), outbox.counts(), unsentPhotos()]);
    list.replaceChildren(...entries.slice(0, shown).map((entry) => line(entry, pack)));
    show(root, { nothing: entries.length === 0, list: entries.length > 0 });
    root.querySelector("[data-action=more]")?.toggleAttribute("hidden", entries.length <= shown);
    tell(root, { sums: word("sums", { saved: number(counts.saved), received: number(counts.received), needs: number(counts.needsYou) }) + (photos ? ` · ${word("n-photos", { n: number(photos) })}` : ""), "sync-words": syncWords(counts.saved + photos) });
    for (const chip of root.querySelectorAll("[data-state][data-action]")) {
      chip.setAttribute("aria-pressed", String(/** @type {HTMLElement} */ (chip).dataset.state === state));
    }
  }

  acts(root, {
    flush: () => flushAndSay(root),
    more: () => {
      shown += PAGE;
      return draw();
    },
    filter: (button) => {
      state = button.dataset.state;
      shown = PAGE;
      return draw();
    },
  });
  await draw();
  return outbox.onChange(draw);
}

/** @param {import("../types.js").Entry} entry @param {any} pack */
function line(entry, pack) {
  const item = piece("record-line");
  const link = /** @type {HTMLAnchorElement} */ (item.querySelector("[data-record]"));
  link.href = `#/rekaman/${entry.id}`;
  link.dataset.record = entry.id;
  link.dataset.kind = entry.kind;
  link.dataset.state = stateOf(entry);
  link.dataset.seq = String(entry.seq);
  tell(item, { what: titleOf(entry, pack), when: word("when-line", { when: moment(entry.at), seq: entry.seq }), why: entry.state === "received" && entry.review ? word("in-review", { why: whyOf(entry) }) : whyOf(entry) });
  sayState(slot(item, "state"), entry);
  return item;
}

// @ts-check
/** Taking the villages of the round along. */

import * as device from "../device.js";
import * as packs from "../pack.js";
import { sends } from "../forms.js";
import { facts, fill, piece, show, slot, tell } from "../page.js";
import { ago, known, moment, number, size, word } from "../words.js";

/** @param {HTMLElement} root */
export async function open(root) {
  const [phone, info] = await Promise.all([device.current(), packs.info()]);
  const chosen = new Set(info?.villages ?? []);
  say(root, info);
  fill(root, "villages", (phone?.villages ?? []).map(([code, name]) => {
    const choice = piece("village-choice");
    const box = /** @type {HTMLInputElement} */ (choice.querySelector("input"));
    box.value = code;
    box.checked = chosen.has(code);
    tell(choice, { name });
    return choice;
  }));
  sends(root, "take-pack", (_, form) => take(root, new FormData(form).getAll("village").map(String)));
}

/** @param {HTMLElement} root @param {any} info */
function say(root, info) {
  fill(root, "facts", facts(info ? [
    [word("pack-made"), `${moment(info.made_at)} (${ago(info.made_at)})`],
    [word("pack-villages"), info.villages.length],
    [word("pack-animals"), number(info.animals)],
    [word("pack-size"), size(info.bytes)],
  ] : [[word("pack-made"), word("pack-none")]]));
}

/** @param {HTMLElement} root @param {{ done: number, total: number, bytes: number }} progress */
function step(root, { done, total, bytes }) {
  Object.assign(slot(root, "bar"), { max: total, value: done });
  tell(root, { said: word("pack-progress", { done, total, size: size(bytes) }) });
}

/** @param {HTMLElement} root @param {string[]} villages */
async function take(root, villages) {
  tell(root, { trouble: villages.length ? "" : word("choose-village"), said: "" });
  if (!villages.length) return;
  show(root, { progress: true });
  try {
    await packs.fetchPack(villages, (progress) => step(root, progress));
    // What waits for an inspection comes along, for those who hold any.
    await import("../inspection/lists.js").then(({ fetchList }) => fetchList());
    say(root, await packs.info());
    tell(root, { said: word("pack-taken") });
  } catch (error) {
    const code = /** @type {any} */ (error)?.code ?? "server";
    tell(root, { said: "", trouble: word(known(`trouble.${code}`) ? `trouble.${code}` : "trouble.server", { code }) });
  } finally {
    show(root, { progress: false });
  }
}

// @ts-check
/** Keys, list and permits of the port: taken along before the network goes. */

import { sends } from "../../forms.js";
import { facts, fill, show, slot, tell } from "../../page.js";
import { choices } from "../../picking.js";
import { ago, known, moment, number, word } from "../../words.js";
import { choosePost, thePost } from "../post.js";
import { fetchSupply, theSupply } from "../supply.js";

/** @param {HTMLElement} root */
export async function open(root) {
  const supply = (await theSupply().catch(() => null)) ?? (await first(root));
  const post = thePost();
  choices(root, "port", supply?.ports ?? [], post?.port ?? null);
  /** @type {HTMLInputElement} */ (root.querySelector("[name=post]")).value = post?.post ?? "";
  say(root, supply);
  sends(root, "take-supply", async (given) => {
    choosePost({ port: given.port, post: given.post });
    const taken = await tried(root, () => fetchSupply(given.port));
    if (taken) say(root, taken);
    tell(root, { said: taken ? word("supply-taken") : "" });
  });
}

/** The names of the ports come with the first supply. @param {HTMLElement} root */
const first = (root) => tried(root, () => fetchSupply(""));

/** @template T @param {HTMLElement} root @param {() => Promise<T>} deed @returns {Promise<T | null>} */
async function tried(root, deed) {
  tell(root, { trouble: "", said: word("supply-taking") });
  show(root, { progress: true });
  try {
    return await deed();
  } catch (error) {
    const { code = "server", status } = /** @type {any} */ (error);
    const told = status === 401 && !known(`trouble.${code}`) ? "sign-in" : code;
    tell(root, { trouble: word(known(`trouble.${told}`) ? `trouble.${told}` : "trouble.server", { code }) });
    return null;
  } finally {
    tell(root, { said: "" });
    show(root, { progress: false });
  }
}

/** @param {HTMLElement} root @param {import("../supply.js").Supply | null} supply */
function say(root, supply) {
  const list = supply?.lists[0];
  fill(root, "facts", facts(supply ? [
    [word("supply-fetched"), `${moment(supply.fetched)} (${ago(supply.fetched)})`],
    [word("supply-permits"), number(supply.permits.size)],
    [word("supply-keys"), number(supply.keys.length)],
    [word("supply-list"), list ? word("list-age", { made: moment(list.made * 1000), ago: ago(list.made * 1000) }) : word("list-none")],
  ] : [[word("supply-fetched"), word("supply-none")]]));
  slot(root, "facts").classList.toggle("old", !list || list.fresh * 1000 < Date.now());
}

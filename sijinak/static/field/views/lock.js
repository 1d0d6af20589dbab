// @ts-check
/** The PIN, and what to do when it is forgotten. */

import { opened } from "../running.js";
import * as device from "../device.js";
import { sends, wrong } from "../forms.js";
import { fill, piece, show, slot, tell } from "../page.js";
import { show as again } from "../router.js";
import * as vault from "../vault.js";
import { known, word } from "../words.js";
import { agree } from "./start.js";

/** @param {HTMLElement} root */
export async function open(root) {
  const phone = await device.current();
  tell(root, { whose: phone?.name ? word("whose", { name: phone.name }) : "" });
  await others(root);
  const timer = setInterval(() => waiting(root), 500);
  waiting(root);
  sends(root, "unlock", async ({ pin }, form) => {
    tell(root, { trouble: "" });
    if (vault.waitMs() > 0) return waiting(root);
    if (await vault.open(pin)) return opened();
    form.reset();
    wrong(form, "pin", word("pin-wrong"));
    waiting(root);
  });
  sends(root, "recover", async (given, form) => {
    if (!agree(form, given["new-pin"], given["new-again"], ["new-pin", "new-again"])) return;
    try {
      await device.recover(given["new-pin"]);
    } catch (error) {
      return refused(root, /** @type {any} */ (error));
    }
    await opened();
  });
  return () => clearInterval(timer);
}

/** The other officers of this phone, each with an outbox of their own. @param {HTMLElement} root */
async function others(root) {
  const list = await device.others();
  show(root, { others: list.length > 0 });
  fill(root, "others", list.map(({ id, waiting }) => {
    const line = piece("other-outbox");
    tell(line, { open: word("other-waiting", { n: waiting }) });
    slot(line, "open").addEventListener("click", () => {
      device.switchTo(id);
      again();
    });
    return line;
  }));
}

/** After wrong PINs the phone waits longer and longer. @param {HTMLElement} root */
function waiting(root) {
  const seconds = Math.ceil(vault.waitMs() / 1000);
  tell(root, { waiting: seconds > 0 ? word("pin-wait", { n: seconds }) : "" });
}

/** @param {HTMLElement} root @param {any} error */
function refused(root, error) {
  const code = error?.status === 401 ? "sign-in" : error?.code ?? "server";
  tell(root, { trouble: word(known(`trouble.${code}`) ? `trouble.${code}` : "trouble.server", { code }) });
}

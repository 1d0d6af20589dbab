// @ts-check
/** Setting the phone up: who, its name, the PIN. */

import { opened } from "../running.js";
import * as device from "../device.js";
import { sends, wrong } from "../forms.js";
import { show, tell } from "../page.js";
import { known, word } from "../words.js";

const EASY = new Set(["123456", "654321", "012345", "111222", "121212"]);

/** @param {string} pin */
export const weak = (pin) => EASY.has(pin) || new Set(pin).size < 3;

/** Two fields of a new PIN. @param {HTMLFormElement} form @param {string} pin @param {string} again @param {[string, string]} names */
export function agree(form, pin, again, [first, second]) {
  if (weak(pin)) wrong(form, first, word("pin-easy"));
  else if (pin !== again) wrong(form, second, word("pin-differs"));
  else return true;
  return false;
}

/** @param {HTMLElement} root */
export function open(root) {
  sends(root, "enrol", async ({ name, pin, again }, form) => {
    tell(root, { trouble: "" });
    show(root, { "sign-in": false });
    if (!agree(form, pin, again, ["pin", "again"])) return;
    try {
      await device.enrol(pin, name);
    } catch (error) {
      return refused(root, /** @type {any} */ (error));
    }
    await opened();
  });
}

/** @param {HTMLElement} root @param {any} error */
function refused(root, error) {
  const code = error?.code ?? "server";
  const signIn = code === "sign-in" || error?.status === 401;
  show(root, { "sign-in": signIn });
  if (!signIn) tell(root, { trouble: word(known(`trouble.${code}`) ? `trouble.${code}` : "trouble.server", { code }) });
}

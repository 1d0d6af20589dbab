// @ts-check
/** The camera in a view, with the field that takes over where there is none. */

import { acts, show, slot, tell } from "../page.js";
import { newReader, openCamera } from "../scan.js";
import { ready, stayAwake } from "../signals.js";
import { word } from "../words.js";

const GONE = 1500; // without a code for so long, the same one is a new sight

/**
 * @param {HTMLElement} root @param {(text: string, how: "scan" | "typed") => any} meet
 * @returns {() => void} closes it
 */
export function look(root, meet) {
  const reader = newReader();
  let stopped = false;
  let busy = false;
  let last = { text: "", at: 0 };
  /** @type {import("../scan.js").Camera | null} */
  let camera = null;
  const met = async (/** @type {string} */ text, /** @type {"scan" | "typed"} */ how) => {
    if (busy || stopped) return;
    busy = true;
    await Promise.resolve(meet(text, how)).finally(() => (busy = false));
  };
  const sight = (/** @type {string | null} */ text) => {
    const now = performance.now();
    if (!text) return;
    const same = text === last.text && now - last.at < GONE;
    last = { text, at: now };
    if (!same) met(text, "scan");
  };
  openCamera(slot(root, "video"), reader, sight).then((opened) => {
    camera = opened;
    if (stopped) return opened.stop();
    show(root, { torch: opened.torch });
    tell(root, { "camera-said": "" });
  }, (error) => {
    root.classList.add("no-camera");
    tell(root, { "camera-said": word(error.name === "NotAllowedError" ? "camera-denied" : "camera-none") });
  });
  acts(root, {
    torch: async (button) => {
      const on = button.getAttribute("aria-pressed") !== "true";
      await camera?.torch?.(on);
      button.setAttribute("aria-pressed", String(on));
    },
  });
  typing(root, (text) => met(text, "typed"));
  const asleep = stayAwake();
  ready();
  return () => {
    stopped = true;
    camera?.stop();
    reader.terminate();
    asleep?.();
  };
}

/** @param {HTMLElement} root @param {(text: string) => any} meet */
function typing(root, meet) {
  const form = /** @type {HTMLFormElement} */ (root.querySelector("#type-code"));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const input = /** @type {HTMLInputElement} */ (form.querySelector("input"));
    const text = input.value.trim();
    input.value = "";
    if (text) meet(text);
  });
}

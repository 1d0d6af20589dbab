// @ts-check
/** The camera of an inspection: each tag leads to its animal; one that is not on the list is loud. */

import { acts, show, slot, tell } from "../page.js";
import { read } from "../reading.js";
import { go } from "../router.js";
import { newReader, openCamera } from "../scan.js";
import { ready, signal, stayAwake } from "../signals.js";
import { spaced } from "../codes.js";
import { word } from "../words.js";

const GONE = 1500; // without a code for so long, the same tag is a new sight

/** @param {HTMLElement} root @param {any} permit @param {import("./progress.js").Progress} progress @returns {() => void} */
export function lookForTags(root, permit, progress) {
  const codes = new Set(permit.animals.map((/** @type {any} */ one) => one.code));
  const hosts = [location.host, new URL(document.body.dataset.host || location.origin).host];
  /** @type {import("../scan.js").Camera | null} */
  let camera = null;
  /** @type {Worker | null} */
  let reader = null;
  let last = { text: "", at: 0 };
  let over = false;
  const verdict = slot(root, "verdict");

  /** @param {string} text */
  function meet(text) {
    const { what, code } = read(text, hosts);
    if (what !== "code") return loud(word("inspect.not-a-tag"), text);
    if (!codes.has(code)) return loud(word("inspect.not-listed"), spaced(code));
    const before = progress.seen.get(code);
    signal(before ? "again" : "go");
    go(`pemeriksaan/${permit.id}?ternak=${code}`);
  }

  /** @param {string} title @param {string} text */
  function loud(title, text) {
    signal("stop");
    verdict.dataset.tone = "stop";
    verdict.hidden = false;
    tell(verdict, { title, text: text.slice(0, 80) });
  }

  /** @param {string | null} text */
  function sight(text) {
    const now = performance.now();
    if (!text) return;
    const same = text === last.text && now - last.at < GONE;
    last = { text, at: now };
    if (!same) meet(text);
  }

  async function look() {
    ready();
    show(root, { camera: true, "start-camera": false });
    reader ??= newReader();
    try {
      if (!navigator.mediaDevices) throw new DOMException("", "NotFoundError");
      camera = await openCamera(slot(root, "video"), reader, sight);
      if (over) return camera.stop();
      tell(root, { "camera-said": "" });
    } catch (error) {
      const denied = /** @type {Error} */ (error).name === "NotAllowedError";
      tell(root, { "camera-said": word(denied ? "camera-denied" : "camera-none") });
    }
  }

  acts(slot(root, "scanner"), { look });
  root.querySelector("#inspect-code")?.addEventListener("submit", (event) => {
    event.preventDefault();
    const input = /** @type {HTMLInputElement} */ (root.querySelector("#f-inspect-code"));
    const text = input.value.trim();
    input.value = "";
    if (text) meet(text);
  });
  const sleep = stayAwake();
  return () => {
    over = true;
    sleep();
    camera?.stop();
    reader?.terminate();
  };
}

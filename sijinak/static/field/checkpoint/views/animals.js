// @ts-check
/** The animals that were drawn, one position after the other. */

import { spaced } from "../../codes.js";
import { acts, fill, piece, show, slot, tell } from "../../page.js";
import { go } from "../../router.js";
import { signal } from "../../signals.js";
import { word } from "../../words.js";
import { look } from "../camera.js";
import { theCheck } from "../checking.js";
import { codeOf, foundFor } from "../judging.js";

const TONES = /** @type {const} */ ({ on: "go", off: "stop", unknown: "look", "no-tag": "stop" });

/** @param {HTMLElement} root */
export function open(root) {
  const check = theCheck();
  if (!check?.judged.facts) return go("pindai");
  const { seen, animals, seed, heads } = check;
  const next = () => seen.positions.find((one) => !seen.scanned.some(({ position }) => position === one));

  function draw() {
    const at = next();
    tell(root, {
      position: at ? word("position", { n: at }) : word("all-scanned"), of: at ? word("of-truck", { heads }) : "", seed: word("seed-line", { seed }),
    });
    show(root, { "no-tag": at, undo: seen.scanned.length });
    fill(root, "positions", seen.positions.map((one) => line(one, seen.scanned.find(({ position }) => position === one), one === at)));
  }

  /** @param {import("../judging.js").Found} found @param {string} code */
  function note(found, code) {
    const position = next();
    if (!position) return;
    seen.scanned.push({ position, code, found });
    say(TONES[found], `${word("position", { n: position })}: ${word(`animal.${found}`)}`, code);
    draw();
  }

  /** @param {"go" | "stop" | "look" | "again"} tone @param {string} text @param {string} code */
  function say(tone, text, code) {
    signal(tone);
    const place = slot(root, "verdict");
    Object.assign(place.dataset, { tone, code });
    tell(root, { said: text, code: code && spaced(code) });
  }

  /** @param {string} text @param {"scan" | "typed"} how */
  function met(text, how) {
    const code = codeOf(text);
    if (!code) return how === "typed" ? say("look", word("code-wrong"), "") : undefined;
    const before = seen.scanned.find((one) => one.code === code);
    if (before) return say("again", word("animal.twice", { n: before.position }), code);
    note(foundFor(code, animals), code);
  }

  acts(root, {
    "no-tag": () => note("no-tag", ""),
    undo: () => {
      seen.scanned.pop();
      draw();
    },
  });
  draw();
  return look(root, met);
}

/** @param {number} position @param {import("../judging.js").Scanned | undefined} scanned @param {boolean} current */
function line(position, scanned, current) {
  const row = piece("position-line");
  row.dataset.position = String(position);
  row.dataset.found = scanned?.found ?? "";
  if (current) row.setAttribute("aria-current", "step");
  tell(row, { position: word("position", { n: position }), found: word(`animal.${scanned?.found ?? "todo"}`), tag: scanned?.code ? spaced(scanned.code) : "" });
  return row;
}

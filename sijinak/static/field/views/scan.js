// @ts-check
/** Scanning one animal after the other. */

import { Counting } from "../counting.js";
import { gate, passed } from "../gate.js";
import { doneAgainst, today } from "../ledger.js";
import { sayFault } from "../notices.js";
import * as outbox from "../outbox.js";
import { acts, show, slot, tell } from "../page.js";
import { thePack } from "../picking.js";
import { position, startLooking, stopLooking } from "../position.js";
import { go } from "../router.js";
import { newReader, openCamera } from "../scan.js";
import { ready, signal, stayAwake } from "../signals.js";
import { Verdicts } from "../verdicts.js";
import { isoDay, number, word } from "../words.js";
import { current } from "../work.js";

const GONE = 1500; // without a code for so long, the same tag is a new sight

/** @param {HTMLElement} root */
export async function open(root) {
  const work = current();
  if (!work) return go("kerja");
  if (!passed(await gate(false))) return go("beranda");
  const pack = await thePack();
  const product = pack?.products.find(({ id }) => id === work.product);
  if (!pack || !product) return go("kerja");
  const place = pack.villages.find(({ code }) => code === work.village)?.name ?? work.village;
  tell(root, { product: product.name, place: `${place} · ${work.lot}` });
  const entries = await today();
  const mine = entries.filter(({ kind, data }) => kind === "vaccination" && data.round === work.round);
  const counting = new Counting({
    pack, work, product, today: isoDay(), doses: mine.length,
    campaign: pack.campaigns.find(({ id }) => id === work.campaign) ?? null,
    hosts: [location.host, new URL(document.body.dataset.host || location.origin).host],
    done: doneAgainst(entries, pack.products, product.disease),
    counted: new Set(mine.map(({ data }) => data.code)),
    add: (kind, data) => outbox.add(kind, data, position()),
    undo: outbox.undo,
  });
  return new Session(root, counting, product).start();
}

class Session {
  /** @param {HTMLElement} root @param {Counting} counting @param {any} product */
  constructor(root, counting, product) {
    this.root = root;
    this.counting = counting;
    this.verdicts = new Verdicts(slot(root, "verdict"), product);
    this.busy = false;
    this.stopped = false;
    /** @type {{ text: string, at: number }} */
    this.last = { text: "", at: 0 };
    /** @type {import("../counting.js").Meeting | null} */
    this.asking = null;
    /** @type {import("../scan.js").Camera | null} */
    this.camera = null;
    this.reader = newReader();
  }

  start() {
    ready();
    startLooking();
    const sleep = stayAwake();
    const look = () => (document.hidden ? this.close() : this.openCamera());
    document.addEventListener("visibilitychange", look);
    acts(this.root, {
      undo: () => this.undo(),
      torch: (button) => this.torch(button),
      "record-anyway": () => this.answer(true),
      pass: () => this.answer(false),
    });
    this.root.querySelector("#type-code")?.addEventListener("submit", (event) => this.typed(/** @type {SubmitEvent} */ (event)));
    this.count();
    this.openCamera();
    return () => {
      this.stopped = true;
      document.removeEventListener("visibilitychange", look);
      sleep();
      stopLooking();
      this.close();
      this.reader.terminate();
    };
  }

  async openCamera() {
    if (this.camera || this.stopped) return;
    try {
      if (!navigator.mediaDevices) throw new DOMException("", "NotFoundError");
      this.camera = await openCamera(slot(this.root, "video"), this.reader, (text) => this.sight(text));
      if (this.stopped) return this.close();
      show(this.root, { torch: this.camera.torch });
      tell(this.root, { "camera-said": "" });
    } catch (error) {
      const denied = /** @type {Error} */ (error).name === "NotAllowedError";
      this.root.classList.add("no-camera");
      tell(this.root, { "camera-said": word(denied ? "camera-denied" : "camera-none") });
    }
  }

  close() {
    this.camera?.stop();
    this.camera = null;
  }

  /** @param {HTMLElement} button */
  async torch(button) {
    const on = button.getAttribute("aria-pressed") !== "true";
    await this.camera?.torch?.(on);
    button.setAttribute("aria-pressed", String(on));
  }

  /** What one picture showed. @param {string | null} text */
  sight(text) {
    const now = performance.now();
    if (!text) return;
    const same = text === this.last.text && now - this.last.at < GONE;
    this.last = { text, at: now };
    if (!same && !this.asking) this.meet(text, "scan");
  }

  /** @param {SubmitEvent} event */
  typed(event) {
    event.preventDefault();
    const input = /** @type {HTMLInputElement} */ (this.root.querySelector("#f-code"));
    const text = input.value.trim();
    if (!text) return;
    if (this.asking) return signal("stop"); // answer the question first
    input.value = "";
    this.meet(text, "typed");
  }

  /** @param {string} text @param {"scan" | "typed"} how */
  meet(text, how) {
    return this.alone(async () => {
      const meeting = await this.counting.meet(text, how);
      this.asking = meeting.tone === "stop" ? meeting : null;
      this.say(meeting);
    });
  }

  /** @param {boolean} yes */
  answer(yes) {
    const meeting = this.asking;
    if (!meeting) return;
    return this.alone(async () => {
      const after = yes ? await this.counting.record(meeting) : meeting;
      this.asking = null;
      this.verdicts.answered(after, yes);
      this.count();
    });
  }

  undo() {
    if (this.asking || !this.counting.canUndo) return;
    return this.alone(async () => {
      this.verdicts.undone(await this.counting.undoLast());
      this.count();
    });
  }

  /** One at a time; a phone that cannot keep records takes no more. @param {() => Promise<void>} deed */
  async alone(deed) {
    if (this.busy || this.stopped) return;
    this.busy = true;
    try {
      await deed();
    } catch (error) {
      this.verdicts.failed();
      signal("stop");
      sayFault(error);
    } finally {
      this.busy = false;
    }
  }

  /** @param {import("../counting.js").Meeting} meeting */
  say(meeting) {
    signal(meeting.tone);
    slot(this.root, "missed").href = `#/hasil${meeting.code ? `?code=${meeting.code}` : ""}`;
    this.verdicts.say(meeting);
    this.count();
  }

  count() {
    const place = slot(this.root, "count");
    place.textContent = number(this.counting.doses);
    place.dataset.count = String(this.counting.doses);
    this.root.querySelector("[data-action=undo]")?.toggleAttribute("disabled", !this.counting.canUndo);
  }
}

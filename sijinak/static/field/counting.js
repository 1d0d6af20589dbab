// @ts-check
/** From a text that was read to a record: each animal once in a round, and nothing without a word. */

import { looksLikeCode, read } from "./reading.js";
import { judge } from "./verdict.js";

/**
 * @typedef {import("./types.js").Animal} Animal
 * @typedef {import("./types.js").Entry} Entry
 * @typedef {import("./work.js").Work} Work
 * @typedef {"scan" | "typed"} How
 * @typedef {{ text: string, code: string, what: string, animal: Animal | null, tone: "go" | "look" | "stop" | "again",
 *   reasons: string[], how: How, entry: Entry | null }} Meeting
 * `entry` is null when nothing was recorded, or not yet: a "stop" waits for a word.
 * @typedef {{ pack: import("./types.js").Pack, work: Work, product: any, campaign: any, hosts: string[], today: string,
 *   done: Set<string>, counted: Set<string>, doses: number, add: (kind: any, data: object) => Promise<Entry>,
 *   undo: (id: string) => Promise<any> }} Ground
 */

export class Counting {
  /** @param {Ground} ground */
  constructor(ground) {
    this.ground = ground;
    this.doses = ground.doses;
    /** @type {{ id: string, code: string, dose: boolean }[]} */
    this.steps = [];
    /** @type {Set<string>} */
    this.kept = new Set();
    this.doubted = "";
  }

  /** @param {string} text @param {How} how @returns {Promise<Meeting>} */
  async meet(text, how) {
    const seen = read(text, this.ground.hosts);
    const animal = this.#animal(seen);
    const code = animal?.code || (seen.what === "code" ? seen.code : "");
    /** @type {Meeting} */
    const meeting = { text: seen.text, code, what: seen.what, animal, tone: "look", reasons: [], how, entry: null };
    if (!code && this.#doubts(meeting)) return { ...meeting, reasons: ["mistyped"] };
    if (!code) return this.#unknown(meeting);
    if (this.ground.counted.has(code)) return { ...meeting, tone: "again", reasons: ["counted"] };
    const { product, campaign, today, done } = this.ground;
    const asked = { product, campaign, today, doneToday: done };
    const verdict = animal === null && done.has(code) ? /** @type {const} */ ({ tone: "stop", reasons: ["done-today"] }) : judge(animal, asked);
    Object.assign(meeting, verdict);
    return verdict.tone === "stop" ? meeting : this.record(meeting);
  }

  /** @param {import("./reading.js").Read} seen */
  #animal(seen) {
    const { pack } = this.ground;
    if (seen.what === "code") return pack.byCode(seen.code);
    if (seen.what === "permit" || seen.what === "payment" || seen.what === "foreign") return null;
    const named = pack.byNumber(seen.text);
    return named.length === 1 ? named[0] : null;
  }

  /** The dose was given: note it. @param {Meeting} meeting @returns {Promise<Meeting>} */
  async record(meeting) {
    const { round, product, lot, campaign, village } = this.ground.work;
    const data = { round, code: meeting.code, product, lot, campaign, village, read: meeting.how };
    const entry = await this.ground.add("vaccination", data);
    this.ground.counted.add(meeting.code);
    this.ground.done.add(meeting.code);
    this.doses += 1;
    this.steps.push({ id: entry.id, code: meeting.code, dose: true });
    return { ...meeting, entry };
  }

  /** A typing mistake, unless the same is typed again. @param {Meeting} meeting */
  #doubts({ how, text }) {
    const doubted = how === "typed" && looksLikeCode(text) && this.doubted !== text;
    this.doubted = doubted ? text : "";
    return doubted;
  }

  /** What names no animal is kept too, once. @param {Meeting} meeting @returns {Promise<Meeting>} */
  async #unknown(meeting) {
    const reasons = [`is-${meeting.what}`];
    if (this.kept.has(meeting.text)) return { ...meeting, tone: "again", reasons: [...reasons, "kept"] };
    const why = meeting.what === "number" || meeting.what === "other" ? "not-known" : "not-ours";
    const data = { text: meeting.text.slice(0, 500), why, village: this.ground.work.village };
    const entry = await this.ground.add("unknown", data);
    this.kept.add(meeting.text);
    this.steps.push({ id: entry.id, code: meeting.text, dose: false });
    return { ...meeting, reasons, entry };
  }

  get canUndo() {
    return this.steps.length > 0;
  }

  /** Take the last one back. @returns {Promise<string>} its code */
  async undoLast() {
    const last = this.steps[this.steps.length - 1];
    await this.ground.undo(last.id);
    this.steps.pop();
    this.ground.counted.delete(last.code);
    this.ground.done.delete(last.code);
    this.kept.delete(last.code);
    if (last.dose) this.doses -= 1;
    return last.code;
  }
}

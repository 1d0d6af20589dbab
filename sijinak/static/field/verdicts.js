// @ts-check
/** The card that says what was read, whose it is, and why. */

import { spaced } from "./codes.js";
import { fill, piece, show, slot, tell } from "./page.js";
import { named } from "./picking.js";
import { day, word } from "./words.js";

/** @typedef {import("./counting.js").Meeting} Meeting */

export class Verdicts {
  /** @param {HTMLElement} place @param {any} product */
  constructor(place, product) {
    this.place = place;
    this.product = product;
  }

  /** @param {Meeting} meeting */
  say(meeting) {
    const { animal, code, tone } = meeting;
    const card = piece("verdict-card");
    const strange = !animal && tone !== "again" && !["permit", "payment", "foreign"].includes(meeting.what);
    tell(card, {
      title: word(code ? `tone.${tone}` : "tone.strange"),
      who: animal ? [animal.owner?.name, animal.village.name].filter(Boolean).join(" · ") : "",
      what: [animal ? `${named("species", animal.species)} ${word(`sex.${animal.sex}`)}` : "", code ? spaced(code) : meeting.text].filter(Boolean).join(" · "),
      last: this.#last(meeting),
      saved: meeting.entry ? word("kept-on-phone") : "",
    });
    fill(card, "reasons", meeting.reasons.map((reason) => this.#reason(reason, meeting)));
    show(card, { ask: tone === "stop", strange });
    const query = new URLSearchParams(code ? { code } : { text: meeting.text }).toString();
    slot(card, "register").href = code ? `#/daftar?${query}` : "#/daftar";
    slot(card, "link").hidden = code !== "";
    slot(card, "link").href = `#/tautkan?${query}`;
    this.#put(card, tone, code);
  }

  /** @param {string} reason @param {Meeting} meeting */
  #reason(reason, { animal }) {
    const line = piece("reason-line");
    const last = animal?.last[this.product.disease];
    line.dataset.reason = reason;
    line.textContent = word(`reason.${reason}`, {
      due: last?.[1] ? day(last[1]) : "", ships: animal?.shipsOn ? day(animal.shipsOn) : "", days: this.product.withdrawal ?? "",
      months: Math.round((this.product.least_age ?? 0) / 30), state: animal ? named("animal", animal.state) : "",
      species: animal ? named("species", animal.species) : "", village: animal?.village.name ?? "",
    });
    return line;
  }

  /** @param {Meeting} meeting */
  #last({ animal }) {
    if (!animal) return "";
    const last = animal.last[this.product.disease];
    const disease = named("disease", this.product.disease);
    return last ? word("last-dose", { disease, on: day(last[0]) }) : word("no-dose-yet", { disease });
  }

  /** @param {Meeting} meeting @param {boolean} recorded */
  answered(meeting, recorded) {
    if (recorded) return this.say({ ...meeting, tone: "go" });
    this.#short(word("passed"), meeting.code, "none");
  }

  /** @param {string} code */
  undone(code) {
    this.#short(word("taken-back"), code, "none");
  }

  failed() {
    this.#short(word("not-kept"), "", "stop");
  }

  /** @param {string} title @param {string} code @param {string} tone */
  #short(title, code, tone) {
    const card = piece("verdict-card");
    tell(card, { title, who: "", what: code.length === 10 ? spaced(code) : code, last: "", saved: "" });
    this.#put(card, tone, code);
  }

  /** @param {HTMLElement} card @param {string} tone @param {string} code */
  #put(card, tone, code) {
    this.place.dataset.tone = tone;
    this.place.dataset.code = code;
    this.place.replaceChildren(card);
  }
}

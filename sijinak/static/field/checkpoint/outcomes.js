// @ts-check
/** What the office made of our checks, when it is news: a permit used twice, a departure not taken in. */

import { notice } from "../notices.js";
import * as sync from "../sync.js";
import { moment, known, word } from "../words.js";
import { checks } from "./checking.js";

const SEEN = "periksa.told";

/** @returns {Set<string>} */
const told = () => new Set(JSON.parse(localStorage.getItem(SEEN) ?? "[]"));

/** @param {{ first_at?: string, first_post?: string }} facts */
const where = ({ first_at: at, first_post: post }) => at ? word("used-where", { at: moment(at), place: post || word("elsewhere") }) : word("used-unknown");

/** After each sending, each once. */
export function sayOutcomes() {
  sync.onFlush(async ({ sent }) => {
    if (!sent) return;
    const before = told();
    const news = (await checks()).filter(({ id, facts }) => facts.outcome && !before.has(id));
    for (const { id, data, facts } of news) say(id, data.number, facts);
    localStorage.setItem(SEEN, JSON.stringify([...before, ...news.map(({ id }) => id)].slice(-500)));
  });
}

/** @param {string} id @param {string} number @param {any} facts */
function say(id, number, facts) {
  if (facts.outcome === "double-use") notice(`double-${id}`, "danger", word("told-double", { number, where: where(facts) }), null, true);
  if (facts.outcome === "not-departed") notice(`late-${id}`, "danger", word("told-not-departed", { number, why: whyOf(facts.why) }), null, true);
}

/** @param {string} code */
export const whyOf = (code) => (known(`office.${code}`) ? word(`office.${code}`) : code);

// @ts-check
/** The check under way. It lives in this page alone until it is decided and kept. */

import * as outbox from "../outbox.js";
import { position } from "../position.js";
import { drawn, howMany, newSeed } from "./drawing.js";
import { countDraw, forgetDraws } from "./draws.js";
import { animalsOf, findings, hour, judge } from "./judging.js";
import { readPaper } from "./paper.js";
import { thePost } from "./post.js";
import { homes, theSupply } from "./supply.js";

/** @typedef {import("./judging.js").Judged} Judged */
/** @typedef {import("./judging.js").Seen} Seen */
/** @typedef {{ text: string, judged: Judged, animals: Set<string> | null, seed: string, heads: number, seen: Seen }} Check */

const PAGE = 200;
/** @type {Check | null} */
let check = null;

export const theCheck = () => check;
const seconds = () => Math.floor(Date.now() / 1000);

/** A paper was read; "" when it cannot be. @param {string} text */
export async function begin(text) {
  const [supply, passes] = await Promise.all([theSupply(), passesHere()]);
  const read = text ? await readPaper(text, supply?.keys ?? [], homes(), hour(supply, seconds())) : { verdict: /** @type {const} */ ("unreadable"), facts: null };
  const judged = judge(read, supply, passes);
  const { facts } = judged;
  const heads = facts ? facts.sexes[0] + facts.sexes[1] : 0;
  const seed = facts ? newSeed() : "";
  const positions = facts ? await drawn(seed, heads, howMany(supply?.draw ?? [], heads)) : [];
  const seen = { plate: "", males: 0, females: 0, others: 0, counted: false, port: thePost()?.port ?? "", positions, scanned: [], drawnBefore: facts ? countDraw(facts.id) : 0 };
  check = { text, judged, animals: facts && (await animalsOf(facts, supply)), seed, heads, seen };
  return check;
}

/** What speaks against it now. @param {Check} one */
export const findingsOf = ({ judged, seen }) => findings(judged, seen, seconds());

/** @param {"pass" | "hold" | "refuse"} decision @param {string} note */
export async function keepCheck(decision, note) {
  const one = /** @type {Check} */ (check);
  const { facts, verdict, listed } = one.judged;
  const { plate, males, females, others, positions, scanned } = one.seen;
  const at = listed && new Date(listed.made * 1000).toISOString();
  const entry = await outbox.add("check", {
    paper: one.text.slice(0, 1200), verdict, permit: facts?.id ?? null, number: facts?.number ?? "", decision,
    reasons: findingsOf(one).map(({ code }) => code), note, plate, males, females, others, seed: one.seed, heads: one.heads,
    positions, scanned, listed: at, port: thePost()?.port ?? "", post: thePost()?.post ?? "",
  }, position());
  if (facts) forgetDraws(facts.id);
  check = null;
  return entry;
}

/** Every check on this phone that was not taken back, newest first. */
export async function checks() {
  /** @type {import("../types.js").Entry[]} */
  const found = [];
  for (let before = Infinity; ;) {
    const page = await outbox.list({ before, limit: PAGE, newest: true });
    found.push(...page);
    if (page.length < PAGE) break;
    before = page[page.length - 1].seq;
  }
  return found.filter(({ kind, undone }) => kind === "check" && !undone);
}

/** What this phone let pass, by permit; the first counts. @returns {Promise<Map<string, import("./supply.js").Use>>} */
async function passesHere() {
  const passed = (await checks()).filter(({ data }) => data.decision === "pass" && data.permit);
  return new Map(passed.map(({ data, at }) => [data.permit, { at, post: data.post, port: data.port }]));
}

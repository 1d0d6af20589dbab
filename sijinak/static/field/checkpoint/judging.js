// @ts-check
/** What is to be said of a paper, and what of the truck speaks against it. No word of it is only green. */

import { parse } from "../codes.js";
import { stateIn } from "./status.js";
import { digestOf, short } from "./tags.js";

/** @typedef {import("./paper.js").Facts} Facts */
/** @typedef {import("./supply.js").Supply} Supply */
/** @typedef {import("./supply.js").Use} Use */
/** @typedef {import("./paper.js").Verdict | "unreadable"} Verdict */
/** @typedef {{ verdict: Verdict, facts: Facts | null, use: Use | null, listed: { made: number, fresh: number } | null, lacks: string[] }} Judged */
/** @typedef {"on" | "off" | "unknown" | "no-tag"} Found */
/** @typedef {{ position: number, code: string, found: Found }} Scanned */
/**
 * @typedef {{ plate: string, males: number, females: number, others: number, counted: boolean, port: string,
 *   positions: number[], scanned: Scanned[], drawnBefore: number }} Seen  drawnBefore: how often, and nothing was decided
 * @typedef {{ code: string, bars: boolean, values?: Record<string, string> }} Finding a pass is barred, or must be explained
 */

const ASTRAY = 600; // seconds that a phone's clock strays by itself

/**
 * @param {{ verdict: Verdict, facts: Facts | null }} read @param {Supply | null} supply @param {Map<string, Use>} passes by this phone itself
 * @returns {Judged}
 */
export function judge({ verdict, facts }, supply, passes) {
  if (!facts) return { verdict, facts, use: null, listed: null, lacks: [] };
  const list = supply?.lists.find((one) => one.list === facts.list) ?? null;
  const state = list ? stateIn(list, facts.index) : null;
  const known = supply?.permits.get(facts.id);
  const use = passes.get(facts.id) ?? known?.used ?? null;
  const said = [
    [state === "revoked" || known?.state === "revoked", "revoked"],
    [use || state === "used" || known?.state === "departed", "used"],
    [state === "replaced", "replaced"],
  ].find(([holds]) => holds);
  return { verdict: /** @type {Verdict} */ (said?.[1] ?? verdict), facts, use, listed: list && { made: list.made, fresh: list.fresh }, lacks: known?.lacks ?? [] };
}

/** The hour of the phone, but never before what the office signed last: a clock that is behind finds nothing expired. @param {Supply | null} supply @param {number} now */
export const hour = (supply, now) => Math.max(now, ...(supply?.lists ?? []).map(({ made }) => made));

/** The tags of the permit in five bytes each; null when neither paper nor pack can tell. @param {Facts} facts @param {Supply | null} supply */
export async function animalsOf(facts, supply) {
  if (facts.animals) return new Set(facts.animals);
  const shorts = (supply?.permits.get(facts.id)?.tags ?? []).map(short);
  return (await digestOf(shorts)) === facts.digest ? new Set(shorts) : null;
}

/** @param {string} code @param {Set<string> | null} animals @returns {Found} */
export const foundFor = (code, animals) => (animals === null ? "unknown" : animals.has(short(code)) ? "on" : "off");

/** A plate as people mean it: letters and digits alone. @param {string} text */
export const plain = (text) => text.toUpperCase().replace(/[^A-Z0-9]/g, "");

/** A tag's code in what was read, or null. @param {string} text */
export const codeOf = (text) => parse(/\/t\/([^/?#]+)/i.exec(text)?.[1] ?? text);

/** @param {Judged} judged @param {Seen} seen @param {number} now unix seconds @returns {Finding[]} */
export function findings({ verdict, facts, listed, lacks }, seen, now) {
  if (!facts) return [{ code: verdict, bars: true }];
  const [males, females] = facts.sexes;
  const heads = seen.males + seen.females;
  /** @type {[any, string, boolean, Record<string, string>?][]} */
  const rules = [
    [verdict !== "valid", verdict, true],
    [facts.kind !== 1, "not-a-permit", true],
    [!seen.counted, "not-counted", true],
    [seen.counted && (heads > males + females || seen.males > males || seen.females > females), "more-heads", true],
    [seen.others > 0, "other-species", true],
    [seen.scanned.some(({ found }) => found === "off"), "not-on-permit", true],
    [seen.scanned.some(({ found }) => found === "no-tag"), "no-tag", true],
    [seen.positions.some((one) => !seen.scanned.some(({ position }) => position === one)), "not-scanned", true],
    [!plain(seen.plate), "no-plate", true],
    [plain(seen.plate) && plain(seen.plate) !== plain(facts.plate), "plate-differs", false, { signed: facts.plate, seen: seen.plate }],
    [seen.counted && heads < males + females, "fewer-heads", false],
    [facts.port && facts.port !== seen.port, "other-port", false, { port: facts.port }],
    [seen.scanned.some(({ found }) => found === "unknown"), "not-compared", false],
    ...lacks.map((code) => /** @type {[boolean, string, boolean]} */ ([true, code, false])),
    [seen.drawnBefore > 0, "drawn-again", false],
    [listed && listed.made > now + ASTRAY, "clock-behind", true],
    [!listed, "no-list", false],
    [listed && listed.fresh < now, "stale-list", false],
  ];
  return rules.filter(([holds]) => holds).map(([, code, bars, values]) => ({ code, bars, values }));
}

// @ts-check
/** Scanning a paper, and what its signature says, large and plain. */

import { gate, passed } from "../../gate.js";
import { acts, facts as terms, fill, show, slot, tell } from "../../page.js";
import { named } from "../../picking.js";
import { startLooking } from "../../position.js";
import { go } from "../../router.js";
import { signal } from "../../signals.js";
import { ago, day, moment, number, word } from "../../words.js";
import { look } from "../camera.js";
import { begin, theCheck } from "../checking.js";
import { thePost } from "../post.js";
import { theSupply } from "../supply.js";

/** @param {HTMLElement} root */
export async function open(root) {
  if (!passed(await gate(false))) return go("beranda");
  if (!thePost()) return go("paket");
  startLooking();
  const met = async (/** @type {string} */ text) => {
    const { judged } = await begin(text);
    signal(judged.verdict === "valid" ? "look" : "stop");
    go("surat");
  };
  acts(root, { unreadable: () => met("") });
  return look(root, met);
}

/** @param {HTMLElement} root */
export async function openFacts(root) {
  const check = theCheck();
  if (!check) return go("pindai");
  const { verdict, facts, use, listed } = check.judged;
  const supply = await theSupply();
  slot(root, "verdict").dataset.verdict = verdict;
  const until = facts ? day(facts.until * 1000) : "";
  tell(root, {
    title: word(`verdict.${verdict}`),
    todo: word(`todo.${verdict}`, { until }),
    use: verdict === "used" ? used(use, supply) : "",
    list: facts ? listWords(listed) : "",
  });
  slot(root, "list").classList.toggle("tone-warning", !listed || listed.fresh * 1000 < Date.now());
  show(root, { facts, next: facts });
  fill(root, "facts", facts ? terms(linesOf(facts, supply)) : []);
}

/** @param {import("../supply.js").Use | null} use @param {import("../supply.js").Supply | null} supply */
function used(use, supply) {
  if (!use) return word("used-unknown");
  const port = Object.fromEntries(supply?.ports ?? [])[use.port] ?? use.port;
  return word("used-where", { at: moment(use.at), place: [use.post, port].filter(Boolean).join(", ") });
}

/** @param {{ made: number, fresh: number } | null} listed */
function listWords(listed) {
  if (!listed) return word("list-missing");
  const [made, fresh] = [moment(listed.made * 1000), moment(listed.fresh * 1000)];
  return word(listed.fresh * 1000 < Date.now() ? "list-stale" : "list-fresh", { made, fresh, ago: ago(listed.made * 1000) });
}

/** @param {import("../paper.js").Facts} facts @param {import("../supply.js").Supply | null} supply @returns {[string, string][]} */
function linesOf(facts, supply) {
  const [males, females] = facts.sexes;
  const place = (/** @type {string} */ code) => supply?.places[code] ?? code;
  const ports = Object.fromEntries(supply?.ports ?? []);
  return [
    [word("signed-holder"), facts.holder],
    [word("signed-plate"), facts.plate || word("no-plate")],
    [word("signed-heads"), word("heads-line", { heads: number(males + females), species: named("species", facts.species), males, females })],
    [word("signed-until"), day(facts.until * 1000)],
    [word("signed-to"), place(facts.destination)],
    [word("signed-from"), place(facts.origin)],
    [word("signed-port"), ports[facts.port] ?? facts.port],
    [word("signed-number"), facts.number],
    [word("signed-issued"), moment(facts.issued * 1000)],
    [word("signed-kind"), word(`kind.${facts.kind}`, { version: facts.version })],
  ];
}

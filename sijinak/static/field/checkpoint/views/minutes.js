// @ts-check
/** What was decided and why, to be shown to the driver. The office makes a paper of it. */

import { spaced } from "../../codes.js";
import * as device from "../../device.js";
import * as outbox from "../../outbox.js";
import { facts, fill, piece, slot, tell } from "../../page.js";
import { go } from "../../router.js";
import { moment, word } from "../../words.js";
import { whyOf } from "../outcomes.js";
import { readPaper } from "../paper.js";
import { homes, theSupply } from "../supply.js";

/** @param {HTMLElement} root @param {URLSearchParams} _ @param {string} name */
export async function open(root, _, name) {
  const [entry, phone, supply] = await Promise.all([outbox.get(name), device.current(), theSupply()]);
  if (!entry || entry.kind !== "check") return go("beranda");
  const { data } = entry;
  const at = Math.floor(Date.parse(entry.at) / 1000);
  const { facts: signed } = await readPaper(data.paper, supply?.keys ?? [], homes(), at);
  const ports = Object.fromEntries(supply?.ports ?? []);
  slot(root, "decision").dataset.decision = data.decision;
  tell(root, {
    decision: word(`decision.${data.decision}`),
    office: entry.facts.outcome ? `${word("office-said")}: ${word(`outcome.${entry.facts.outcome}`)} ${entry.facts.why ? `(${whyOf(entry.facts.why)})` : ""}` : "",
  });
  fill(root, "findings", data.reasons.map((/** @type {string} */ code) => {
    const line = piece("finding-line");
    line.textContent = word(`found.${code}`, { signed: signed?.plate ?? "", seen: data.plate, port: signed?.port ?? "" });
    return line;
  }));
  fill(root, "facts", facts([
    [word("minutes-when"), moment(entry.at)],
    [word("minutes-where"), word("post-line", { place: data.post, port: ports[data.port] ?? data.port })],
    [word("minutes-who"), phone?.user.name],
    [word("minutes-what"), word(`verdict.${data.verdict}`)],
    [word("signed-number"), data.number],
    [word("signed-holder"), signed?.holder],
    [word("signed-plate"), signed?.plate],
    [word("minutes-plate"), data.plate],
    [word("minutes-counted"), data.plate || data.males + data.females ? word("minutes-counted-line", data) : ""],
    [word("minutes-animals"), data.scanned.map(drawnLine).join("; ")],
    [word("minutes-note"), data.note],
    [word("minutes-list"), data.listed ? moment(data.listed) : word("list-none")],
    [word("minutes-seed"), data.seed],
    [word("minutes-number"), entry.id],
  ]));
}

/** @param {import("../judging.js").Scanned} one */
const drawnLine = ({ position, code, found }) => `${position}: ${code ? `${spaced(code)} ` : ""}${word(`animal.${found}`)}`;

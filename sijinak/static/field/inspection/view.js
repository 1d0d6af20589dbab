// @ts-check
/** Inspections: which application, how far it is, and its parts. */

import * as outbox from "../outbox.js";
import { acts, copy, piece, slot, tell } from "../page.js";
import { named } from "../picking.js";
import { go, show as again } from "../router.js";
import { day, known, learn, moment, number, word } from "../words.js";
import { sayFault } from "../notices.js";
import { spaced } from "../codes.js";
import { openAnimal } from "./animal.js";
import { fetchList, openList } from "./lists.js";
import { closing, isOurs, missing, progressOf } from "./progress.js";
import { lookForTags } from "./scanning.js";
import { openVehicle } from "./vehicle.js";

const PAGE = 200;
const TONES = { passed: "success", refused: "danger", absent: "warning" };

/** @param {HTMLElement} root @param {URLSearchParams} asked @param {string} id */
export async function open(root, asked, id) {
  await bringWords();
  const list = id ? await openList() : await freshList();
  const permit = list?.permits.find((one) => one.id === id);
  const body = slot(root, "body");
  if (!list || !permit) return id ? go("pemeriksaan") : choose(body, list);
  const entries = await ofInspections();
  const progress = progressOf(permit, entries, list.fetched);
  if (progress.closed) return closed(body, permit, progress.closed);
  if (asked.has("kendaraan")) return openVehicle(body, permit, progress);
  const code = asked.get("ternak");
  if (code) return openAnimal(body, permit, progress, code);
  return overview(body, permit, progress);
}

/** Templates and words of this part come once, from the cache without a network. */
async function bringWords() {
  if (document.getElementById("inspection-list")) return;
  const answer = await fetch(`${document.body.dataset.scope}tambahan.html`);
  const place = document.createElement("div");
  place.hidden = true;
  place.innerHTML = await answer.text(); // our own file, without scripts
  document.body.append(place);
  learn();
}

/** From the server, or what was kept. */
const freshList = () => fetchList().catch(openList);

async function ofInspections() {
  const found = [];
  for (let before = Infinity; ;) {
    const page = await outbox.list({ before, limit: PAGE, newest: true });
    found.push(...page.filter(isOurs));
    if (page.length < PAGE) return found;
    before = page[page.length - 1].seq;
  }
}

/** @param {HTMLElement} root @param {import("./lists.js").List | null} list */
async function choose(root, list) {
  const entries = await ofInspections();
  root.replaceChildren(copy("inspection-list"));
  tell(root, {
    when: list ? word("inspect.list-of", { at: moment(list.fetched) }) : "",
    nothing: !list ? word("inspect.no-list") : list.permits.length ? "" : word("inspect.none-waits"),
  });
  slot(root, "list").replaceChildren(...(list?.permits ?? []).map((permit) => {
    const { left, closed } = progressOf(permit, entries, list?.fetched ?? "");
    const line = piece("inspection-line");
    /** @type {HTMLAnchorElement} */ (line.querySelector("a")).href = `#/pemeriksaan/${permit.id}`;
    const total = permit.animals.length;
    tell(line, {
      firm: permit.firm, where: `${permit.place} → ${permit.to}`,
      state: closed ? word("inspect.closed") : word("inspect.so-far", { n: total - left.length, total, on: day(permit.planned_on) }),
    });
    return line;
  }));
}

/** @param {HTMLElement} root @param {any} permit @param {import("../types.js").Entry} entry */
function closed(root, permit, entry) {
  root.replaceChildren(copy("inspection-closed"));
  const why = known(`inspect.why.${entry.review}`) ? `inspect.why.${entry.review}` : "inspect.in-review";
  tell(root, { firm: permit.firm, what: word(entry.review ? why : entry.state === "received" ? "inspect.received" : "inspect.kept") });
}

/** @param {HTMLElement} root @param {any} permit @param {import("./progress.js").Progress} progress */
function overview(root, permit, progress) {
  root.replaceChildren(copy("inspection-one"));
  const total = permit.animals.length;
  const gaps = missing(progress);
  tell(root, {
    firm: permit.firm, where: `${permit.place} → ${permit.to}`,
    count: word("inspect.n-of", { n: total - progress.left.length, total }),
    least: permit.least ? word("inspect.least", { kg: number(permit.least) }) : word("inspect.least-unknown"),
    plate: progress.vehicle ? progress.vehicle.data.plate : word("inspect.vehicle-open", { plate: permit.plate }),
    gaps: gaps.map((code) => word(code, { n: progress.left.length })).join(" "),
  });
  Object.assign(slot(root, "bar"), { max: total, value: total - progress.left.length });
  slot(root, "vehicle").href = `#/pemeriksaan/${permit.id}?kendaraan`;
  slot(root, "animals").replaceChildren(...permit.animals.map((/** @type {any} */ animal) => animalLine(permit, animal, progress)));
  root.querySelector("[data-action=finish]")?.toggleAttribute("disabled", gaps.length > 0);
  acts(root, { finish: () => finish(permit, progress) });
  return lookForTags(root, permit, progress);
}

/** @param {any} permit @param {any} animal @param {import("./progress.js").Progress} progress */
function animalLine(permit, animal, { seen }) {
  const line = piece("inspection-animal-line");
  /** @type {HTMLAnchorElement} */ (line.querySelector("a")).href = `#/pemeriksaan/${permit.id}?ternak=${animal.code}`;
  const said = seen.get(animal.code)?.data;
  line.dataset.code = animal.code;
  line.dataset.result = said?.result ?? "";
  tell(line, { code: spaced(animal.code), marks: [named("sex", animal.sex), animal.marks].filter(Boolean).join(", ") });
  const state = slot(line, "state");
  state.textContent = said ? word(`inspect.is-${said.result}`) : word("inspect.is-open");
  state.className = `status tone-${/** @type {any} */ (TONES)[said?.result] ?? "neutral"}`;
  return line;
}

/** @param {any} permit @param {import("./progress.js").Progress} progress */
async function finish(permit, progress) {
  if (missing(progress).length || !confirm(word("inspect.finish-sure"))) return;
  try {
    await outbox.add("inspection-done", closing(permit, progress, ""));
    again();
  } catch (error) {
    sayFault(error);
  }
}

// @ts-check
/** One animal: passes or not, what it weighs, its photos and samples. */

import { sends, wrong } from "../forms.js";
import { sayFault, saved } from "../notices.js";
import * as outbox from "../outbox.js";
import { copy, piece, show, slot, tell } from "../page.js";
import { named } from "../picking.js";
import { position, startLooking, stopLooking } from "../position.js";
import { go } from "../router.js";
import { spaced } from "../codes.js";
import { number, word } from "../words.js";
import { photoFields, takenPhotos } from "./photographing.js";

const VIEWS = ["side", "tag"];

/** @param {HTMLElement} root @param {any} permit @param {import("./progress.js").Progress} progress @param {string} code */
export function openAnimal(root, permit, progress, code) {
  const animal = permit.animals.find((/** @type {any} */ one) => one.code === code);
  if (!animal) return go(`pemeriksaan/${permit.id}`);
  const before = progress.seen.get(code)?.data ?? null;
  root.replaceChildren(copy("inspection-animal"));
  slot(root, "back").href = `#/pemeriksaan/${permit.id}`;
  tell(root, {
    code: spaced(code), marks: [named("sex", animal.sex), animal.marks].filter(Boolean).join(", "),
    before: before ? word("inspect.done-before") : "",
    least: permit.least ? word("inspect.least", { kg: number(permit.least) }) : word("inspect.least-unknown"),
  });
  photoFields(root, VIEWS, before?.photos ?? []);
  sampleFields(root, animal.tests, before?.samples ?? []);
  const form = sends(root, "inspect-animal", (given, form) => keep(permit, animal, before, given, form));
  if (before) fillIn(form, before);
  const look = () => fit(root, form);
  form.addEventListener("change", look);
  look();
  startLooking();
  return stopLooking;
}

/** @param {HTMLFormElement} form @param {any} before */
function fillIn(form, { result, weight, method, reason }) {
  for (const [name, value] of Object.entries({ result, weight, method, reason })) {
    const control = /** @type {any} */ (form.elements.namedItem(name));
    if (control && value !== null) control.value = String(value);
  }
}

/** Which fields belong to the result. @param {HTMLElement} root @param {HTMLFormElement} form */
function fit(root, form) {
  const result = /** @type {any} */ (form.elements.namedItem("result")).value;
  show(root, { seen: result !== "absent", why: result === "refused" || result === "absent" });
}

/** @param {HTMLElement} root @param {[string, string][]} tests @param {any[]} before */
function sampleFields(root, tests, before) {
  slot(root, "samples").replaceChildren(...tests.map(([disease, method], index) => {
    const field = piece("inspection-sample");
    const input = /** @type {HTMLInputElement} */ (field.querySelector("input"));
    input.name = input.id = `sample-${index}`;
    input.value = before.find((one) => one.disease === disease)?.number ?? "";
    field.querySelector("label")?.setAttribute("for", input.id);
    tell(field, { name: word("inspect.sample", { disease: named("disease", disease), method: method.toUpperCase() }) });
    return field;
  }));
}

/** @param {any} permit @param {any} animal @param {any} before @param {Record<string, string>} given @param {HTMLFormElement} form */
async function keep(permit, animal, before, given, form) {
  const { result } = given;
  const there = result !== "absent";
  const weight = there && given.weight ? Number(given.weight) : null;
  if (result !== "passed" && !given.reason) wrong(form, "reason", word("inspect.reason-missing"));
  if (result === "passed") mayPass(permit, animal, weight, given, form);
  if (form.querySelector("[aria-invalid]")) return;
  try {
    const photos = there ? await takenPhotos(form, VIEWS, before?.photos ?? [], result === "passed") : [];
    if (!photos) return;
    const samples = there ? samplesOf(animal.tests, given) : [];
    const said = { permit: permit.id, code: animal.code, village: permit.village, result };
    const more = { weight, method: weight ? given.method : null, reason: result === "passed" ? "" : given.reason };
    await outbox.add("inspected", { ...said, ...more, photos, samples }, position());
    saved(word("inspect.animal-kept", { code: spaced(animal.code) }));
    go(`pemeriksaan/${permit.id}`);
  } catch (error) {
    sayFault(error);
  }
}

/** What the rule asks of an animal that passes. @param {any} permit @param {any} animal @param {number | null} weight @param {Record<string, string>} given @param {HTMLFormElement} form */
function mayPass(permit, animal, weight, given, form) {
  if (!weight) wrong(form, "weight", word("inspect.weight-missing"));
  else if (permit.least && weight < permit.least) wrong(form, "weight", word("inspect.too-light", { kg: number(permit.least) }));
  if (!given.method) wrong(form, "method", word("choose"));
  animal.tests.forEach((/** @type {any} */ _, /** @type {number} */ index) => {
    if (!given[`sample-${index}`]) wrong(form, `sample-${index}`, word("inspect.sample-missing"));
  });
}

/** @param {[string, string][]} tests @param {Record<string, string>} given */
const samplesOf = (tests, given) => tests
  .map(([disease, method], index) => ({ number: given[`sample-${index}`] ?? "", disease, method }))
  .filter(({ number }) => number);

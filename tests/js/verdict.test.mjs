// What the phone says of an animal before its dose.

import assert from "node:assert/strict";
import test from "node:test";

import { judge } from "../../sijinak/static/field/verdict.js";

const TODAY = "2026-11-22";
const product = { disease: "lsd", doses: { cattle: 1000 }, withdrawal: 21, least_age: 90, pregnancy: "forbidden" };
const cow = {
  code: "A000000000", owner: null, village: { code: "52.04.02.2001", name: "Lunyuk Rea", outbreaks: [] },
  species: "cattle", sex: "f", born: "2024-01-01", pregnant: false, numbers: [], last: {}, shipsOn: null, state: "present",
};

const says = (animal, more = {}) => judge(animal && { ...cow, ...animal }, { product, today: TODAY, doneToday: new Set(), campaign: null, ...more });

test("a present animal without a dose goes, and one that is due goes", () => {
  assert.deepEqual(says({}), { tone: "go", reasons: ["first-dose"] });
  assert.deepEqual(says({ last: { lsd: ["2025-11-01", "2026-11-01"] } }), { tone: "go", reasons: ["due"] });
});

test("each reason to stop stops", () => {
  const stops = {
    "not-present": { state: "stolen" },
    "given-today": { last: { lsd: [TODAY, "2027-11-22"] } },
    "ships-soon": { shipsOn: "2026-12-12" },
    "too-young": { born: "2026-09-01" },
    "pregnant-forbidden": { pregnant: true },
    "no-dose-for-species": { species: "goat" },
  };
  for (const [reason, animal] of Object.entries(stops)) {
    assert.deepEqual(says(animal), { tone: "stop", reasons: [reason] }, reason);
  }
  assert.deepEqual(says({}, { doneToday: new Set([cow.code]) }), { tone: "stop", reasons: ["done-today"] });
});

test("the day after the withdrawal time it may leave, and what left is no reason", () => {
  assert.equal(says({ shipsOn: "2026-12-13" }).tone, "go");
  assert.equal(says({ shipsOn: "2026-11-21" }).tone, "go");
});

test("an animal of exactly the least age goes", () => {
  assert.equal(says({ born: "2026-08-24" }).tone, "go");
  assert.equal(says({ born: "2026-08-25" }).tone, "stop");
});

test("doubts are told and do not stop", () => {
  assert.deepEqual(says({ pregnant: null }), { tone: "look", reasons: ["ask-pregnant"] });
  assert.deepEqual(says({ last: { lsd: ["2026-11-01", "2027-11-01"] } }), { tone: "look", reasons: ["not-yet-due"] });
  assert.deepEqual(says({}, { campaign: { villages: ["52.04.02.2002"] } }), { tone: "look", reasons: ["other-village"] });
  assert.deepEqual(says(null), { tone: "look", reasons: ["unknown-tag"] });
  assert.deepEqual(says({ pregnant: true }, { product: { ...product, pregnancy: "avoid" } }), { tone: "look", reasons: ["pregnant-avoid"] });
});

test("all reasons are told, and one that stops decides", () => {
  const verdict = says({ state: "dead", last: { lsd: ["2026-11-01", "2027-11-01"] } });
  assert.deepEqual(verdict, { tone: "stop", reasons: ["not-present", "not-yet-due"] });
});

test("a label that nobody has read gives no reason", () => {
  const bare = { disease: "lsd", doses: {}, withdrawal: null, least_age: null, pregnancy: null };
  assert.equal(says({ species: "goat", born: null, pregnant: null }, { product: bare }).tone, "go");
});

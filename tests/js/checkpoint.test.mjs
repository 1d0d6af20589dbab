// What speaks against a truck when the phone's clock is wrong, or its officer draws until it pleases.

import assert from "node:assert/strict";
import test from "node:test";

import { countDraw, forgetDraws } from "../../sijinak/static/field/checkpoint/draws.js";
import { findings, hour } from "../../sijinak/static/field/checkpoint/judging.js";

const NOW = 1_790_000_000;
const DAY = 86_400;
const facts = { kind: 1, sexes: [3, 0], plate: "EA 1", port: "badas" };
const list = (made) => ({ made, fresh: made + DAY });
const truck = { plate: "EA 1", males: 3, females: 0, others: 0, counted: true, port: "badas", positions: [], scanned: [], drawnBefore: 0 };
const against = (made, seen = {}) => findings({ verdict: "valid", facts, use: null, listed: list(made), lacks: [] }, { ...truck, ...seen }, NOW);

globalThis.localStorage = { kept: {}, getItem(key) { return this.kept[key] ?? null; }, setItem(key, value) { this.kept[key] = value; } };

test("a clock behind the newest list bars the pass, and the hour is that of the list", () => {
  assert.deepEqual(against(NOW - 60), []);
  assert.deepEqual(against(NOW + 300), []);
  assert.deepEqual(against(NOW + DAY).map(({ code, bars }) => [code, bars]), [["clock-behind", true]]);
  assert.equal(hour({ lists: [list(NOW - DAY), list(NOW + DAY)] }, NOW), NOW + DAY);
  assert.equal(hour(null, NOW), NOW);
});

test("who draws again without deciding has to explain it, also after the page was loaded anew", () => {
  assert.equal(countDraw("p"), 0);
  assert.equal(countDraw("p"), 1);
  assert.equal(countDraw("q"), 0);
  assert.deepEqual(against(NOW, { drawnBefore: 1 }).map(({ code, bars }) => [code, bars]), [["drawn-again", false]]);
  forgetDraws("p");
  assert.equal(countDraw("p"), 0);
  assert.equal(countDraw("q"), 1);
  localStorage.setItem("periksa.draws", "broken");
  assert.equal(countDraw("q"), 0);
});

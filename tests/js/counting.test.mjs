// Each animal once in a round; nothing that was read is without a word or a record.

import assert from "node:assert/strict";
import test from "node:test";

import { Counting } from "../../sijinak/static/field/counting.js";
import { read } from "../../sijinak/static/field/reading.js";

const HOSTS = ["sinak.test"];
const CODE = "0000000001";
const work = { round: "r", product: "p", lot: "L1", campaign: null, village: "v", day: "2026-11-22" };

/** A code with good check characters: 1021 divides 0. */
const GOOD = "0000000000";

function session({ animals = {}, counted = [], done = [], fails = false } = {}) {
  const kept = [];
  const undone = [];
  const pack = { byCode: (code) => animals[code] ?? null, byNumber: (text) => Object.values(animals).filter((a) => a.numbers.includes(text)) };
  const counting = new Counting({
    pack, work, product: { disease: "lsd", doses: {}, withdrawal: null, least_age: null, pregnancy: null },
    campaign: null, hosts: HOSTS, today: "2026-11-22", done: new Set(done), counted: new Set(counted), doses: counted.length,
    add: async (kind, data) => {
      if (fails) throw new Error("storage-full");
      kept.push([kind, data]);
      return { id: `id-${kept.length}` };
    },
    undo: async (id) => undone.push(id),
  });
  return { counting, kept, undone };
}

const animal = (more) => ({
  code: GOOD, owner: null, village: { code: "v", name: "V", outbreaks: [] }, species: "cattle", sex: "m",
  born: null, pregnant: null, numbers: [], last: {}, shipsOn: null, state: "present", ...more,
});

test("what a text is", () => {
  const is = (text) => read(text, HOSTS).what;
  assert.equal(is(GOOD), "code");
  assert.equal(is(`HTTPS://SINAK.TEST/T/${GOOD}`), "code");
  assert.equal(is(`https://sinak.test/t/${GOOD}?x=1`), "code");
  assert.equal(is(`https://elsewhere.test/T/${GOOD}`), "foreign");
  assert.equal(is(`https://sinak.test/T/${CODE}`), "other");
  assert.equal(is("HTTPS://SINAK.TEST/V/ABCDEF"), "permit");
  assert.equal(is("00020101021126690021ID.CO"), "payment");
  assert.equal(is("360123456789012"), "number");
  assert.equal(is("hello"), "other");
});

test("the same tag twice is one record", async () => {
  const { counting, kept } = session({ animals: { [GOOD]: animal() } });
  assert.equal((await counting.meet(GOOD, "scan")).tone, "go");
  assert.equal((await counting.meet(`HTTPS://SINAK.TEST/T/${GOOD}`, "scan")).tone, "again");
  assert.equal(kept.length, 1);
  assert.equal(counting.doses, 1);
});

test("a mistyped code is doubted once, and kept when it is typed again", async () => {
  const { counting, kept } = session();
  assert.deepEqual((await counting.meet(CODE, "typed")).reasons, ["mistyped"]);
  assert.equal(kept.length, 0);
  assert.deepEqual((await counting.meet(CODE, "typed")).reasons, ["is-number"]);
  assert.equal(kept.length, 1);
  await counting.meet("0000000002", "scan"); // a camera does not mistype
  assert.equal(kept.length, 2);
});

test("a stop keeps nothing until it is answered", async () => {
  const { counting, kept } = session({ animals: { [GOOD]: animal({ state: "stolen" }) } });
  const meeting = await counting.meet(GOOD, "typed");
  assert.equal(meeting.tone, "stop");
  assert.equal(kept.length, 0);
  await counting.record(meeting);
  assert.deepEqual(kept, [["vaccination", { round: "r", code: GOOD, product: "p", lot: "L1", campaign: null, village: "v", read: "typed" }]]);
});

test("a tag outside the pack is kept as a dose, and stops when it comes again in another round", async () => {
  const first = session();
  assert.deepEqual((await first.counting.meet(GOOD, "scan")).reasons, ["unknown-tag"]);
  assert.equal(first.kept[0][0], "vaccination");
  const later = session({ done: [GOOD] });
  assert.deepEqual((await later.counting.meet(GOOD, "scan")).reasons, ["done-today"]);
});

test("another number of an animal leads to it", async () => {
  const { counting, kept } = session({ animals: { [GOOD]: animal({ numbers: ["360123456789012"] }) } });
  assert.equal((await counting.meet("360123456789012", "typed")).code, GOOD);
  assert.equal(kept[0][1].code, GOOD);
});

test("what names no animal is kept once, with why", async () => {
  const { counting, kept } = session();
  const meeting = await counting.meet("HTTPS://SINAK.TEST/V/ABC", "scan");
  assert.deepEqual([meeting.tone, meeting.reasons], ["look", ["is-permit"]]);
  await counting.meet("HTTPS://SINAK.TEST/V/ABC", "scan");
  assert.deepEqual(kept, [["unknown", { text: "HTTPS://SINAK.TEST/V/ABC", why: "not-ours", village: "v" }]]);
  assert.equal(counting.doses, 0);
});

test("what was undone can be counted again", async () => {
  const { counting, kept, undone } = session({ animals: { [GOOD]: animal() } });
  await counting.meet(GOOD, "scan");
  assert.equal(await counting.undoLast(), GOOD);
  assert.deepEqual([undone, counting.doses, counting.canUndo], [["id-1"], 0, false]);
  assert.equal((await counting.meet(GOOD, "scan")).tone, "go");
  assert.equal(kept.length, 2);
});

test("a record that cannot be kept is not counted", async () => {
  const { counting } = session({ animals: { [GOOD]: animal() }, fails: true });
  await assert.rejects(counting.meet(GOOD, "scan"));
  assert.equal(counting.doses, 0);
  assert.equal(counting.ground.counted.size, 0);
});

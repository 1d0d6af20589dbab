// What the checkpoint's phone says of a signed paper: the same vectors as the server's reader takes.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import { decoded } from "../../sijinak/static/field/checkpoint/cbor.js";
import { opened } from "../../sijinak/static/field/checkpoint/cose.js";
import { drawn, howMany, newSeed } from "../../sijinak/static/field/checkpoint/drawing.js";
import { readPaper } from "../../sijinak/static/field/checkpoint/paper.js";
import { readStatus, stateIn } from "../../sijinak/static/field/checkpoint/status.js";

const vectors = JSON.parse(readFileSync(new URL("../permits/signing/vectors.json", import.meta.url), "utf8"));
const bytes = (base64) => Uint8Array.from(Buffer.from(base64, "base64"));
const keys = vectors.keys.map((key) => ({ ...key, spki: bytes(key.spki) }));
const homes = [vectors.public_url];
const read = (text, more = {}) => readPaper(text, more.keys ?? keys, homes, more.now ?? vectors.now);
const good = vectors.good.filter(({ name }) => name !== "expired");

test("every good paper is read as it was signed", async () => {
  for (const { name, text, facts } of vectors.good) {
    const { verdict, facts: said } = await read(text, { keys: keys.map((key) => ({ ...key, from: 0 })) });
    assert.equal(verdict, name === "expired" ? "expired" : "valid", name);
    assert.deepEqual(
      [said.number, said.issued, said.until, said.origin, said.destination, said.holder, said.plate, said.species, said.sexes],
      ["1", "2", "3", "4", "5", "6", "7", "8", "9"].map((key) => facts[key]), name,
    );
    assert.equal(said.animals ? said.animals.join("") : said.digest, facts["10"] ?? facts["11"], name);
    assert.equal(said.id.replaceAll("-", ""), facts["14"], name);
    assert.deepEqual([said.list, said.index, said.version, said.port, said.kind], ["12", "13", "15", "16", "17"].map((key) => facts[key]), name);
  }
});

test("no bad paper is taken, and none throws", async () => {
  for (const { name, text, why } of vectors.bad) {
    const { verdict, facts } = await read(text);
    assert.equal(facts, null, name);
    assert.notEqual(verdict, "valid", name);
    if (why === "unknown-key") assert.equal(verdict, "wrong-key", name);
    if (why === "altered" || why === "malformed") assert.equal(verdict, "altered", name);
  }
  assert.equal((await read(vectors.bad.find(({ name }) => name === "our name as a user").text)).verdict, "wrong-host");
});

test("a key counts for its own days, and not when it is revoked", async () => {
  const { text, facts } = good[0];
  const says = async (more) => (await read(text, { keys: [{ ...keys[0], ...more }] })).verdict;
  assert.equal(await says({ revoked: true }), "wrong-key");
  assert.equal(await says({ from: facts["2"] + 86_401 }), "wrong-key");
  assert.equal(await says({ until: vectors.now - 1 }), "wrong-key");
  assert.equal(await says({ until: vectors.now }), "valid");
});

test("another key of the same name does not stand in the way", async () => {
  const pair = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["sign", "verify"]);
  const spki = new Uint8Array(await crypto.subtle.exportKey("spki", pair.publicKey));
  assert.equal((await read(good[0].text, { keys: [{ ...keys[0], spki }, keys[0]] })).verdict, "valid");
  assert.equal((await read(good[0].text, { keys: [{ ...keys[0], spki }] })).verdict, "altered");
});

test("it is valid to its last second, and signed tomorrow it is altered", async () => {
  const { text, facts } = good[0];
  assert.equal((await read(text, { now: facts["3"] })).verdict, "valid");
  assert.equal((await read(text, { now: facts["3"] + 1 })).verdict, "expired");
  assert.equal((await read(text, { now: facts["2"] - 90_000 })).verdict, "altered");
});

test("ten thousand mutations: none is taken, none throws", async () => {
  const dice = generator(5204);
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  for (let n = 0; n < 10_000; n++) {
    const { text } = good[dice(good.length)];
    const at = text.lastIndexOf("/") + 1 + dice(text.length - text.lastIndexOf("/") - 1);
    const altered = [
      () => text.slice(0, at) + letters[(letters.indexOf(text[at]) + 1 + dice(31)) % 32] + text.slice(at + 1),
      () => text.slice(0, at) + text.slice(at + 1 + dice(8)),
      () => text.slice(0, at) + letters[dice(32)] + text.slice(at),
      () => text.slice(0, at),
      () => crossed(text, good[dice(good.length)].text, at),
      () => text.slice(0, at) + String.fromCharCode(dice(65_536)) + text.slice(at + 1),
    ][dice(6)]();
    if (good.some((one) => one.text === altered)) continue;
    const { verdict, facts } = await read(altered);
    assert.equal(facts, null, altered);
    assert.notEqual(verdict, "valid");
  }
});

const crossed = (one, other, at) => one.slice(0, at) + other.slice(at);

/** The same numbers each time. */
function generator(seed) {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

test("lists are read when they are ours, and refused else", async () => {
  for (const { name, list, why, states } of vectors.lists) {
    if (why) await assert.rejects(readStatus(bytes(list), keys), name);
    else {
      const found = await readStatus(bytes(list), keys);
      const words = ["valid", "revoked", "used", "replaced"];
      for (const [index, state] of Object.entries(states)) assert.equal(stateIn(found, Number(index)), words[state], index);
      assert.equal(stateIn(found, found.size), null);
      await assert.rejects(readStatus(bytes(list), [{ ...keys[0], revoked: true }]));
    }
  }
});

test("bytes that are no CBOR of ours are refused and never loop", async () => {
  const dice = generator(99);
  for (let n = 0; n < 3000; n++) {
    const noise = Uint8Array.from({ length: dice(60) }, () => dice(256));
    await assert.rejects(opened(noise, keys));
  }
  for (const text of ["9f00ff", "1800", "190001", "a2010101", "a101", "f5f5", "fb0000000000000000", "818181818180", "5affffffff", "9affffffff", "bb7fffffffffffffff"]) {
    assert.throws(() => decoded(Uint8Array.from(Buffer.from(text, "hex"))), text);
  }
});

test("a draw can be drawn again, has each once, and is as many as the table says", async () => {
  const table = [[5, 5], [20, 5], [100, 8], [1000, 13]];
  assert.deepEqual([1, 5, 6, 21, 101, 5000].map((heads) => howMany(table, heads)), [1, 5, 5, 8, 13, 13]);
  const seed = newSeed();
  assert.match(seed, /^[0-9a-f]{32}$/);
  const once = await drawn(seed, 40, 8);
  assert.deepEqual(await drawn(seed, 40, 8), once);
  assert.equal(new Set(once).size, 8);
  assert.ok(once.every((position) => position >= 1 && position <= 40));
  assert.deepEqual(await drawn(seed, 3, 8), [1, 2, 3]);
  // The server draws the same: tests/permits/checkpoint/test_drawing.py
  assert.deepEqual(await drawn("00112233445566778899aabbccddeeff", 40, 5), DRAWN);
});

const DRAWN = [11, 13, 17, 21, 24];

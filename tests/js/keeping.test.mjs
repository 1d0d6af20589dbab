import assert from "node:assert/strict";
import { test } from "node:test";
import { dose, doseTimes, enrolled, evict, json, newTab, PIN, problem, reopened } from "./phone.mjs";

// Long enough, or with a blank: not to be met by chance in what is sealed.
const CANARIES = ["canary", "Canary", "CANARY", "Siti Rahayu", "Abdul R.", PIN];
const PACK = {
  v: 1, made_at: "2026-11-22T00:00:00Z", officer: { id: "o", name: "Siti Rahayu" },
  villages: [{ code: "52.04.01.2001", name: "Canary Village", outbreaks: ["anthrax"] }],
  products: [{ id: "p", name: "Vaccine" }], lots: [], campaigns: [{ id: "c", villages: ["52.04.01.2001"] }], species: ["cattle", "goat"],
  owners: [["o1", "Abdul R.", 0, "Canary hamlet"], ["o2", "Siti A.", 0, "Atas"]],
  animals: [
    ["7K3M9QX45J", 0, 0, 0, "f", "2024-01-01", 1, ["AB-12/7", "360000000000001"], { anthrax: ["2026-01-01", "2027-01-01"] }, null, "present"],
    ["0000000000", null, 0, 1, "m", null, null, [], {}, "2026-12-01", "stolen"],
  ],
};

async function everything(phone) {
  const names = phone.drawers.keys();
  const kept = [JSON.stringify(names.map((name) => [name, localStorage.getItem(name)]))];
  for (const store of ["records", "meta", "pack"]) {
    for (const value of await phone.store.read([store], (all) => all.getAll())) kept.push(plain(value));
  }
  return kept.join("\n");
}

// Bytes as text as well: what was written in clear would be seen.
const plain = (value) => JSON.stringify(value, (_, part) =>
  part instanceof Uint8Array ? Buffer.from(part).toString("latin1") : part?.constructor?.name === "CryptoKey" ? "key" : part);

test("nothing personal lies on the phone in clear", async () => {
  const phone = await enrolled();
  phone.server.packs["52.04.01.2001"] = PACK;
  await phone.pack.fetchPack(["52.04.01.2001"]);
  const one = await phone.outbox.add("vaccination", dose({ code: "CANARYCODE", lot: "CANARYLOT" }));
  await phone.outbox.add("registration", { owner: { name: "Abdul canary", nik: "5204canary" } }, [-8.5, 117.4, 5]);
  phone.server.verdicts.set(one.id, { verdict: "rejected", reason: "x", facts: { code: "canary" } });
  const before = await everything(phone);
  await phone.sync.flush();
  await doseTimes(phone, 1);
  await phone.outbox.open();
  const dump = before + (await everything(phone));
  assert.ok(dump.length > 5000);
  for (const canary of CANARIES) assert.ok(!dump.includes(canary), canary);
});

test("a wrong PIN opens nothing and slows down, also after a restart", async (t) => {
  const phone = await enrolled();
  await doseTimes(phone, 1);
  let clock = 1_800_000_000_000;
  t.mock.method(Date, "now", () => clock);
  let tab = await newTab();
  await tab.device.start();
  for (const delay of [1000, 2000, 4000]) {
    assert.equal(await tab.vault.open("000000"), false);
    assert.equal(tab.vault.waitMs(), delay);
    assert.equal(await tab.vault.open(PIN), false);
    tab = await newTab();
    await tab.device.start();
    assert.equal(tab.vault.waitMs(), delay);
    clock += delay;
  }
  assert.equal(await tab.vault.open(PIN), true);
  assert.equal(tab.vault.waitMs(), 0);
});

test("guessing a PIN is dear: what is kept says how many rounds, and each has its salt", async () => {
  const one = await enrolled();
  const kept = JSON.parse(one.drawers.read("vault"));
  assert.ok(kept.rounds >= 310_000);
  assert.notEqual(kept.salt, JSON.parse((await enrolled()).drawers.read("vault")).salt);
});

test("a clock that is set back does not lock the officer out", async (t) => {
  const phone = await enrolled();
  let clock = 1_800_000_000_000;
  t.mock.method(Date, "now", () => clock);
  assert.equal(await phone.vault.open("000000"), false);
  clock = 1_700_000_000_000;
  assert.ok(phone.vault.waitMs() <= 1000);
});

test("a forgotten PIN: the recovery key of the server sets a new one", async () => {
  const phone = await enrolled();
  const [entry] = await doseTimes(phone, 1);
  const tab = await newTab();
  await tab.device.start();
  assert.equal(await tab.device.recover("777777"), true);
  await tab.outbox.open();
  assert.equal((await tab.outbox.get(entry.id)).body, entry.body);
  await assert.rejects(reopened(PIN));
  await new Promise((resolve) => setTimeout(resolve, 1100));
  assert.equal((await reopened("777777")).opened.tail, 1);
});

test("a false recovery key opens nothing", async () => {
  const phone = await enrolled();
  phone.vault.lock();
  assert.equal(await phone.vault.openWithRecovery(Buffer.alloc(32).toString("base64"), "777777"), false);
  assert.equal(phone.vault.isOpen(), false);
});

test("a short PIN is refused", async () => {
  const phone = await enrolled();
  await assert.rejects(phone.device.enrol("12345", "HP"));
  assert.equal((await phone.device.current()).user.id, phone.server.user.id);
});

test("a second officer works beside the first one's sealed outbox", async () => {
  const first = await enrolled();
  await doseTimes(first, 3);
  const mine = first.drawers.current();
  first.server.user = { id: "99999999-9999-4999-8999-999999999999", name: "Made W." };
  const second = await newTab();
  await second.device.start();
  await second.device.enrol("246810", "HP dinas");
  await doseTimes(second, 1);
  assert.deepEqual(await second.device.others(), [{ id: mine, user: "11111111-1111-4111-8111-111111111111", waiting: 3, mine: false }]);
  assert.equal((await second.outbox.list()).length, 1);
  await second.sync.flush();
  assert.equal(first.server.records.size, 1);
  second.device.switchTo(mine);
  assert.equal(await second.vault.open("246810"), false);
  await new Promise((resolve) => setTimeout(resolve, 1100));
  assert.equal(await second.vault.open(PIN), true);
  assert.deepEqual(await second.outbox.open(), { erased: false, restored: 0, tail: 3 });
  assert.equal((await second.sync.flush()).sent, 3);
});

test("nobody logs out while a record is unsent", async () => {
  const phone = await enrolled();
  await doseTimes(phone, 1);
  await assert.rejects(phone.device.wipe(), { code: "unsent" });
  evict(); // and not because the database is empty either
  const again = await newTab();
  await again.device.start();
  await again.vault.open(PIN);
  await assert.rejects(again.device.wipe());
  await again.outbox.open();
  await again.sync.flush();
  await again.device.wipe();
  assert.equal(phone.server.wiped, true);
  assert.equal(await again.device.current(), null);
  assert.equal(localStorage.length, 0);
});

test("an expired token is renewed by who it belongs to", async () => {
  const phone = await enrolled();
  await phone.device.renew();
  assert.equal((await phone.device.current()).token, "fresh-token");
  phone.server.before = () => problem("other-owner", 403);
  await assert.rejects(phone.device.renew(), { code: "other-owner" });
  phone.server.before = () => problem("unauthenticated", 401);
  await assert.rejects(phone.device.renew(), { code: "sign-in" });
});

test("a phone whose signing key was thrown away makes itself known again", async () => {
  const phone = await enrolled();
  const id = phone.drawers.current();
  const old = phone.server.devices.get(id);
  evict();
  const again = await reopened();
  assert.equal(JSON.parse(await (await again.outbox.exportFile()).text()).signature, "");
  await again.device.renew();
  const fresh = phone.server.devices.get(id);
  assert.notEqual(fresh.public_key, old.public_key);
  assert.equal(fresh.recovery, old.recovery);
  assert.ok(JSON.parse(await (await again.outbox.exportFile()).text()).signature);
});

test("the exported file holds what the server lacks, and only that", async () => {
  const phone = await enrolled();
  await doseTimes(phone, 2);
  await phone.sync.flush();
  const unsent = await doseTimes(phone, 2);
  const file = JSON.parse(await (await phone.outbox.exportFile()).text());
  assert.deepEqual(file.records, unsent.map(({ id, seq, prev, hash, body }) => ({ id, seq, prev, hash, body })));
  const { privateKey } = await phone.store.read(["meta"], (meta) => meta.get("keys"));
  await assert.rejects(crypto.subtle.exportKey("pkcs8", privateKey));
});

test("animals are found by code and number, owners by their words", async () => {
  const phone = await enrolled();
  phone.server.packs["52.04.01.2001"] = PACK;
  phone.server.packs.b = { ...PACK, villages: [{ code: "b", name: "B" }], campaigns: [{ id: "c", villages: ["b"] }], owners: [], animals: [["BBBBBBBBBB", null, 0, 0, "m", null, 0, [], {}, null, "present"]] };
  const told = [];
  await phone.pack.fetchPack(["52.04.01.2001", "b"], (progress) => told.push(progress));
  assert.deepEqual([told[0].done, told.at(-1).done, told.at(-1).total], [0, 2, 2]);
  const tab = await reopened();
  const pack = await tab.pack.openPack();
  assert.deepEqual(pack.campaigns, [{ id: "c", villages: ["52.04.01.2001", "b"] }]);
  assert.equal(pack.byCode("7K3M9QX45J").owner.name, "Abdul R.");
  assert.equal(pack.byCode("7K3M9QX45J").pregnant, true);
  assert.equal(pack.byNumber("ab127")[0].code, "7K3M9QX45J");
  assert.equal(pack.byCode("BBBBBBBBBB").village.name, "B");
  assert.equal(pack.byCode("nothing"), null);
  assert.deepEqual(pack.findOwners("siti").map(({ id }) => id), ["o2"]);
  assert.deepEqual(pack.animalsOf("o1").map(({ code }) => code), ["7K3M9QX45J"]);
  const { bytes, ...info } = await tab.pack.info();
  assert.deepEqual(info, { made_at: PACK.made_at, villages: ["52.04.01.2001", "b"], animals: 3 });
  assert.ok(bytes > 500);
});

test("a pack that breaks off keeps what came, and a village out of reach goes", async () => {
  const phone = await enrolled();
  phone.server.packs = { a: PACK, b: PACK };
  await phone.pack.fetchPack(["a", "b"]);
  phone.server.before = (path) => path.endsWith("=b") && problem("http-500", 500);
  await assert.rejects(phone.pack.fetchPack(["a", "b"]), { code: "server" });
  assert.deepEqual((await phone.pack.info()).villages, ["a", "b"]);
  phone.server.before = (path) => path.endsWith("=b") && json({ ...PACK, villages: [], owners: [], animals: [] });
  await phone.pack.fetchPack(["a", "b"]);
  assert.deepEqual((await phone.pack.info()).villages, ["a"]);
});

test("the gate asks the browser to keep our data", async () => {
  const asked = (kept, granted) => ({ persisted: async () => kept, persist: async () => granted });
  assert.equal(await (await enrolled({ storage: asked(false, true) })).device.persistGate(), "persistent");
  assert.equal(await (await enrolled({ storage: asked(true, false) })).device.persistGate(), "persistent");
  assert.equal(await (await enrolled({ storage: asked(false, false) })).device.persistGate(), "refused");
  assert.equal(await (await enrolled()).device.persistGate(), "unsupported");
});

test("a record says where and when, and whose it is", async () => {
  const phone = await enrolled();
  const entry = await phone.outbox.add("vaccination", dose({ code: "X" }), [-8.5, 117.4, 5]);
  const body = JSON.parse(entry.body);
  assert.deepEqual(Object.keys(body), ["id", "device", "seq", "kind", "v", "author", "at", "pos", "data"]);
  assert.equal(body.author, phone.server.user.id);
  assert.match(body.at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d$/);
  assert.deepEqual(body.pos, [-8.5, 117.4, 5]);
});

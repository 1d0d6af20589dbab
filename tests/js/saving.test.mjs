import assert from "node:assert/strict";
import { test } from "node:test";
import { dose, doseTimes, enrolled, evict, newTab, PIN, reopened, Server, newPhone } from "./phone.mjs";

const seqs = (entries) => entries.map(({ seq }) => seq);

test("records are numbered and chained from the first on", async () => {
  const phone = await enrolled();
  const entries = await doseTimes(phone, 3);
  assert.deepEqual(seqs(entries), [1, 2, 3]);
  const device = (await phone.device.current()).id;
  assert.equal(entries[0].prev, await phone.chain.sha256(`sijinak-device\n${device}`));
  for (const [i, entry] of entries.entries()) {
    assert.equal(entry.hash, await phone.chain.sha256(`${entry.prev}\n${entry.body}`));
    if (i) assert.equal(entry.prev, entries[i - 1].hash);
  }
});

test("ids sort by the time they were made and are UUIDs of version 7", async () => {
  const { newId } = await import("../../sijinak/static/field/ids.js");
  const times = [0, 1, 2 ** 40, Date.now(), Date.now() + 1];
  const ids = times.map(newId);
  assert.deepEqual([...ids].sort(), ids);
  for (const id of ids) assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.equal(parseInt(ids[2].replaceAll("-", "").slice(0, 12), 16), 2 ** 40);
});

test("what was saved is there when the app is opened again", async () => {
  const phone = await enrolled();
  const [entry] = await doseTimes(phone, 1);
  const again = await reopened();
  assert.deepEqual(again.opened, { erased: false, restored: 0, tail: 1 });
  assert.deepEqual(await again.outbox.get(entry.id), entry);
});

// The page dies after the line in the journal, before the database has the record.
async function killedWhileSaving(phone) {
  const { prototype } = globalThis.IDBObjectStore;
  const { add } = prototype;
  prototype.add = () => { throw new Error("killed"); };
  localStorage.removeItem = () => undefined;
  await assert.rejects(phone.outbox.add("vaccination", dose()));
  delete localStorage.removeItem;
  prototype.add = add;
  return phone.journal.lines().at(-1).id;
}

test("killed between the journal and the database: the record is there once", async () => {
  const phone = await enrolled();
  await doseTimes(phone, 1);
  await killedWhileSaving(phone);
  const again = await reopened();
  assert.equal(again.opened.restored, 1);
  assert.deepEqual(seqs(await again.outbox.list()), [1, 2]);
  assert.deepEqual(seqs(await doseTimes(again, 1)), [3]);
});

test("a record whose number another got is added anew", async () => {
  const phone = await enrolled();
  const id = await killedWhileSaving(phone);
  const key = `${phone.drawers.drawer(phone.drawers.current())}line.${id}`;
  const line = localStorage.getItem(key);
  phone.journal.drop([id]);
  await doseTimes(await reopened(), 1);
  localStorage.setItem(key, line);
  const again = await reopened();
  assert.equal(again.opened.restored, 1);
  const entries = await again.outbox.list();
  assert.deepEqual(seqs(entries), [1, 2]);
  assert.equal(entries[1].id, id);
  assert.equal(entries[1].prev, entries[0].hash);
});

test("after a fault nothing is taken, also not into a new empty database", async () => {
  const phone = await enrolled();
  await doseTimes(phone, 2);
  const { IDBObjectStore } = globalThis;
  const { add } = IDBObjectStore.prototype;
  IDBObjectStore.prototype.add = () => { throw new DOMException("full", "QuotaExceededError"); };
  const failing = phone.outbox.add("vaccination", dose());
  await assert.rejects(failing);
  IDBObjectStore.prototype.add = add;
  evict();
  await assert.rejects(phone.outbox.add("vaccination", dose()), { name: "Error" });
  assert.ok(phone.outbox.trouble());
  assert.equal(phone.journal.ids().length, 2);
});

test("an evicted database is noticed in the middle of the work", async () => {
  const phone = await enrolled();
  await doseTimes(phone, 2);
  phone.store.close();
  evict();
  await assert.rejects(phone.outbox.add("vaccination", dose()), { code: "storage-erased" });
  await assert.rejects(phone.outbox.add("vaccination", dose()), { code: "storage-erased" });
  assert.deepEqual(await phone.outbox.open(), { erased: true, restored: 2, tail: 2 });
  assert.deepEqual(seqs(await doseTimes(phone, 1)), [3]);
});

test("after an eviction the unsent records are back and no number is used again", async () => {
  const phone = await enrolled();
  await doseTimes(phone, 3);
  await phone.sync.flush();
  const unsent = await doseTimes(phone, 2);
  await phone.outbox.undo(unsent[1].id, "wrong animal");
  evict();
  const again = await reopened();
  assert.deepEqual(again.opened, { erased: true, restored: 3, tail: 6 });
  const entries = await again.outbox.list();
  assert.deepEqual(seqs(entries), [4, 5, 6]);
  assert.equal(entries[0].body, unsent[0].body);
  assert.equal(entries[1].undone, entries[2].id);
  const [next] = await doseTimes(again, 1);
  assert.equal(next.seq, 7);
  assert.equal(next.prev, entries[2].hash);
  assert.equal((await reopened()).opened.erased, false);
});

test("an eviction with all sent goes on with the next number", async () => {
  const phone = await enrolled();
  const sent = await doseTimes(phone, 3);
  await phone.sync.flush();
  evict();
  const again = await reopened();
  assert.deepEqual(again.opened, { erased: true, restored: 0, tail: 3 });
  const [next] = await doseTimes(again, 1);
  assert.deepEqual([next.seq, next.prev], [4, sent[2].hash]);
});

test("a cleared localStorage is filled again out of the database", async () => {
  const phone = await enrolled();
  await phone.outbox.open();
  await doseTimes(phone, 2);
  for (const key of phone.drawers.keys()) localStorage.removeItem(key);
  const again = await reopened();
  assert.equal(again.opened.erased, false);
  assert.equal(again.journal.ids().length, 2);
  assert.deepEqual(seqs(await doseTimes(again, 1)), [3]);
});

test("a lost connection is opened once more", async () => {
  const phone = await enrolled();
  await doseTimes(phone, 1);
  phone.store.close();
  assert.deepEqual(seqs(await doseTimes(phone, 1)), [2]);
});

test("a full journal stops the work and leaves nothing behind", async () => {
  const phone = await enrolled();
  await doseTimes(phone, 1);
  localStorage.room = 1;
  await assert.rejects(phone.outbox.add("vaccination", dose()), { code: "journal-full" });
  localStorage.room = Infinity;
  assert.equal(phone.outbox.trouble().code, "journal-full");
  await phone.outbox.open();
  assert.deepEqual(seqs(await doseTimes(phone, 1)), [2]);
  assert.equal((await phone.outbox.list()).length, 2);
});

test("a newer app or a wipe elsewhere closes this one", async () => {
  const phone = await enrolled();
  const name = phone.drawers.databaseName(phone.drawers.current());
  await new Promise((resolve) => { indexedDB.open(name, 3).onsuccess = resolve; });
  await assert.rejects(phone.outbox.add("vaccination", dose()), { code: "storage-outdated" });
});

test("a double tap is one record", async () => {
  const phone = await enrolled();
  const said = dose();
  const [one, two] = await Promise.all([phone.outbox.add("vaccination", said), phone.outbox.add("vaccination", { ...said })]);
  const three = await phone.outbox.add("vaccination", said);
  assert.deepEqual([two.id, three.id], [one.id, one.id]);
  assert.equal((await phone.outbox.counts()).saved, 1);
});

for (const locks of [true, false]) {
  test(`two tabs never give one number twice (${locks ? "with" : "without"} Web Locks)`, async () => {
    const one = await enrolled({ locks });
    const two = await reopened();
    const entries = (await Promise.all([doseTimes(one, 15), doseTimes(two, 15)])).flat();
    assert.deepEqual(seqs(entries).sort((a, b) => a - b), Array.from({ length: 30 }, (_, i) => i + 1));
    const listed = await two.outbox.list({ limit: 100 });
    listed.slice(1).forEach((entry, i) => assert.equal(entry.prev, listed[i].hash));
    assert.equal(one.journal.ids().length, 30);
  });
}

test("taken back twice is taken back once, and a correction is an undo and a new record", async () => {
  const phone = await enrolled();
  const [wrong] = await doseTimes(phone, 1);
  await phone.sync.flush();
  const [first, second] = await Promise.all([phone.outbox.undo(wrong.id, "wrong lot"), phone.outbox.undo(wrong.id)]);
  assert.equal(first.id, second.id);
  assert.deepEqual(first.data, { record: wrong.id, reason: "wrong lot" });
  await phone.outbox.add("vaccination", dose({ lot: "AB2" }));
  assert.equal((await phone.outbox.get(wrong.id)).body, wrong.body);
  assert.equal((await phone.outbox.get(wrong.id)).undone, first.id);
});

test("pages of the list, either way", async () => {
  const phone = await enrolled();
  await doseTimes(phone, 7);
  assert.deepEqual(seqs(await phone.outbox.list({ after: 2, limit: 3 })), [3, 4, 5]);
  assert.deepEqual(seqs(await phone.outbox.list({ newest: true, limit: 2 })), [7, 6]);
  assert.deepEqual(seqs(await phone.outbox.list({ newest: true, before: 6, limit: 2, state: "saved" })), [5, 4]);
});

test("a record of an impossible size is refused before anything is written", async () => {
  const phone = await enrolled();
  await assert.rejects(phone.outbox.add("unknown", { text: "x".repeat(60_000) }), RangeError);
  assert.equal((await doseTimes(phone, 1))[0].seq, 1);
});

test("a phone that could not be enrolled has nothing left of it", async () => {
  newPhone();
  const server = await Server.start();
  server.before = () => new Response("{}", { status: 401, headers: { "Content-Type": "application/json" } });
  const tab = await newTab();
  await assert.rejects(tab.device.enrol(PIN, "HP"), { code: "sign-in" });
  assert.equal(localStorage.length, 0);
});

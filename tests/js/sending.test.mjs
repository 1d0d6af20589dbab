import assert from "node:assert/strict";
import { test } from "node:test";
import { dose, doseTimes, enrolled, html, problem, reopened } from "./phone.mjs";

const states = async ({ outbox }) => (await outbox.list({ limit: 500 })).map(({ state }) => state);

test("what waits goes in the order of its numbers, and each once", async () => {
  const phone = await enrolled();
  await doseTimes(phone, 30);
  assert.deepEqual(await phone.sync.flush(), { sent: 30, waiting: 0, state: "ok", trouble: "" });
  const batches = phone.server.asked.filter(({ path }) => path === "/sync");
  assert.deepEqual(batches.map(({ body }) => body.records.length), [25, 5]);
  assert.deepEqual(batches.flatMap(({ body }) => body.records.map(({ seq }) => seq)), Array.from({ length: 30 }, (_, i) => i + 1));
  assert.equal(batches[0].body.unsent, 30);
  assert.match(batches[0].authorization, /^Device [0-9a-f-]{36}\.secret-token-canary$/);
  assert.deepEqual(await phone.outbox.counts(), { saved: 0, received: 30, needsYou: 0 });
  assert.equal(phone.journal.ids().length, 0);
});

const FAILURES = {
  "no network": [() => { throw new TypeError("failed to fetch"); }, "offline"],
  "a 500": [() => problem("http-500", 500), "server"],
  "a 502 page": [() => html(502), "server"],
  "too many requests": [() => problem("too-many-tries", 429), "server"],
  "a captive portal": [() => html(200), "portal"],
  "JSON of somebody else": [() => new Response('{"ok":true}', { headers: { "Content-Type": "application/json" } }), "portal"],
  "a cut answer": [() => new Response('{"records":[', { headers: { "Content-Type": "application/json" } }), "portal"],
  "an expired token": [() => problem("device-expired", 401), "sign-in"],
};
for (const [name, [before, trouble]] of Object.entries(FAILURES)) {
  test(`${name} loses nothing and says ${trouble}`, async () => {
    const phone = await enrolled();
    const [one] = await doseTimes(phone, 3);
    phone.server.before = before;
    assert.deepEqual(await phone.sync.flush(), { sent: 0, waiting: 3, state: "ok", trouble });
    assert.equal(phone.journal.ids().length, 3);
    phone.server.before = () => undefined;
    const more = await phone.outbox.add("vaccination", dose());
    assert.equal(more.seq, 4);
    assert.deepEqual(await phone.sync.flush(), { sent: 4, waiting: 0, state: "ok", trouble: "" });
    assert.equal(phone.server.records.get(one.id).body, one.body);
  });
}

test("an answer that never comes is a timeout", async (t) => {
  const phone = await enrolled();
  await doseTimes(phone, 1);
  const { setTimeout: real } = globalThis;
  t.mock.method(globalThis, "setTimeout", (work, ms) => real(work, ms === 20_000 ? 50 : ms));
  phone.server.before = (path, body, { signal }) => new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason));
  });
  assert.equal((await phone.sync.flush()).trouble, "timeout");
  assert.deepEqual(await states(phone), ["sent"]);
});

test("an answer lost after the commit: sent again, received once", async () => {
  const phone = await enrolled();
  const [one] = await doseTimes(phone, 1);
  phone.server.after = (answer, path) => { if (path === "/sync") throw new TypeError("lost"); return answer; };
  assert.equal((await phone.sync.flush()).trouble, "offline");
  assert.equal(phone.server.records.size, 1);
  phone.server.after = (answer) => answer;
  assert.deepEqual(await phone.sync.flush(), { sent: 1, waiting: 0, state: "ok", trouble: "" });
  assert.equal(phone.server.sendings().get(one.id), 2);
});

test("two tabs that flush at once send each record once", async () => {
  const one = await enrolled();
  await doseTimes(one, 40);
  const two = await reopened();
  await Promise.all([one.sync.flush(), two.sync.flush(), one.sync.flush()]);
  assert.deepEqual([...new Set(one.server.sendings().values())], [1]);
  assert.equal((await two.outbox.counts()).received, 40);
});

test("a rejected, a conflicting, a waiting and a reviewed record stop no other", async () => {
  const phone = await enrolled();
  const entries = await doseTimes(phone, 5);
  phone.server.verdicts
    .set(entries[0].id, { verdict: "rejected", reason: "body-unreadable", facts: { field: "code" } })
    .set(entries[1].id, { verdict: "conflict" })
    .set(entries[2].id, { verdict: "retry" })
    .set(entries[3].id, { verdict: "accepted", review: "unknown-tag" });
  assert.deepEqual(await phone.sync.flush(), { sent: 2, waiting: 1, state: "ok", trouble: "" });
  assert.deepEqual(await states(phone), ["needs-you", "needs-you", "saved", "received", "received"]);
  const [rejected, conflicting, , reviewed] = await phone.outbox.list();
  assert.deepEqual([rejected.reason, rejected.facts], ["body-unreadable", { field: "code" }]);
  assert.equal(conflicting.reason, "conflict");
  assert.equal(reviewed.review, "unknown-tag");
  await phone.outbox.setAside(rejected.id);
  assert.deepEqual(await phone.outbox.counts(), { saved: 1, received: 2, needsYou: 1 });
});

test("a record that the server cannot swallow is found and put by", async () => {
  const phone = await enrolled();
  const entries = await doseTimes(phone, 10);
  phone.server.before = (path, body) => body?.records?.some(({ id }) => id === entries[6].id) && problem("batch-unreadable", 422);
  assert.deepEqual(await phone.sync.flush(), { sent: 9, waiting: 0, state: "ok", trouble: "" });
  assert.equal((await phone.outbox.get(entries[6].id)).reason, "unsendable");
});

test("a record that makes the server stumble stops no other, and waits", async () => {
  const phone = await enrolled();
  const entries = await doseTimes(phone, 10);
  phone.server.before = (path, body) => body?.records?.some(({ id }) => id === entries[6].id) && problem("http-500", 500);
  assert.deepEqual(await phone.sync.flush(), { sent: 9, waiting: 1, state: "ok", trouble: "server" });
});

test("500 after half of the batch was committed: the rest follows, nothing twice", async () => {
  const phone = await enrolled();
  await doseTimes(phone, 20);
  let halves = 1;
  phone.server.before = async (path, body) => {
    if (path !== "/sync" || halves-- <= 0) return undefined;
    for (const record of body.records.slice(0, 10)) await phone.server.take(record);
    return problem("http-500", 500);
  };
  assert.deepEqual(await phone.sync.flush(), { sent: 20, waiting: 0, state: "ok", trouble: "" });
  assert.equal(phone.server.records.size, 20);
});

for (const [name, spoil] of Object.entries({
  "of another record": (receipt) => ({ ...receipt, sig: Buffer.alloc(64, 7).toString("base64") }),
  "of an unknown key": (receipt) => ({ ...receipt, kid: "k9" }),
  "at another hour": (receipt) => ({ ...receipt, at: "2020-01-01T00:00:00.000Z" }),
  "that is missing": () => null,
})) {
  test(`a receipt ${name} does not make a record received`, async () => {
    const phone = await enrolled();
    await doseTimes(phone, 2);
    phone.server.after = async (answer, path) => {
      if (path !== "/sync") return answer;
      const said = await answer.json();
      said.records[0].receipt = spoil(said.records[0].receipt);
      return new Response(JSON.stringify(said), { headers: answer.headers });
    };
    assert.deepEqual(await phone.sync.flush(), { sent: 1, waiting: 1, state: "ok", trouble: "receipt" });
    assert.equal(phone.journal.ids().length, 1);
  });
}

test("a receipt under a new key is checked with the key that the server shows", async () => {
  const phone = await enrolled();
  await doseTimes(phone, 1);
  phone.server.keys = [{ kid: "k2", key: phone.server.keys[0].key }];
  const { receipt } = phone.server;
  phone.server.receipt = async (...record) => ({ ...(await receipt.apply(phone.server, record)), kid: "k2" });
  assert.equal((await phone.sync.flush()).sent, 1);
  assert.equal((await phone.outbox.list())[0].receipt.checked, true);
});

test("without Ed25519 the receipt is kept and marked as not checked", async () => {
  const phone = await enrolled();
  await doseTimes(phone, 1);
  const { importKey } = crypto.subtle;
  crypto.subtle.importKey = function imported(format, key, how, ...more) {
    if (how === "Ed25519") throw new DOMException("unknown", "NotSupportedError");
    return importKey.call(this, format, key, how, ...more);
  };
  const flushed = await phone.sync.flush();
  delete crypto.subtle.importKey;
  assert.equal(flushed.sent, 1);
  const [{ receipt }] = await phone.outbox.list();
  assert.equal(receipt.checked, false);
  assert.ok(receipt.sig);
});

for (const state of ["revoked", "closed"]) {
  test(`a ${state} phone hands everything in and then forgets it`, async () => {
    const phone = await enrolled();
    await doseTimes(phone, 30);
    phone.server.state = state;
    assert.deepEqual(await phone.sync.flush(), { sent: 30, waiting: 0, state: "wiped", trouble: "" });
    assert.equal(phone.server.records.size, 30);
    assert.equal(localStorage.length, 0);
    assert.deepEqual(await indexedDB.databases(), []);
    assert.equal(phone.vault.isOpen(), false);
    assert.equal(phone.server.asked.at(-1).path, "/wiped");
    assert.equal(phone.server.wiped, true, "the server heard of it");
  });
}

test("a revoked phone keeps what the server does not take", async () => {
  const phone = await enrolled();
  const [one] = await doseTimes(phone, 2);
  phone.server.state = "revoked";
  phone.server.verdicts.set(one.id, { verdict: "retry" });
  assert.deepEqual(await phone.sync.flush(), { sent: 1, waiting: 1, state: "revoked", trouble: "" });
  assert.equal(phone.journal.ids().length, 1);
});

test("a phone with nothing to send hears that it was revoked", async () => {
  const phone = await enrolled();
  phone.server.state = "revoked";
  assert.equal((await phone.sync.flush()).state, "wiped");
});

test("a server that was restored gets its records again", async () => {
  const phone = await enrolled();
  await doseTimes(phone, 30);
  await phone.sync.flush();
  const kept = [...phone.server.records].slice(0, 10);
  phone.server.records = new Map(kept);
  phone.server.resend = 8;
  assert.deepEqual(await phone.sync.flush(), { sent: 23, waiting: 0, state: "ok", trouble: "" });
  assert.equal(phone.server.records.size, 30);
});

test("gaps that the server names are filled", async () => {
  const phone = await enrolled();
  const entries = await doseTimes(phone, 5);
  await phone.sync.flush();
  phone.server.records.delete(entries[1].id);
  phone.server.gaps = [[2, 2]];
  await doseTimes(phone, 1);
  assert.equal((await phone.sync.flush()).sent, 2);
  assert.equal(phone.server.records.size, 6);
});

test("a week offline: 300 records, told as they go", async () => {
  const phone = await enrolled();
  await doseTimes(phone, 300);
  const seen = [];
  phone.sync.onProgress(({ sent }) => seen.push(sent));
  assert.equal((await phone.sync.flush()).sent, 300);
  assert.deepEqual(seen, Array.from({ length: 12 }, (_, i) => 25 * (i + 1)));
  assert.equal((await phone.outbox.list({ limit: 1000 })).length, 300);
});

test("when another officer takes over in the middle, nothing goes out in their name", async () => {
  const phone = await enrolled();
  await doseTimes(phone, 30);
  const mine = phone.drawers.current();
  phone.server.after = (answer, path) => { if (path === "/sync") phone.drawers.choose("another"); return answer; };
  const { trouble } = await phone.sync.flush();
  assert.equal(trouble, "locked");
  assert.equal(phone.server.records.size, 25);
  phone.server.after = (answer) => answer;
  phone.drawers.choose(mine);
  assert.deepEqual(await phone.sync.flush(), { sent: 30, waiting: 0, state: "ok", trouble: "" });
});

test("a record that cannot be opened any more does not go unnoticed", async (t) => {
  const phone = await enrolled();
  const [one] = await doseTimes(phone, 1);
  const said = t.mock.method(console, "error", () => undefined);
  await phone.rows.changeRows([one.id], (row) => ({ ...row, sealed: new Uint8Array(40) }));
  assert.equal((await phone.sync.flush()).trouble, "fault");
  assert.equal(said.mock.callCount(), 1);
});

test("a locked vault sends nothing and says so", async () => {
  const phone = await enrolled();
  await doseTimes(phone, 1);
  phone.vault.lock();
  assert.deepEqual(await phone.sync.flush(), { sent: 0, waiting: 1, state: "ok", trouble: "locked" });
});

test("a broken storage is told, and the journal still counts", async () => {
  const phone = await enrolled();
  await doseTimes(phone, 2);
  phone.store.failed(new Error("broken"));
  assert.deepEqual(await phone.sync.flush(), { sent: 0, waiting: 2, state: "ok", trouble: "storage" });
});

test("thirty days after it was received a record is forgotten, and the chain goes on", async () => {
  const phone = await enrolled();
  await doseTimes(phone, 2);
  phone.server.time = () => "2026-01-01T00:00:00.000Z";
  await phone.sync.flush();
  const [unsent] = await doseTimes(phone, 1);
  phone.server.time = () => "2026-01-30T00:00:00.000Z";
  await phone.device.status();
  assert.equal(await phone.outbox.sweep(), 0);
  phone.server.time = () => "2026-02-01T00:00:00.000Z";
  await phone.device.status();
  assert.equal(await phone.outbox.sweep(), 2);
  const again = await reopened();
  const [next] = await doseTimes(again, 1);
  assert.deepEqual([next.seq, next.prev], [4, unsent.hash]);
});

test("a phone that is a year off keeps its own hour, and the difference is known", async (t) => {
  const phone = await enrolled();
  const now = Date.parse("2025-11-22T00:00:00Z");
  const Real = globalThis.Date;
  globalThis.Date = class extends Real {
    constructor(...given) { super(...(given.length ? given : [now])); }
    static now() { return now; }
  };
  t.after(() => { globalThis.Date = Real; });
  phone.server.time = () => "2026-11-22T00:00:00.000Z";
  const [entry] = await doseTimes(phone, 1);
  await phone.sync.flush();
  assert.equal(Date.parse(JSON.parse(phone.server.records.get(entry.id).body).at), Date.now());
  assert.equal((await phone.device.current()).clockOffset, 365 * 24 * 3_600_000);
  assert.equal((await phone.outbox.get(entry.id)).state, "received");
});

// A page with the events that a flush waits for.
function newPage() {
  const page = new EventTarget();
  globalThis.document = Object.assign(new EventTarget(), { visibilityState: "visible" });
  globalThis.addEventListener = page.addEventListener.bind(page);
  navigator.serviceWorker = new EventTarget();
  return page;
}

test("every trigger sends: the start, the network, the page shown, the service worker", async () => {
  const phone = await enrolled();
  const page = newPage();
  const flushed = () => new Promise((resolve) => { const stop = phone.sync.onFlush((said) => { stop(); resolve(said); }); });
  let done = flushed();
  const stop = phone.sync.start();
  assert.equal((await done).sent, 0);
  for (const trigger of [
    () => page.dispatchEvent(new Event("online")),
    () => document.dispatchEvent(new Event("visibilitychange")),
    () => navigator.serviceWorker.dispatchEvent(Object.assign(new Event("message"), { data: "flush" })),
  ]) {
    await doseTimes(phone, 1);
    done = flushed();
    trigger();
    assert.equal((await done).sent, 1);
  }
  stop();
  assert.equal(phone.server.records.size, 3);
});

test("after a failure it tries again by itself, later and later; a new record does not hurry it", async (t) => {
  const phone = await enrolled();
  newPage();
  await doseTimes(phone, 1);
  phone.server.before = (path) => path === "/sync" && html(502);
  const waits = [];
  const { setTimeout: real } = globalThis;
  t.mock.method(globalThis, "setTimeout", (work, ms, ...more) => {
    if (ms < 4_000 || ms === 20_000) return real(work, ms, ...more);
    waits.push(Math.floor(ms / 5_000));
    if (waits.length === 4) phone.server.before = () => undefined;
    return real(work, 0);
  });
  const stop = phone.sync.start();
  while ((await phone.outbox.counts()).saved) await new Promise((resolve) => real(resolve, 5));
  stop();
  assert.deepEqual(waits, [2, 4, 8, 16]);
});

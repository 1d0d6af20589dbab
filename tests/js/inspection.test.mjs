// How far an inspection is, and photos that outlive a bad network.
import assert from "node:assert/strict";
import test from "node:test";
import { PIN, Server, json, newPhone, newTab, problem, reopened } from "./phone.mjs";
import { closing, missing, progressOf } from "../../sijinak/static/field/inspection/progress.js";

const permit = { id: "p1", village: "52.04.02.2001", animals: [{ code: "A" }, { code: "B" }] };
let seq = 0;
const entry = (kind, data, more = {}) => ({
  id: `r${++seq}`, seq, kind, at: "2026-11-22T08:00:00Z", data: { permit: "p1", ...data },
  state: "saved", review: "", undone: "", ...more,
});
const seen = (code, result = "passed", more = {}) => entry("inspected", { code, result }, more);
const EARLY = "2026-11-22T07:00:00Z";

test("the last word about an animal counts, and nothing is finished with gaps", () => {
  const [first, again, b] = [seen("A", "refused"), seen("A"), seen("B", "absent")];
  const half = progressOf(permit, [again, first], EARLY);
  assert.deepEqual([half.left, half.seen.get("A")], [["B"], again]);
  assert.deepEqual(missing(half), ["inspect.some-left", "inspect.no-vehicle"]);
  const vehicle = entry("vehicle", { plate: "EA 1" });
  const whole = progressOf(permit, [first, again, b, vehicle, seen("Z", "passed", { state: "needs-you" })], EARLY);
  assert.deepEqual(missing(whole), []);
  assert.deepEqual(closing(permit, whole, "").records, [again.id, b.id]);
});

test("when nobody passes it cannot be finished", () => {
  const all = [seen("A", "refused"), seen("B", "absent"), entry("vehicle", { plate: "EA 1" })];
  assert.deepEqual(missing(progressOf(permit, all, EARLY)), ["inspect.nobody"]);
});

test("one that came back after the office had it begins anew", () => {
  const done = (more) => [seen("A"), entry("inspection-done", {}, more)];
  const later = "2026-11-23T07:00:00Z";
  assert.ok(progressOf(permit, done({ state: "received" }), EARLY).closed);
  assert.ok(progressOf(permit, done({ state: "received", review: "may-not-pass" }), later).closed);
  const anew = progressOf(permit, done({ state: "received" }), later);
  assert.deepEqual([anew.closed, anew.left], [null, ["A", "B"]]);
});

test("a record goes out though its photo is refused for now, and the photo later", async () => {
  const server = await Server.start();
  const sent = [];
  let line = "cut";
  server.before = (path, body, init) => {
    if (!path.startsWith("/photos/")) return undefined;
    if (line === "cut") throw new TypeError("network");
    sent.push([init.method, path, body.jpeg]);
    return line === "bad" ? problem("photo-altered", 422) : json({ sha256: path, new: true }, 201);
  };
  newPhone();
  const first = await newTab();
  await first.device.start();
  await first.device.enrol(PIN, "Ponsel");
  const tab = await reopened();
  const name = await tab.photos.keepPhoto(new Blob(["jpeg"]));
  assert.equal(await tab.photos.keepPhoto(new Blob(["jpeg"])), name);
  await tab.outbox.add("vehicle", { permit: "p1" });
  assert.equal((await tab.sync.flush()).trouble, "offline");
  assert.deepEqual([(await tab.outbox.counts()).received, await tab.photos.unsentPhotos()], [1, 1]);
  await assert.rejects(tab.device.wipe(), { code: "unsent" });
  line = "open";
  assert.equal((await tab.sync.flush()).trouble, "");
  assert.deepEqual(sent, [["PUT", `/photos/${name}`, btoa("jpeg")]]);
  assert.equal(await tab.photos.unsentPhotos(), 0);
  line = "bad";
  await tab.photos.keepPhoto(new Blob(["no picture"]));
  await tab.sync.flush();
  await tab.sync.flush();
  assert.equal(sent.length, 2); // what can never be taken is not sent for ever
});

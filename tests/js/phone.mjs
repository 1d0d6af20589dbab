// A browser for the phone's modules, and a server that it talks to.
import { createRequire } from "node:module";
import { webcrypto } from "node:crypto";
import "./tabs.mjs";

const require = createRequire(new URL("../../.venv/js/", import.meta.url));
require("fake-indexeddb/auto");
const { IDBFactory } = require("fake-indexeddb");
globalThis.crypto ??= webcrypto;
delete globalThis.BroadcastChannel; // it would keep the test running

// A PIN costs a phone half a second on purpose; the tests cannot wait that long each time.
const { deriveKey } = crypto.subtle;
crypto.subtle.deriveKey = (how, ...more) => deriveKey.call(crypto.subtle, { ...how, iterations: 1000 }, ...more);

const FIELD = new URL("../../sijinak/static/field/", import.meta.url);
export const PIN = "4815162342";

class Drawers {
  #kept = new Map();
  room = Infinity;
  get length() { return this.#kept.size; }
  key(i) { return [...this.#kept.keys()][i] ?? null; }
  getItem(key) { return this.#kept.get(key) ?? null; }
  setItem(key, text) {
    const size = [...this.#kept].reduce((sum, [k, v]) => sum + (k === key ? 0 : k.length + v.length), 0);
    if (size + key.length + text.length > this.room) throw new DOMException("full", "QuotaExceededError");
    this.#kept.set(key, String(text));
  }
  removeItem(key) { this.#kept.delete(key); }
}

class Locks {
  #queues = new Map();
  request(name, work) {
    const turn = (this.#queues.get(name) ?? Promise.resolve()).then(work, work);
    this.#queues.set(name, turn.catch(() => undefined));
    return turn;
  }
}

/** A phone as it leaves the shop. */
export function newPhone({ locks = true, storage } = {}) {
  globalThis.indexedDB = new IDBFactory();
  globalThis.localStorage = new Drawers();
  const navigator = { userAgent: "Test phone", storage, locks: locks ? new Locks() : undefined };
  Object.defineProperty(globalThis, "navigator", { value: navigator, configurable: true });
}

/** The browser made room: all databases are gone, localStorage stays. */
export const evict = () => { globalThis.indexedDB = new IDBFactory(); };

let tabs = 0;
/** The modules as a page that was just opened has them. */
export async function newTab() {
  const tab = `?tab=${++tabs}`;
  const load = (name) => import(new URL(`${name}.js${tab}`, FIELD));
  const names = ["vault", "device", "outbox", "sync", "pack", "store", "journal", "rows", "chain", "receipts", "codes", "drawers", "photos"];
  const modules = await Promise.all(names.map(load));
  return Object.fromEntries(names.map((name, i) => [name, modules[i]]));
}

/** A page that was opened again, with the PIN typed and the outbox open. */
export async function reopened(pin = PIN) {
  const tab = await newTab();
  await tab.device.start();
  if (!(await tab.vault.open(pin))) throw new Error("the PIN does not open the vault");
  return { ...tab, opened: await tab.outbox.open() };
}

const pem = (bytes) => Buffer.from(bytes).toString("base64");
export const json = (value, status = 200, type = "application/json") =>
  new Response(JSON.stringify(value), { status, headers: { "Content-Type": type } });
export const html = (status = 200) =>
  new Response("<h1>Welcome</h1>", { status, headers: { "Content-Type": "text/html" } });
export const problem = (code, status) => json({ type: code, status }, status, "application/problem+json");

/** Keeps what came, answers as the contract says; `before` may answer instead, or throw. */
export class Server {
  user = { id: "11111111-1111-4111-8111-111111111111", name: "Siti Rahayu" };
  state = "ok";
  wiped = false;
  time = () => new Date().toISOString();
  records = new Map();
  devices = new Map();
  asked = [];
  verdicts = new Map();
  gaps = [];
  resend = null;
  before = () => undefined;
  after = (answer) => answer;
  packs = {};

  static async start() {
    const server = new Server();
    server.pair = await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"]);
    const raw = await crypto.subtle.exportKey("raw", server.pair.publicKey);
    server.keys = [{ kid: "k1", key: pem(raw) }];
    globalThis.fetch = (url, init) => server.answer(url, init);
    return server;
  }

  async answer(url, init) {
    const path = url.replace("/api/v1/field", "");
    const body = init.body ? JSON.parse(init.body) : null;
    this.asked.push({ path, body, authorization: init.headers.Authorization });
    const instead = init.method === "POST" && init.headers["Content-Type"] !== "application/json"
      ? problem("http-415", 415) : await this.before(path, body, init);
    if (instead) return instead;
    return this.after(await this.route(path, body), path);
  }

  async route(path, body) {
    if (path === "/devices") return this.enrol(body);
    if (path === "/sync") return this.sync(body);
    if (path === "/status") return json(this.standing());
    if (path === "/wiped") {
      this.wiped = true;
      return new Response(null, { status: 204 });
    }
    if (path.startsWith("/pack")) return json(this.packs[new URLSearchParams(path.slice(6)).get("villages")]);
    if (path.endsWith("/renew")) return json({ token: "fresh-token", expires_at: "2027-06-01T00:00:00Z" });
    if (path.endsWith("/recovery")) return json({ recovery: this.devices.get(path.split("/")[2]).recovery });
    return problem("http-404", 404);
  }

  enrol(body) {
    this.devices.set(body.id, body);
    return json({
      device: body.id, token: "secret-token-canary", expires_at: "2027-01-01T00:00:00Z",
      server_time: this.time(), user: this.user, receipt_keys: this.keys,
      villages: [["52.04.01.2001", "Canary Village"]],
    }, 201);
  }

  standing() {
    return { state: this.state, server_time: this.time(), highest_seq: 0, gaps: this.gaps, resend_from: this.resend, receipt_keys: this.keys, oldest_app: "1" };
  }

  async sync({ records }) {
    const answers = [];
    for (const record of records) answers.push(await this.take(record));
    const { state, server_time, gaps, resend_from } = this.standing();
    return json({ state, server_time, gaps, resend_from, records: answers });
  }

  async take(record) {
    const said = this.verdicts.get(record.id) ?? {};
    const known = this.records.get(record.id);
    let verdict = said.verdict ?? (known ? "duplicate" : "accepted");
    if (known && known.hash !== record.hash) verdict = "conflict";
    if (verdict === "accepted") this.records.set(record.id, record);
    const receipt = ["accepted", "duplicate"].includes(verdict) ? await this.receipt(record, verdict) : null;
    return { id: record.id, verdict, reason: said.reason ?? "", facts: said.facts ?? {}, review: said.review ?? null, receipt };
  }

  async receipt({ id, hash }, verdict) {
    const at = this.time();
    const text = `sijinak-receipt-v1\n${id}\n${hash}\n${verdict}\n${at}`;
    const sig = await crypto.subtle.sign("Ed25519", this.pair.privateKey, new TextEncoder().encode(text));
    return { kid: "k1", at, sig: pem(sig) };
  }

  /** How often each record was sent. */
  sendings() {
    const sent = this.asked.filter(({ path }) => path === "/sync").flatMap(({ body }) => body.records);
    return sent.reduce((counts, { id }) => counts.set(id, (counts.get(id) ?? 0) + 1), new Map());
  }
}

/** A phone that an officer has just set up. */
export async function enrolled(options) {
  newPhone(options);
  const server = await Server.start();
  const tab = await newTab();
  await tab.device.enrol(PIN, "HP dinas");
  return { server, ...tab };
}

let doses = 0;
export const dose = (more = {}) => ({
  round: "22222222-2222-4222-8222-222222222222", code: `CODE${++doses}`, product: "33333333-3333-4333-8333-333333333333",
  lot: "AB1", campaign: null, village: "52.04.01.2001", read: "scan", ...more,
});

/** Add so many doses, one after the other. */
export async function doseTimes({ outbox }, times) {
  const entries = [];
  for (let i = 0; i < times; i += 1) entries.push(await outbox.add("vaccination", dose()));
  return entries;
}

// @ts-check
/** The views of the field app. */

import { run } from "./running.js";
import * as home from "./views/home.js";
import * as lock from "./views/lock.js";
import * as pack from "./views/pack.js";
import * as record from "./views/record.js";
import * as records from "./views/records.js";
import * as scan from "./views/scan.js";
import * as settings from "./views/settings.js";
import * as setup from "./views/start.js";
import * as work from "./views/work.js";

/** A view that is seldom asked for: its modules come after the shell. @param {() => Promise<any>} part @param {string} [name] */
const later = (part, name = "open") => async (/** @type {any[]} */ ...asked) => (await part())[name](...asked);
const goods = () => import("./views/goods.js");
const registration = () => import("./views/registration.js");
const visit = () => import("./views/visit.js");

run({
  mulai: { view: "start", open: setup.open },
  kunci: { view: "lock", open: lock.open },
  beranda: { view: "home", open: home.open },
  kerja: { view: "work", open: work.open },
  pindai: { view: "scan", open: scan.open },
  hasil: { view: "result", open: later(visit, "openResult") },
  jumlah: { view: "heads", open: later(visit, "openHeads") },
  reaksi: { view: "reaction", open: later(visit, "openReaction") },
  daftar: { view: "registration", open: later(registration) },
  tautkan: { view: "link", open: later(registration, "openLink") },
  terbuang: { view: "waste", open: later(goods, "openWaste") },
  suhu: { view: "temperature", open: later(goods, "openTemperature") },
  catatan: { view: "records", open: records.open },
  rekaman: { view: "record", open: record.open },
  pemeriksaan: { view: "inspection", open: later(() => import("./inspection/view.js")) },
  paket: { view: "pack", open: pack.open },
  setelan: { view: "settings", open: settings.open },
});

// @ts-check
/** The views of the checkpoint app. */

import { run } from "../running.js";
import * as lock from "../views/lock.js";
import * as record from "../views/record.js";
import * as records from "../views/records.js";
import * as settings from "../views/settings.js";
import * as setup from "../views/start.js";
import { sayOutcomes } from "./outcomes.js";
import * as animals from "./views/animals.js";
import * as decision from "./views/decision.js";
import * as home from "./views/home.js";
import * as minutes from "./views/minutes.js";
import * as paper from "./views/paper.js";
import * as supply from "./views/supply.js";
import * as truck from "./views/truck.js";

run({
  mulai: { view: "start", open: setup.open },
  kunci: { view: "lock", open: lock.open },
  beranda: { view: "home", open: home.open },
  pindai: { view: "paper", open: paper.open },
  surat: { view: "facts", open: paper.openFacts },
  truk: { view: "truck", open: truck.open },
  hewan: { view: "animals", open: animals.open },
  putusan: { view: "decision", open: decision.open },
  berita: { view: "minutes", open: minutes.open },
  catatan: { view: "records", open: records.open },
  rekaman: { view: "record", open: record.open },
  paket: { view: "supply", open: supply.open },
  setelan: { view: "settings", open: settings.open },
});
sayOutcomes();

// @ts-check
/** When what waits is sent: at the start, when the network is back, after a while, when asked. */

import * as journal from "./journal.js";
import { alone } from "./alone.js";
import { current } from "./drawers.js";
import { counts } from "./outbox.js";
import { unsentPhotos } from "./photos.js";
import { onChange } from "./telling.js";
import { travel } from "./trip.js";

/** @typedef {import("./types.js").Flushed} Flushed */
/** @typedef {import("./trip.js").Progress} Progress */

const SOON = 2_000;
const FIRST_WAIT = 5_000;
const LONGEST_WAIT = 5 * 60_000;

let stopLatest = () => {};
/** @type {Promise<Flushed>|null} */
let running = null;
/** @type {Flushed|null} */
let latest = null;
/** @type {Set<(flushed: Flushed) => void>} */
const listeners = new Set();
/** @type {Set<(progress: Progress) => void>} */
const watchers = new Set();

/** @returns {Flushed|null} how the newest flush ended */
export const last = () => latest;

/** @param {(flushed: Flushed) => void} listener */
export function onFlush(listener) {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** @param {(progress: Progress) => void} watcher */
export function onProgress(watcher) {
  watchers.add(watcher);
  return () => void watchers.delete(watcher);
}

/**
 * Send all that waits; one flush at a time over all tabs. What goes wrong is in `trouble`.
 * @returns {Promise<Flushed>}
 */
export function flush() {
  running ??= alone(`sync-${current()}`, flushed).finally(() => {
    running = null;
  });
  return running;
}

/** @returns {Promise<Flushed>} */
async function flushed() {
  const { sent, state, trouble } = await travel((progress) => {
    for (const watcher of watchers) watcher(progress);
  });
  latest = { sent, waiting: state === "wiped" ? 0 : await left(), state, trouble };
  for (const listener of listeners) listener(latest);
  return latest;
}

// A broken database cannot count; the journal still can.
const left = () =>
  Promise.all([counts(), unsentPhotos()]).then(
    ([{ saved }, photos]) => saved + photos,
    () => journal.ids().length,
  );

/**
 * Flush now and whenever there is hope, waiting longer after every failure. Started twice is
 * started once.
 * @returns {() => void} stops it
 */
export function start() {
  stopLatest();
  const stop = new AbortController();
  const { signal } = stop;
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  let timer;
  let wait = FIRST_WAIT;

  const go = async () => {
    clearTimeout(timer);
    const { waiting, trouble } = await flush();
    wait = trouble ? Math.min(wait * 2, LONGEST_WAIT) : FIRST_WAIT;
    timer = undefined;
    if (waiting && !signal.aborted && !["sign-in", "locked"].includes(trouble)) plan(wait);
  };
  const plan = (/** @type {number} */ ms) => {
    timer = setTimeout(go, ms + Math.random() * 1000);
  };
  const saved = async () => {
    if (timer !== undefined || running || !(await left()) || timer !== undefined) return;
    plan(wait > FIRST_WAIT ? wait : SOON);
  };
  const shown = () => void (document.visibilityState === "visible" && go());
  const told = (/** @type {MessageEvent} */ { data }) => void (data === "flush" && go());

  addEventListener("online", go, { signal });
  document.addEventListener("visibilitychange", shown, { signal });
  navigator.serviceWorker?.addEventListener("message", told, { signal });
  signal.addEventListener("abort", onChange(saved));
  signal.addEventListener("abort", () => clearTimeout(timer));
  void go();
  stopLatest = () => stop.abort();
  return stopLatest;
}

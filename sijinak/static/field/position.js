// @ts-check
/** Where the phone is, if it may tell. A record never waits for it. */

const PATIENCE = { enableHighAccuracy: true, timeout: 20_000, maximumAge: 60_000 };
const FRESH = 120_000;
/** @type {{ at: number, pos: [number, number, number] } | null} */
let last = null;
/** @type {number | null} */
let watch = null;

export function startLooking() {
  if (watch !== null || !("geolocation" in navigator)) return;
  watch = navigator.geolocation.watchPosition(({ coords }) => {
    const round = (/** @type {number} */ n) => Math.round(n * 1e6) / 1e6;
    last = { at: Date.now(), pos: [round(coords.latitude), round(coords.longitude), Math.round(coords.accuracy)] };
  }, () => {}, PATIENCE);
}

export function stopLooking() {
  if (watch !== null) navigator.geolocation.clearWatch(watch);
  watch = null;
}

/** @returns {[number, number, number] | null} */
export const position = () => (last && Date.now() - last.at < FRESH ? last.pos : null);

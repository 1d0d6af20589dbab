// @ts-check
/** How far this phone's clock is from the server's. Records keep the phone's own hour. */

import { read, write } from "./drawers.js";

/** @param {string} serverTime  as the server just said */
export function noteServerTime(serverTime) {
  write("server_time", serverTime);
  write("clock_offset", String(Date.parse(serverTime) - Date.now()));
}

/** Server minus phone, in milliseconds. */
export const clockOffset = () => Number(read("clock_offset") ?? 0);

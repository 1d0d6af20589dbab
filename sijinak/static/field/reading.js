// @ts-check
/** What a scanned or typed text is. */

import * as codes from "./codes.js";

/** @typedef {{ what: "code" | "foreign" | "permit" | "payment" | "number" | "other", code: string, text: string }} Read */

const ADDRESS = /^https?:\/\/([^/]+)\/([a-z]+)\/([^/?#]+)/i;

/** @param {string} text */
function code(text) {
  try {
    return codes.parse(text) ?? "";
  } catch {
    return "";
  }
}

/** Whether it was meant to be one of our codes: as long, and of its letters. @param {string} text */
export const looksLikeCode = (text) => /^[0-9A-TV-Z]{10}$/i.test(text.replace(/[ \-.\t]/g, ""));

/**
 * @param {string} text @param {string[]} hosts the names of our own server
 * @returns {Read}
 */
export function read(text, hosts) {
  const plain = text.trim();
  const address = ADDRESS.exec(plain);
  if (address) return ofAddress(plain, address, hosts);
  const bare = code(plain);
  if (bare) return { what: "code", code: bare, text: plain };
  if (/^000201/.test(plain)) return { what: "payment", code: "", text: plain };
  if (/^[A-Z0-9 .-]{4,24}$/i.test(plain) && /\d{4}/.test(plain)) return { what: "number", code: "", text: plain };
  return { what: "other", code: "", text: plain };
}

/** @param {string} text @param {RegExpExecArray} address @param {string[]} hosts @returns {Read} */
function ofAddress(text, [, host, folder, name], hosts) {
  const ours = hosts.some((known) => known.toLowerCase() === host.toLowerCase());
  const kind = folder.toLowerCase();
  if (kind === "v") return { what: "permit", code: "", text };
  const found = kind === "t" ? code(name) : "";
  if (!found) return { what: "other", code: "", text };
  return { what: ours ? "code" : "foreign", code: found, text };
}

// @ts-check
/** A tag code in five bytes, as a signed permit carries it. */

import { ALPHABET } from "../codes.js";
import { hex } from "./cose.js";

/** Ten hexadecimal digits of a code's eight random letters. @param {string} code */
export function short(code) {
  const value = [...code.slice(0, 8)].reduce((sum, letter) => sum * 32 + ALPHABET.indexOf(letter), 0);
  return value.toString(16).padStart(10, "0");
}

/** The first 16 bytes of SHA-256 over the sorted animals. @param {string[]} shorts */
export async function digestOf(shorts) {
  const bytes = Uint8Array.from([...shorts].sort().join("").match(/../g) ?? [], (pair) => parseInt(pair, 16));
  return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).slice(0, 16));
}

// @ts-check
/** Tag codes, exactly as the server spells them (sijinak/core/codes.py). */

// Crockford base 32: no I, L, O or U.
export const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
export const LENGTH = 10;
const MODULUS = 1021;

/** @type {Map<string, number>} */
const VALUES = new Map([...ALPHABET].map((letter, value) => [letter, value]));
VALUES.set("O", 0).set("I", 1).set("L", 1);

/**
 * What was typed or scanned, in its one spelling; null when it is no tag code.
 * Takes lower case, spaces, dashes, and O for 0, I or L for 1.
 * @param {string} text
 * @returns {string|null}
 */
export function parse(text) {
  const letters = [...text.replace(/[ \-.\t]/g, "").toUpperCase()];
  if (letters.length !== LENGTH) return null;
  let remainder = 0;
  let code = "";
  for (const letter of letters) {
    const value = VALUES.get(letter);
    if (value === undefined) return null;
    remainder = (remainder * 32 + value) % MODULUS;
    code += ALPHABET[value];
  }
  return remainder === 0 ? code : null;
}

/**
 * As people read it: 7K3M-9QX4-5J.
 * @param {string} code
 */
export const spaced = (code) => `${code.slice(0, 4)}-${code.slice(4, 8)}-${code.slice(8)}`;

/**
 * The code in what a camera read: bare, or the last part of one of our addresses (…/T/<code>).
 * @param {string} text
 * @returns {string|null}
 */
export function codeIn(text) {
  const path = /^https?:\/\/[^/?#]+\/t\/([^/?#]+)\/?(?:[?#].*)?$/i.exec(text.trim());
  return parse(path ? path[1] : text.trim());
}

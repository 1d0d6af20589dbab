// @ts-check
/** Where this phone checks: the port and the post, remembered until another is chosen. */

const KEY = "periksa.post";

/** @typedef {{ port: string, post: string }} Post */

/** @returns {Post | null} */
export function thePost() {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "null");
  } catch {
    return null;
  }
}

/** @param {Post} chosen */
export const choosePost = ({ port, post }) => localStorage.setItem(KEY, JSON.stringify({ port, post }));

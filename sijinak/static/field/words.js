// @ts-check
/** The words of the page in its language: the page brings them, so that no script holds a sentence. */

/** @type {Map<string, string> | null} */
let words = null;

function load() {
  const lists = /** @type {NodeListOf<HTMLTemplateElement>} */ (document.querySelectorAll("template.words"));
  const items = [...lists].flatMap(({ content }) => [...content.querySelectorAll("[data-word]")]);
  return new Map(items.map((item) => [
    /** @type {HTMLElement} */ (item).dataset.word ?? "", item.textContent ?? "",
  ]));
}

/** More words came: look at all anew. */
export const learn = () => void (words = null);

/** A sentence with its values; a code that has none stands for itself. @param {string} code @param {Record<string, any>} [values] */
export function word(code, values = {}) {
  words ??= load();
  return (words.get(code) ?? code).replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}

/** @param {string} code */
export const known = (code) => (words ??= load()).has(code);

const language = () => document.documentElement.lang || "id";

/** @param {string | number | Date} when */
export const clock = (when) => new Intl.DateTimeFormat(language(), { hour: "2-digit", minute: "2-digit" }).format(new Date(when));

/** @param {string | number | Date} when */
export const day = (when) => new Intl.DateTimeFormat(language(), { day: "numeric", month: "short", year: "numeric" }).format(new Date(when));

/** @param {string | number | Date} when */
export const moment = (when) => `${day(when)}, ${clock(when)}`;

/** @param {number} n */
export const number = (n) => new Intl.NumberFormat(language()).format(n);

/** @param {number} bytes */
export const size = (bytes) => bytes < 1e6 ? `${number(Math.ceil(bytes / 1000))} kB` : `${number(Math.round(bytes / 1e5) / 10)} MB`;

/** How long ago, in the largest unit that fits. @param {string | number | Date} when */
export function ago(when) {
  const minutes = Math.max(0, Math.round((Date.now() - new Date(when).getTime()) / 60_000));
  const said = new Intl.RelativeTimeFormat(language(), { numeric: "auto" });
  if (minutes < 1) return word("just-now");
  if (minutes < 60) return said.format(-minutes, "minute");
  return minutes < 2880 ? said.format(-Math.round(minutes / 60), "hour") : said.format(-Math.round(minutes / 1440), "day");
}

/** The day here, as 2026-11-22. @param {Date} [when] */
export function isoDay(when = new Date()) {
  const two = (/** @type {number} */ n) => String(n).padStart(2, "0");
  return `${when.getFullYear()}-${two(when.getMonth() + 1)}-${two(when.getDate())}`;
}

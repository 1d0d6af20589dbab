// @ts-check
/** How far an inspection is: read from this phone's own records, so that nothing forgets it. */

/** @typedef {import("../types.js").Entry} Entry */
/** @typedef {import("./lists.js").Application} Application */
/**
 * `seen` has the last word about each animal; `closed` is the record that finished it.
 * @typedef {{ seen: Map<string, Entry>, vehicle: Entry | null, closed: Entry | null, left: string[] }} Progress
 */

const KINDS = new Set(["inspected", "vehicle", "inspection-done"]);

/** Whether a record is of an inspection. @param {Entry} entry */
export const isOurs = (entry) => KINDS.has(entry.kind);

/**
 * A finished inspection that the server has is over: when its application is on a newer list, it
 * came back and is inspected anew.
 * @param {Application} permit @param {Entry[]} entries @param {string} fetched when the list came
 * @returns {Progress}
 */
export function progressOf(permit, entries, fetched) {
  const own = entries.filter((entry) => isOurs(entry) && entry.data.permit === permit.id && stands(entry))
    .sort((a, b) => a.seq - b.seq);
  const over = own.filter((entry) => entry.kind === "inspection-done" && isOver(entry, fetched)).pop();
  const now = own.filter((entry) => entry.seq > (over?.seq ?? 0));
  const seen = new Map(now.filter(({ kind }) => kind === "inspected").map((entry) => [entry.data.code, entry]));
  return {
    seen,
    vehicle: newest(now, "vehicle"),
    closed: newest(now, "inspection-done"),
    left: permit.animals.map(({ code }) => code).filter((code) => !seen.has(code)),
  };
}

/** @param {Entry[]} entries @param {string} kind */
const newest = (entries, kind) => entries.filter((entry) => entry.kind === kind).pop() ?? null;

/** @param {Entry} entry */
const stands = (entry) => !entry.undone && entry.state !== "needs-you";

/** @param {Entry} entry @param {string} fetched */
const isOver = ({ state, review, at }, fetched) =>
  state === "received" && !review && Date.parse(fetched) > Date.parse(at);

/**
 * What is missing before it can be finished: codes of words.
 * @param {Progress} progress
 * @returns {string[]}
 */
export function missing({ seen, vehicle, left }) {
  const nobody = left.length === 0 && ![...seen.values()].some(({ data }) => data.result === "passed");
  return [left.length ? "inspect.some-left" : "", vehicle ? "" : "inspect.no-vehicle", nobody ? "inspect.nobody" : ""]
    .filter(Boolean);
}

/**
 * What closes it: the last word about each animal, in the order of the list.
 * @param {Application} permit @param {Progress} progress @param {string} note
 */
export const closing = (permit, { seen, vehicle }, note) => ({
  permit: permit.id,
  village: permit.village,
  records: permit.animals.map(({ code }) => seen.get(code)?.id),
  vehicle: vehicle?.id ?? null,
  note,
});

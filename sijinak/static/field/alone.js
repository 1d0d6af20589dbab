// @ts-check
/** One at a time, over all tabs of this browser. */

/** @type {Map<string, Promise<unknown>>} */
const queues = new Map();

/**
 * Where there are no Web Locks, one at a time in this tab.
 * @template T
 * @param {string} name
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export function alone(name, work) {
  const locks = globalThis.navigator?.locks;
  if (locks) return /** @type {Promise<T>} */ (locks.request(`sijinak-field-${name}`, work));
  const turn = (queues.get(name) ?? Promise.resolve()).then(work, work);
  queues.set(name, turn.catch(() => undefined));
  return turn;
}

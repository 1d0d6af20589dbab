// @ts-check
/** What is wrong with the storage of this phone, as one short code. */

/**
 * Codes: storage-full, storage-broken, storage-erased, storage-outdated (a newer app is open:
 * reload), storage-blocked, journal-full.
 */
export class StorageFault extends Error {
  /**
   * @param {string} code
   * @param {unknown} [cause]
   */
  constructor(code, cause) {
    super(code, { cause });
    this.code = code;
  }
}

/**
 * @param {unknown} error
 * @returns {StorageFault}
 */
export function faultOf(error) {
  if (error instanceof StorageFault) return error;
  const name = error instanceof Error || error instanceof DOMException ? error.name : "";
  if (name === "QuotaExceededError") return new StorageFault("storage-full", error);
  if (name === "VersionError") return new StorageFault("storage-outdated", error);
  return new StorageFault("storage-broken", error);
}

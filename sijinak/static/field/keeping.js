// @ts-check
/** Keeping what a form says, and going on. */

import * as outbox from "./outbox.js";
import { saved, sayFault } from "./notices.js";
import { position } from "./position.js";
import { go } from "./router.js";
import { word } from "./words.js";

/** @param {import("./types.js").Kind} kind @param {object} data @param {string} [next] the view after it */
export async function keep(kind, data, next = "beranda") {
  try {
    await outbox.add(kind, data, position());
  } catch (error) {
    return sayFault(error);
  }
  saved(word(`saved.${kind}`));
  go(next);
}

// @ts-check
/** The fields for photos of a form: chosen, made small, kept; the earlier ones stay unless replaced. */

import { wrong } from "../forms.js";
import { keepPhoto } from "../photos.js";
import { piece, slot, tell } from "../page.js";
import { word } from "../words.js";
import { shrink } from "./shrink.js";

/** @typedef {{ view: string, sha256: string }} Named */

/** @param {ParentNode} root @param {string[]} views @param {Named[]} before */
export function photoFields(root, views, before) {
  slot(root, "photos").replaceChildren(...views.map((view) => {
    const field = piece("inspection-photo");
    const input = /** @type {HTMLInputElement} */ (field.querySelector("input"));
    input.name = input.id = `photo-${view}`;
    field.querySelector("label")?.setAttribute("for", input.id);
    tell(field, { name: word(`inspect.photo-${view}`), there: before.some((one) => one.view === view) ? word("inspect.photo-there") : "" });
    const shown = slot(field, "shown");
    input.addEventListener("change", () => preview(shown, input.files?.[0]));
    return field;
  }));
}

/** Drawn, for the page may load no picture but the server's. @param {HTMLCanvasElement} canvas @param {File} [file] */
async function preview(canvas, file) {
  const bitmap = file && (await createImageBitmap(file, { resizeWidth: 320 }).catch(() => null));
  canvas.hidden = !bitmap;
  if (!bitmap) return;
  Object.assign(canvas, { width: bitmap.width, height: bitmap.height });
  canvas.getContext("2d")?.drawImage(bitmap, 0, 0);
  bitmap.close();
}

/**
 * The names of the photos; null when one is missing or cannot be read, which is said at its field.
 * @param {HTMLFormElement} form @param {string[]} views @param {Named[]} before @param {boolean} needed
 * @returns {Promise<Named[] | null>}
 */
export async function takenPhotos(form, views, before, needed) {
  /** @type {Named[]} */
  const names = [];
  for (const view of views) {
    const input = /** @type {HTMLInputElement} */ (form.elements.namedItem(`photo-${view}`));
    const old = before.find((one) => one.view === view);
    const file = input.files?.[0];
    if (!file && !old && needed) wrong(form, input.name, word("inspect.photo-missing"));
    try {
      if (file) names.push({ view, sha256: await keepPhoto(await shrink(file)) });
      else if (old) names.push(old);
    } catch (error) {
      if (/** @type {any} */ (error).code) throw error; // the storage: said above every view
      wrong(form, input.name, word("inspect.photo-bad"));
    }
  }
  return form.querySelector("[aria-invalid]") ? null : names;
}

// @ts-check
/** The vehicle: its plate as it is seen, and a photo. */

import { sends } from "../forms.js";
import { sayFault } from "../notices.js";
import * as outbox from "../outbox.js";
import { copy, slot, tell } from "../page.js";
import { go } from "../router.js";
import { word } from "../words.js";
import { photoFields, takenPhotos } from "./photographing.js";

const VIEWS = ["vehicle"];

/** @param {HTMLElement} root @param {any} permit @param {import("./progress.js").Progress} progress */
export function openVehicle(root, permit, { vehicle }) {
  const before = vehicle?.data ?? null;
  root.replaceChildren(copy("inspection-vehicle"));
  slot(root, "back").href = `#/pemeriksaan/${permit.id}`;
  tell(root, { applied: word("inspect.plate-applied", { plate: permit.plate || "–" }) });
  photoFields(root, VIEWS, before?.photos ?? []);
  const form = sends(root, "inspect-vehicle", async (given, form) => {
    try {
      const photos = await takenPhotos(form, VIEWS, before?.photos ?? [], true);
      if (!photos) return;
      const plate = given.plate.toUpperCase().replace(/\s+/g, " ");
      await outbox.add("vehicle", { permit: permit.id, village: permit.village, plate, photos });
      go(`pemeriksaan/${permit.id}`);
    } catch (error) {
      sayFault(error);
    }
  });
  if (before) /** @type {any} */ (form.elements.namedItem("plate")).value = before.plate;
}

// @ts-check
/** The phone itself: its name, locking, the file of last resort, signing out. */

import { lockNow } from "../running.js";
import * as device from "../device.js";
import * as outbox from "../outbox.js";
import { acts, facts, fill, tell } from "../page.js";
import { unsentPhotos } from "../photos.js";
import * as sync from "../sync.js";
import { day, isoDay, known, number, word } from "../words.js";

/** @param {HTMLElement} root */
export async function open(root) {
  const [phone, counts] = await Promise.all([device.current(), outbox.counts().catch(() => null)]);
  fill(root, "facts", facts([
    [word("phone-name"), phone?.name],
    [word("phone-of"), phone?.user.name],
    [word("signed-in-until"), phone?.expires_at ? day(phone.expires_at) : ""],
    [word("unsent"), counts ? number(counts.saved) : ""],
  ]));
  tell(root, { version: word("version", { version: build() }) });
  acts(root, {
    lock: lockNow,
    export: () => save(root),
    renew: () => tried(root, async () => {
      await device.renew();
      tell(root, { said: word("renewed") });
    }),
    "sign-out": () => tried(root, () => signOut(root)),
  });
}

/** Which build of the app this is. */
const build = () => document.querySelector("meta[name=app-version]")?.getAttribute("content") ?? "";

/** @param {HTMLElement} root @param {() => any} deed */
async function tried(root, deed) {
  tell(root, { trouble: "", said: "" });
  try {
    await deed();
  } catch (error) {
    const { code = "server", status } = /** @type {any} */ (error);
    const told = status === 401 ? "sign-in" : code;
    tell(root, { trouble: word(known(`trouble.${told}`) ? `trouble.${told}` : "trouble.server", { code }) });
  }
}

/** Share it where the phone can, else download it. @param {HTMLElement} root */
async function save(root) {
  const blob = await outbox.exportFile();
  const name = `sijinak-${isoDay()}.json`;
  const file = new File([blob], name, { type: "application/json" });
  if (navigator.canShare?.({ files: [file] })) {
    const shared = await navigator.share({ files: [file] }).then(() => true, () => false);
    if (shared) return tell(root, { said: word("exported", { name }) });
  }
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  tell(root, { said: word("exported", { name }) });
}

/** @param {HTMLElement} root */
async function signOut(root) {
  await sync.flush().catch(() => {});
  const { saved, needsYou } = await outbox.counts();
  const unsent = saved + needsYou + (await unsentPhotos());
  if (unsent > 0) return tell(root, { trouble: word("sign-out-refused", { n: number(unsent) }) });
  if (!confirm(word("sign-out-sure"))) return;
  await device.wipe();
  location.reload();
}

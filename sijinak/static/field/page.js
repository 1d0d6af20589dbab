// @ts-check
/** Copies of the page's templates, and words put into them: as text, never as markup. */

/** @param {string} name @returns {DocumentFragment} */
export function copy(name) {
  const found = document.getElementById(name);
  if (!(found instanceof HTMLTemplateElement)) throw new Error(`no template ${name}`);
  return /** @type {DocumentFragment} */ (document.importNode(found.content, true));
}

/** @param {string} name @returns {HTMLElement} the first element of a template */
export const piece = (name) => /** @type {HTMLElement} */ (copy(name).firstElementChild);

/** @param {ParentNode} root @param {string} name @returns {any} */
export function slot(root, name) {
  const found = root.querySelector(`[data-slot="${name}"]`);
  if (!found) throw new Error(`no slot ${name}`);
  return found;
}

/** Put texts into slots; an empty one hides its slot. @param {ParentNode} root @param {Record<string, any>} texts */
export function tell(root, texts) {
  for (const [name, text] of Object.entries(texts)) {
    const place = slot(root, name);
    place.textContent = text === null || text === undefined ? "" : String(text);
    place.hidden = place.textContent === "";
  }
}

/** Show or hide slots. @param {ParentNode} root @param {Record<string, any>} which */
export function show(root, which) {
  for (const [name, visible] of Object.entries(which)) slot(root, name).hidden = !visible;
}

/**
 * What the buttons with data-action do. A second tap waits until the first is done.
 * @param {HTMLElement} root @param {Record<string, (button: HTMLElement) => any>} deeds
 */
export function acts(root, deeds) {
  root.addEventListener("click", async (event) => {
    const at = /** @type {HTMLElement} */ (event.target).closest("[data-action]");
    const deed = at instanceof HTMLElement && root.contains(at) ? deeds[at.dataset.action ?? ""] : null;
    if (!deed || !(at instanceof HTMLElement) || at.getAttribute("aria-busy") === "true") return;
    event.preventDefault();
    await whileBusy(at, () => deed(at));
  });
}

/** @param {HTMLElement} button @param {() => any} work */
export async function whileBusy(button, work) {
  button.setAttribute("aria-busy", "true");
  try {
    await work();
  } finally {
    button.removeAttribute("aria-busy");
  }
}

/** @param {ParentNode} root @param {string} name @param {Node[]} nodes */
export const fill = (root, name, nodes) => slot(root, name).replaceChildren(...nodes);

/** @param {string} value @param {string} label @param {boolean} [chosen] */
export function option(value, label, chosen = false) {
  return Object.assign(document.createElement("option"), { value, textContent: label, selected: chosen });
}

/** Facts as a list of terms. @param {[string, any][]} facts @returns {Node[]} */
export function facts(facts) {
  return facts.filter(([, value]) => value !== null && value !== undefined && value !== "").map(([name, value]) => {
    const row = document.createElement("div");
    const term = Object.assign(document.createElement("dt"), { textContent: name });
    row.append(term, Object.assign(document.createElement("dd"), { textContent: String(value) }));
    return row;
  });
}

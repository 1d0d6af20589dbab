// @ts-check
/** Reading a form, and saying what is missing beside the field. */

import { word } from "./words.js";

/** @typedef {Record<string, string>} Answers */

/** @param {HTMLFormElement} form @returns {Answers} */
export function answers(form) {
  /** @type {Answers} */
  const given = {};
  for (const [name, value] of new FormData(form)) given[name] = String(value).trim();
  return given;
}

/** @param {Element} control */
const field = (control) => control.closest(".field");

/** @param {HTMLFormElement} form */
function clear(form) {
  for (const told of form.querySelectorAll("[data-error]")) told.remove();
  for (const wrong of form.querySelectorAll(".wrong")) wrong.classList.remove("wrong");
  for (const control of form.querySelectorAll("[aria-invalid]")) control.removeAttribute("aria-invalid");
}

/** Say what is wrong with a field. @param {HTMLFormElement} form @param {string} name @param {string} text */
export function wrong(form, name, text) {
  const control = /** @type {HTMLInputElement} */ (form.querySelector(`[name="${name}"]`));
  const place = field(control);
  if (!place) return;
  const told = Object.assign(document.createElement("p"), { className: "error", textContent: text, id: `error-${form.id}-${name}` });
  told.dataset.error = name;
  place.classList.add("wrong");
  place.append(told);
  control.setAttribute("aria-invalid", "true");
  control.setAttribute("aria-describedby", told.id);
}

/** @param {HTMLInputElement} control */
function fault(control) {
  const check = control.validity;
  if (check.valueMissing) return word(control.type === "radio" || control.tagName === "SELECT" ? "choose" : "fill-in");
  if (check.valid) return null;
  if (check.rangeUnderflow || check.rangeOverflow) return word("between", { least: control.min, most: control.max });
  return control.title || word("not-understood");
}

/** Whether all fields are good; else the first bad one is brought up. @param {HTMLFormElement} form */
export function complete(form) {
  clear(form);
  const seen = new Set();
  for (const control of /** @type {Iterable<HTMLInputElement>} */ (/** @type {any} */ (form.elements))) {
    const text = control.name && !seen.has(control.name) && control.willValidate ? fault(control) : null;
    seen.add(control.name);
    if (text) wrong(form, control.name, text);
  }
  return !first(form);
}

/** @param {HTMLFormElement} form */
export function first(form) {
  const bad = form.querySelector("[aria-invalid]");
  if (bad instanceof HTMLElement) bad.focus();
  return bad;
}

/**
 * What happens when a complete form is sent; a second tap waits for the first.
 * @param {ParentNode} root @param {string} id @param {(given: Answers, form: HTMLFormElement) => any} deed
 */
export function sends(root, id, deed) {
  const form = /** @type {HTMLFormElement} */ (root.querySelector(`#${id}`));
  form.noValidate = true;
  let busy = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (busy || !complete(form)) return;
    busy = true;
    form.setAttribute("aria-busy", "true");
    try {
      await deed(answers(form), form);
    } finally {
      busy = false;
      form.removeAttribute("aria-busy");
    }
    first(form);
  });
  return form;
}

// Counts down until a code ends, and copies a number. Without it the page says the same: it is
// loaded again by itself, and the number can be marked.

const HOUR = 3600;

/** @param {HTMLElement} place */
const countDown = (place) => {
  const left = Math.max(0, Number(place.dataset.until) - Math.floor(Date.now() / 1000));
  if (left > HOUR) return;
  place.textContent = `${String(Math.floor(left / 60)).padStart(2, "0")}:${String(left % 60).padStart(2, "0")}`;
};

/** @param {HTMLButtonElement} button */
const copies = (button) => {
  const place = document.getElementById(button.dataset.copy || "");
  if (!place || !navigator.clipboard) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(place.dataset.number || "");
    button.textContent = button.dataset.done || "";
  });
};

for (const place of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-until]"))) {
  countDown(place);
  setInterval(() => countDown(place), 1000);
}
/** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll("[data-copy]")).forEach(copies);

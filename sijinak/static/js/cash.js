// At the counter: what the chosen bills come to together, and what goes back to the payer.
// Without a script the server says both.

const form = document.querySelector("form[data-cash]");

/** @param {string} text */
const rupiah = (text) => Number(text.replace(/^\s*rp\.?/i, "").replace(/,(00|-)\s*$/, "").replace(/[.\s]/g, "") || NaN);

/** @param {number} amount */
const spelt = (amount) => `Rp ${amount.toLocaleString("id-ID")}`;

const due = () =>
  [...form.querySelectorAll("input[data-amount]:checked")].reduce(
    (sum, box) => sum + Number(box.dataset.amount),
    Number(form.dataset.cash),
  );

const show = () => {
  const total = due();
  const together = form.querySelector("[data-due]");
  if (together) together.textContent = spelt(total);
  const change = rupiah(form.elements.handed.value) - total;
  const line = form.querySelector("[data-change]");
  line.hidden = !(change >= 0);
  if (change >= 0) line.querySelector("b").textContent = spelt(change);
};

if (form) {
  form.addEventListener("input", show);
  show();
}

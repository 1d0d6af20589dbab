// Fills the hidden latitude and longitude of a form, when the officer asks for it. The form works
// without: the block that holds the button stays hidden until this runs.

const PATIENCE = { enableHighAccuracy: true, timeout: 30_000, maximumAge: 60_000 };

for (const block of document.querySelectorAll("[data-position]")) {
  if (!("geolocation" in navigator)) continue;
  const button = block.querySelector("button");
  const said = block.querySelector("[role=status]");
  const fields = ["latitude", "longitude"].map((name) => block.querySelector(`[name=${name}]`));

  const found = ({ coords }) => {
    fields[0].value = coords.latitude.toFixed(6);
    fields[1].value = coords.longitude.toFixed(6);
    said.textContent = block.dataset.found.replace("{metres}", Math.round(coords.accuracy));
    button.disabled = false;
  };
  const failed = () => {
    said.textContent = block.dataset.failed;
    button.disabled = false;
  };

  button.addEventListener("click", () => {
    button.disabled = true;
    said.textContent = block.dataset.waiting;
    navigator.geolocation.getCurrentPosition(found, failed, PATIENCE);
  });
  block.hidden = false;
}

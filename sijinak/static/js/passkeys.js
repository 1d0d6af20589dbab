// Asks a passkey where a form wants one: at signing, at sign-in, and when a new one is made. What
// it says goes into a hidden field of the form. Where no script runs the buttons stay hidden, and
// the six digits work.

/** @typedef {{options: string, fields: () => Record<string, string>, target: HTMLInputElement}} Question */

/** @param {FormData} sent @param {string} url */
const ask = async (sent, url) => {
  const answer = await fetch(url, { method: "POST", body: new URLSearchParams([...sent].map(([k, v]) => [k, String(v)])) });
  const told = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(told.message || "");
  return told;
};

/** @param {string} text */
const bytes = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));

/** @param {ArrayBuffer} buffer */
const text64 = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

/** @param {{id: string}[]} list */
const described = (list) => (list || []).map((key) => ({ ...key, id: bytes(key.id) }));

const made = async (options) => {
  const publicKey = {
    ...options,
    challenge: bytes(options.challenge),
    user: { ...options.user, id: bytes(options.user.id) },
    excludeCredentials: described(options.excludeCredentials),
  };
  const key = await navigator.credentials.create({ publicKey });
  return told(key, {
    attestationObject: text64(key.response.attestationObject),
    transports: key.response.getTransports ? key.response.getTransports() : [],
  });
};

const answered = async (options) => {
  const publicKey = {
    ...options,
    challenge: bytes(options.challenge),
    allowCredentials: described(options.allowCredentials),
  };
  const key = await navigator.credentials.get({ publicKey });
  const handle = key.response.userHandle;
  return told(key, {
    authenticatorData: text64(key.response.authenticatorData),
    signature: text64(key.response.signature),
    ...(handle ? { userHandle: text64(handle) } : {}),
  });
};

const told = (key, more) =>
  JSON.stringify({
    id: key.id,
    rawId: text64(key.rawId),
    type: key.type,
    response: { clientDataJSON: text64(key.response.clientDataJSON), ...more },
  });

const wire = (block) => {
  const form = block.closest("form");
  const place = block.querySelector("[data-passkey]");
  const button = place.querySelector("button");
  const says = block.querySelector("[data-passkey-says]");
  const target = block.querySelector("[data-passkey-answer]");
  const perform = block.dataset.makes === "key" ? made : answered;

  const sent = () => {
    const data = new FormData();
    data.set("csrf_token", form.elements.csrf_token.value);
    if (block.dataset.command) data.set("command_id", block.dataset.command);
    for (const name of (block.dataset.send || "").split(" ").filter(Boolean)) {
      data.set(name, form.elements[name].value);
    }
    return data;
  };

  button.addEventListener("click", async () => {
    if (block.dataset.makes === "key" && !form.reportValidity()) return;
    button.disabled = true;
    says.textContent = says.dataset.waiting;
    try {
      target.value = await perform(await ask(sent(), block.dataset.options));
      says.textContent = says.dataset.done;
      for (const name of (block.dataset.send || "").split(" ").filter(Boolean)) form.elements[name].value = "";
      if (block.dataset.submits) form.requestSubmit();
    } catch (error) {
      target.value = "";
      says.textContent = (error instanceof DOMException ? "" : error.message) || says.dataset.failed;
    }
    button.disabled = false;
  });
  place.hidden = false;
};

if (window.PublicKeyCredential) for (const block of document.querySelectorAll("[data-passkey-block]")) wire(block);

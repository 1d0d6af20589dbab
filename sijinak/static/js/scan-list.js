// Adds the tags that a camera reads to the list of a form, one a line. Only where the browser reads
// QR codes itself; elsewhere the block stays hidden, and codes are typed, pasted or uploaded.

const PAUSE = 150;
const CAMERA = { video: { facingMode: { ideal: "environment" } }, audio: false };

async function readsQr() {
  if (!("BarcodeDetector" in window)) return false;
  return (await BarcodeDetector.getSupportedFormats()).includes("qr_code");
}

function wire(block) {
  const [button, video, said] = ["button", "video", "[role=status]"].map((name) => block.querySelector(name));
  const list = block.closest("form").querySelector("[name=tags]");
  const detector = new BarcodeDetector({ formats: ["qr_code"] });
  const seen = new Set();
  let stream = null;

  const stop = () => {
    stream?.getTracks().forEach((track) => track.stop());
    stream = video.srcObject = null;
    video.hidden = true;
  };
  const take = (text) => {
    if (seen.has(text)) return;
    seen.add(text);
    list.value = `${list.value.trimEnd()}\n${text}`.trimStart();
    said.textContent = block.dataset.read.replace("{n}", seen.size);
    navigator.vibrate?.(60);
  };
  const look = async () => {
    if (!stream) return;
    for (const { rawValue } of await detector.detect(video).catch(() => [])) take(rawValue);
    setTimeout(look, PAUSE);
  };
  button.addEventListener("click", async () => {
    if (stream) return stop();
    try {
      stream = await navigator.mediaDevices.getUserMedia(CAMERA);
    } catch {
      said.textContent = block.dataset.denied;
      return;
    }
    video.hidden = false;
    video.srcObject = stream;
    await video.play();
    look();
  });
  addEventListener("pagehide", stop);
  block.hidden = false;
}

if (await readsQr()) document.querySelectorAll("[data-scan-list]").forEach(wire);

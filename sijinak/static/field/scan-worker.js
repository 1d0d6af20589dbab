// @ts-check
/**
 * Finds a QR code in a picture. The small decoder answers from the first picture on; the large one,
 * which reads more, is fetched when the first code was read or two seconds have gone by without one.
 */

import { decodeQR } from "../vendor/qr.min.js";

const PATIENCE = 2000;
/** @type {any} */
let more = null;
let asked = false;
/** @type {OffscreenCanvas | null} */
let canvas = null;
/** @type {OffscreenCanvasRenderingContext2D | null} */
let pen = null;

async function fetchMore() {
  if (asked) return;
  asked = true;
  try {
    const engine = await import("../vendor/zxing.min.js");
    const locateFile = (/** @type {string} */ name) => new URL(`../vendor/${name}`, import.meta.url).href;
    await engine.prepareZXingModule({ overrides: { locateFile }, fireImmediately: true });
    more = engine.readBarcodes;
  } catch {
    more = null; // no WebAssembly here: the small decoder goes on alone
  }
}

/** @param {ImageBitmap} picture */
function pixels(picture) {
  if (!canvas || canvas.width !== picture.width || canvas.height !== picture.height) {
    canvas = new OffscreenCanvas(picture.width, picture.height);
    pen = canvas.getContext("2d", { willReadFrequently: true });
  }
  pen?.drawImage(picture, 0, 0);
  const { width, height } = picture;
  picture.close();
  return /** @type {OffscreenCanvasRenderingContext2D} */ (pen).getImageData(0, 0, width, height);
}

/** @param {ImageData} image */
async function decode(image) {
  try {
    return decodeQR(image);
  } catch {
    if (!more) return null;
    const found = await more(image, { formats: ["QRCode"], maxNumberOfSymbols: 1, tryHarder: true });
    return found.find((/** @type {any} */ code) => code.isValid)?.text ?? null;
  }
}

setTimeout(fetchMore, PATIENCE);
onmessage = async ({ data }) => {
  const text = await decode(pixels(data)).catch(() => null);
  postMessage(text);
  if (text) fetchMore();
};

// @ts-check
/** A photo made small: drawn anew, so that nothing is left of what the camera wrote beside it. */

const SIDE = 1280;
const LARGEST = 110_000; // bytes
const TRIES = /** @type {[number, number][]} */ ([[1, 0.72], [1, 0.55], [0.8, 0.55], [0.6, 0.5], [0.45, 0.45]]);

/** @param {Blob} picture @returns {Promise<Blob>} a JPEG of about 100 kB */
export async function shrink(picture) {
  const bitmap = await createImageBitmap(picture, { imageOrientation: "from-image" });
  const scale = Math.min(1, SIDE / Math.max(bitmap.width, bitmap.height));
  let jpeg = null;
  for (const [part, quality] of TRIES) {
    jpeg = await drawn(bitmap, scale * part, quality);
    if (jpeg.size <= LARGEST) break;
  }
  bitmap.close();
  if (!jpeg) throw new Error("no picture");
  return jpeg;
}

/** @param {ImageBitmap} bitmap @param {number} scale @param {number} quality @returns {Promise<Blob>} */
function drawn(bitmap, scale, quality) {
  const width = Math.max(1, Math.round(bitmap.width * scale));
  const height = Math.max(1, Math.round(bitmap.height * scale));
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  canvas.getContext("2d")?.drawImage(bitmap, 0, 0, width, height);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no picture"))), "image/jpeg", quality);
  });
}

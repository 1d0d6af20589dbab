// @ts-check
/** The camera: pictures go to the worker one at a time, texts come back. */

const WANTED = { facingMode: { ideal: "environment" }, width: { ideal: 1280 }, height: { ideal: 720 } };

/** @typedef {{ stop: () => void, torch: null | ((on: boolean) => Promise<void>) }} Camera */

/**
 * The square in the middle, which the guide shows: less to look through, and no tag from the edge.
 * @param {HTMLVideoElement} video
 */
function guide(video) {
  const side = Math.floor(Math.min(video.videoWidth, video.videoHeight) * 0.96);
  return /** @type {const} */ ([(video.videoWidth - side) >> 1, (video.videoHeight - side) >> 1, side, side]);
}

/** @param {HTMLVideoElement} video @param {() => void} tick */
function nextPicture(video, tick) {
  if ("requestVideoFrameCallback" in video) video.requestVideoFrameCallback(tick);
  else setTimeout(tick, 60);
}

/** Starts the worker before the camera is asked for, so that both come up together. */
export function newReader() {
  return new Worker(`${document.body.dataset.scope}pembaca.js`, { type: "module" });
}

/**
 * @param {HTMLVideoElement} video @param {Worker} reader
 * @param {(text: string | null) => void} onText called once for each picture
 * @returns {Promise<Camera>} rejects as getUserMedia does
 */
export async function openCamera(video, reader, onText) {
  const stream = await navigator.mediaDevices.getUserMedia({ video: WANTED, audio: false });
  const [track] = stream.getVideoTracks();
  let over = false;
  let busy = false;
  reader.onmessage = ({ data }) => {
    busy = false;
    if (!over) onText(data);
  };
  reader.onerror = () => (busy = false);
  const tick = async () => {
    if (over) return;
    nextPicture(video, tick);
    if (busy || !video.videoWidth) return;
    busy = true;
    try {
      const picture = await createImageBitmap(video, ...guide(video));
      reader.postMessage(picture, [picture]);
    } catch {
      busy = false;
    }
  };
  video.srcObject = stream;
  await video.play().catch(() => {});
  tick();
  const stop = () => {
    over = true;
    track.stop();
    video.srcObject = null;
  };
  return { stop, torch: torchOf(track) };
}

/** @param {MediaStreamTrack} track */
function torchOf(track) {
  const can = /** @type {any} */ (track.getCapabilities?.() ?? {}).torch;
  if (!can) return null;
  return (/** @type {boolean} */ on) => track.applyConstraints(/** @type {any} */ ({ advanced: [{ torch: on }] }));
}

// @ts-check
/** What is heard and felt, and a screen that stays awake. */

/** @type {AudioContext | null} */
let sound = null;

/** Browsers let a page sound only after a tap: call this in one. */
export function ready() {
  const Context = window.AudioContext ?? /** @type {any} */ (window).webkitAudioContext;
  if (!Context) return;
  sound ??= new Context();
  sound?.resume().catch(() => {});
}

/** @param {number} pitch @param {number} start seconds from now @param {number} length */
function tone(pitch, start, length) {
  if (!sound || sound.state !== "running") return;
  const at = sound.currentTime + start;
  const voice = sound.createOscillator();
  const volume = sound.createGain();
  voice.frequency.value = pitch;
  volume.gain.setValueAtTime(0.25, at);
  volume.gain.exponentialRampToValueAtTime(0.001, at + length);
  voice.connect(volume).connect(sound.destination);
  voice.start(at);
  voice.stop(at + length);
}

/** @type {Record<string, { notes: [number, number, number][], shake: number[] }>} */
const SIGNALS = {
  go: { notes: [[880, 0, 0.12]], shake: [60] },
  look: { notes: [[660, 0, 0.12], [660, 0.16, 0.12]], shake: [60, 60, 60] },
  stop: { notes: [[220, 0, 0.35], [180, 0.35, 0.35]], shake: [300, 100, 300] },
  again: { notes: [[520, 0, 0.05]], shake: [20] },
};

/** @param {string} name */
export function signal(name) {
  const { notes, shake } = SIGNALS[name] ?? SIGNALS.go;
  for (const note of notes) tone(...note);
  navigator.vibrate?.(shake);
}

/** Keeps the screen on; the answer lets it go. */
export function stayAwake() {
  /** @type {any} */
  let lock = null;
  let over = false;
  const ask = async () => {
    if (over || document.visibilityState !== "visible") return;
    lock = await /** @type {any} */ (navigator).wakeLock?.request("screen").catch(() => null);
    if (over) lock?.release();
  };
  ask();
  document.addEventListener("visibilitychange", ask);
  return () => {
    over = true;
    document.removeEventListener("visibilitychange", ask);
    lock?.release?.();
  };
}

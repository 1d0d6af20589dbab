// @ts-check
/** Questions to the server, and what can go wrong on the way as one short code. */

const TIMEOUT = 20_000;
/** Raised when the server must know which app it is talking to. */
export const APP_VERSION = "1";
export const API = "/api/v1/field";

/**
 * Codes: offline, timeout, server (5xx, or it asks to wait), portal (somebody else answered),
 * and the server's own codes.
 */
export class Trouble extends Error {
  /**
   * @param {string} code
   * @param {number} [status]
   */
  constructor(code, status = 0) {
    super(code);
    this.code = code;
    this.status = status;
  }
}

/**
 * @typedef {Object} Question
 * @property {string} [method]
 * @property {unknown} [json]
 * @property {string} [authorization]
 * @property {number} [timeout]
 * @property {(bytes: number) => void} [onBytes]
 */

/**
 * The JSON of the answer; null when it has no content.
 * @param {string} path  below the API of the field, or whole
 * @param {Question} [question]
 * @returns {Promise<any>}
 */
export async function call(path, { timeout = TIMEOUT, onBytes, ...question } = {}) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), timeout);
  try {
    const response = await fetch((path.startsWith("/api/") ? "" : API) + path, { ...request(question), signal: stop.signal });
    return understood(response, await textOf(response, onBytes));
  } catch (error) {
    if (error instanceof Trouble) throw error;
    throw new Trouble(stop.signal.aborted ? "timeout" : "offline");
  } finally {
    clearTimeout(timer);
  }
}

/**
 * @param {Question} question
 * @returns {RequestInit}
 */
function request({ method = "GET", json, authorization }) {
  /** @type {Record<string, string>} */
  const headers = { Accept: "application/json" };
  if (authorization) headers.Authorization = authorization;
  if (json !== undefined) headers["Content-Type"] = "application/json";
  const body = json === undefined ? undefined : JSON.stringify(json);
  // Who shows a token needs no cookie; who shows none is known by the session.
  const credentials = authorization ? "omit" : "same-origin";
  return { method, headers, body, credentials, cache: "no-store" };
}

/**
 * @param {Response} response
 * @param {string} text
 */
function understood(response, text) {
  const kind = response.headers.get("Content-Type") ?? "";
  const json = /^application\/(problem\+)?json\b/.test(kind) ? parsed(text) : undefined;
  if (response.status >= 500 || response.status === 429) {
    throw new Trouble("server", response.status);
  }
  if (response.status === 204) return null;
  if (response.redirected || json === undefined) throw new Trouble("portal", response.status);
  if (!response.ok) throw new Trouble(json?.type ?? `http-${response.status}`, response.status);
  return json;
}

/** @param {string} text */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * @param {Response} response
 * @param {((bytes: number) => void)} [onBytes]
 * @returns {Promise<string>}
 */
async function textOf(response, onBytes) {
  if (!onBytes || !response.body) return response.text();
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    onBytes(value.length);
    text += decoder.decode(value, { stream: true });
  }
}

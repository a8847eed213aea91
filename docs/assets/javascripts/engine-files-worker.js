// @ts-check
/** What both engines' workers do to load their files, and the plain words when one is not there. */
import { ENGINE, problem } from "./protocol.js";

const EMPTY_WASM_MODULE = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]);

/** A content security policy may forbid WebAssembly; Pyodide would then wait for ever. */
export async function checkWasm() {
  try {
    await WebAssembly.compile(EMPTY_WASM_MODULE);
  } catch {
    const text =
      "Python cannot start here: WebAssembly is switched off in this browser or forbidden by a security rule of this site.";
    throw problem(ENGINE.noWasm, text);
  }
}

/**
 * @param {string} address
 * @returns {Promise<any>} the module; rejects with an ErrorInfo
 */
export async function loadModule(address) {
  try {
    return await import(address);
  } catch {
    throw notLoaded(address);
  }
}

/**
 * Requests files before an engine does, which then gets these responses. The one with the machine code is left
 * as it is, streamed, for only then does the browser keep the compiled code. Also tells of what an engine does
 * not: without a file, or with half of one, Pyodide may wait for ever.
 *
 * @param {string} wasm address of the machine code
 * @param {string[]} others addresses of what else it asks for
 * @param {() => void} onLoaded called when the machine code has arrived and is ready
 * @returns {Promise<never>} rejects with an ErrorInfo when one of them is of no use
 */
export function fetchAhead(wasm, others, onLoaded) {
  const { fetch } = self;
  const { instantiateStreaming } = WebAssembly;
  const responses = new Map(others.map((address) => [address, fetchWhole(address)]));
  responses.set(wasm, request(wasm));
  self.fetch = (input, options) => {
    const response = responses.get(String(input));
    responses.delete(String(input));
    return response ?? fetch(input, options);
  };
  return new Promise((_, reject) => {
    for (const response of responses.values()) response.catch(reject);
    WebAssembly.instantiateStreaming = async (source, imports) => {
      try {
        const instantiated = await instantiateStreaming(source, imports);
        onLoaded();
        return instantiated;
      } catch (error) {
        reject(notLoaded(wasm));
        throw error;
      }
    };
  });
}

/** @param {string} address */
async function request(address) {
  const response = await fetch(address).catch(() => {
    throw notLoaded(address);
  });
  // Some hosts answer with a web page in place of a missing file.
  const isPage = response.headers.get("content-type")?.startsWith("text/html");
  if (!response.ok || isPage) throw notLoaded(address, response.ok ? "not there" : `error ${response.status}`);
  return response;
}

/**
 * @param {string} address
 * @param {string} [reason]
 */
function notLoaded(address, reason = navigator.onLine ? "" : "this device is offline") {
  const file = new URL(address).pathname.split("/").pop();
  return problem(ENGINE.notLoaded, `A part of the calculator could not be loaded (${file}${reason && `: ${reason}`}).`);
}

/** @param {string} address */
async function fetchWhole(address) {
  const response = await request(address);
  const body = await response.arrayBuffer().catch(() => {
    throw notLoaded(address);
  });
  return new Response(body);
}

/** @param {string} address */
export async function fetchText(address) {
  return (await fetchWhole(address)).text();
}

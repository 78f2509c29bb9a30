// Sends what requests.js describes. What fails becomes a Problem with what the gateway says about it.

import { curl } from './curl.js';
import { remember } from './activity.js';
import { reveal } from './secret.js';
import { bearer, end, who } from './session.js';

const PATIENCE = 60_000;
const LONGEST_BODY = 256 * 1024;
const TRIES = 4;

// Whoever asked has signed out, and the answer is not for the next person at this screen.
const nobodyLeft = new Promise(() => {});

/** What went wrong, as a person can read it. */
export class Problem extends Error {
  constructor({ title, detail, traceId = null, type = '', status = 0 }) {
    super(title);
    Object.assign(this, { title, detail, traceId, status, type: type.split(':').at(-1) });
  }
}

/** @returns { status, headers, body, text, firstByte, total }; times in milliseconds. */
export async function send(request, { progress } = {}) {
  const asker = who();
  for (let left = TRIES; ; left--) {
    const answer = await once(request, progress);
    if (who() !== asker) await nobodyLeft;
    const isOurs = !request.passesThrough || isProblemOf(answer, 'gateway');
    if (answer.status === 429 && isOurs && left > 1) await pause(Number(answer.headers.get('Retry-After')) || 1);
    else return judge(request, answer, isOurs);
  }
}

// Forward and tester say whose answer it is; what the tester says itself are problems without that header.
function isProblemOf(answer, origin) {
  const named = answer.headers.get('LP-response-origin');
  return named ? named === origin : answer.headers.get('Content-Type')?.startsWith('application/problem+json') === true;
}

function judge(request, answer, isOurs) {
  if (!isOurs || (answer.status >= 200 && answer.status < 300)) return answer;
  const said = answer.body ?? {};
  const problem = new Problem({
    title: said.title ?? `The gateway answered ${answer.status}`,
    detail: said.detail ?? 'It gave no reason. Try again; if it stays, ask the operator.',
    traceId: said.traceId, type: said.type, status: answer.status,
  });
  if (said.transportError) problem.code = said.transportError;
  if (said.remoteCertificate) problem.remote = said.remoteCertificate;
  if (!request.authorized || problem.type !== 'unauthorized') throw problem;
  end(`Your session has ended. Sign in again. “${request.title}” was not done.`);
  return nobodyLeft;
}

async function once(request, progress) {
  const started = performance.now();
  const answer = await (request.form ? upload(request, progress) : fetched(request));
  answer.total = performance.now() - started;
  remember(request.title, curl(request), answer.status, answer.total);
  return answer;
}

const SAID = { 'LP-forward-url': 'The URL', 'LP-authorization-override': 'The authorization for the server' };

// fetch takes less than it says, and other gateways on the way less still.
function refuseOdd(name, value) {
  const [odd] = /[^\t\x20-\x7e]/u.exec(value) ?? [];
  if (odd) throw new Problem({ title: 'A header can’t hold this', detail: `${SAID[name] ?? `The header ${name}`} has the character “${odd}”. Headers hold ASCII alone${name === 'LP-forward-url' ? ': write it percent-encoded' : ''}. Nothing was sent.` });
  return value;
}

function headersOf(request) {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) headers.set(name, refuseOdd(name, reveal(value)));
  if (request.authorized) headers.set('Authorization', `Bearer ${bearer()}`);
  if (request.json !== undefined) headers.set('Content-Type', 'application/json');
  return headers;
}

async function fetched(request) {
  const started = performance.now();
  const headers = headersOf(request);
  let response;
  try {
    response = await fetch(request.url, {
      method: request.method,
      headers,
      body: request.json === undefined ? request.text : JSON.stringify(request.json),
      // The gateway passes on what remote endpoints say: none of it may set a cookie here or lead the browser elsewhere.
      credentials: 'omit', cache: 'no-store', redirect: 'manual',
      signal: AbortSignal.timeout(PATIENCE),
    });
  } catch (fault) {
    remember(request.title, curl(request), 0, performance.now() - started);
    throw unreachable(fault);
  }
  const firstByte = performance.now() - started;
  const { text, cut, bytes } = await read(response);
  return {
    status: response.status, headers: response.headers, text, cut, bytes, firstByte, body: parse(response.headers, text),
    redirected: response.type === 'opaqueredirect',
  };
}

/** @returns text: null where the body isn't UTF-8; bytes: how many of it came; cut: whether there are more. */
async function read(response) {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const reader = response.body?.getReader();
  const add = (text, ...rest) => {
    try {
      return text === null ? null : text + decoder.decode(...rest);
    } catch {
      return null;
    }
  };
  let [text, bytes] = ['', 0];
  try {
    while (reader) {
      const { done, value } = await reader.read();
      if (done) break;
      bytes += value.length;
      text = add(text, value, { stream: true });
      if (bytes <= LONGEST_BODY) continue;
      await reader.cancel();
      return { text, cut: true, bytes };
    }
  } catch (fault) {
    throw unreachable(fault);
  }
  return { text: add(text), cut: false, bytes };
}

// fetch tells nothing of how far an upload is.
function upload(request, progress) {
  const form = new FormData();
  for (const part of request.form) {
    if (part.file) form.append(part.name, part.file, part.file.name);
    else form.append(part.name, part.json === undefined ? reveal(part.value) : JSON.stringify(part.json));
  }
  return new Promise((resolve, reject) => {
    const call = new XMLHttpRequest();
    call.open(request.method, request.url);
    call.timeout = PATIENCE;
    headersOf(request).forEach((value, name) => call.setRequestHeader(name, value));
    call.upload.onprogress = event => progress?.(event.lengthComputable ? event.loaded / event.total : null);
    call.onload = () => {
      const headers = new Headers(call.getAllResponseHeaders().trim().split(/[\r\n]+/).map(line => line.split(/:\s*(.*)/s).slice(0, 2)));
      resolve({ status: call.status, headers, text: call.responseText, body: parse(headers, call.responseText) });
    };
    call.onerror = call.ontimeout = () => {
      remember(request.title, curl(request), 0, 0);
      reject(unreachable());
    };
    call.send(form);
  });
}

function parse(headers, text) {
  if (!/json/.test(headers.get('Content-Type') ?? '')) return null;
  try {
    return JSON.parse(text);
  } catch {
    // A remote endpoint may call something JSON that isn't; it is shown as it is.
    return null;
  }
}

const unreachable = fault => new Problem(fault?.name === 'TimeoutError'
  ? { title: 'The gateway took too long', detail: 'Nothing came back within a minute. If this was a change, look first whether it was made.' }
  : { title: 'The gateway can’t be reached', detail: 'Check your connection and try again. If this was a change, look first whether it was made.' });

const pause = seconds => new Promise(resolve => { setTimeout(resolve, Math.min(seconds, 10) * 1000); });

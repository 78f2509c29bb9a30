// Who is signed in. The token lives in this module and nowhere else: not in storage, not in a URL, and it ends with the page.

import { update } from './screen.js';

const TOUCHES = ['pointerdown', 'keydown', 'wheel', 'touchstart'];
const LOOK_EVERY = 5_000;
const WARNING = 60_000;
const RENEW_BEFORE = 10 * 60_000;
const RENEW_EVERY = 60_000;

let session = null;
let touched = 0;
let idle = 15 * 60_000;
let message = null;
const enders = [];

/** { account, who, kind, canManage } or null; never the token. */
export const who = () => session && session.shown;

export const account = () => session.shown.account;

export const bearer = () => session.token;

/** Why nobody is signed in any more, for the sign-in page. */
export const farewell = () => message;

/** Seconds until idle sign-out, once they are few. */
export function secondsLeft() {
  const left = touched + idle - Date.now();
  return session && left <= WARNING ? Math.max(0, Math.ceil(left / 1000)) : null;
}

/** @param endsAt when the token ends, in milliseconds; null where nobody knows. */
export function begin(shown, token, endsAt = null) {
  session = { shown, token, endsAt, triedAt: 0 };
  message = null;
  touched = Date.now();
  update();
}

/** A new token for the same person. */
export function renew(token, endsAt) {
  if (session) session = { ...session, token, endsAt };
}

export function end(why = null) {
  if (!session) return;
  session = null;
  message = why;
  for (const clear of enders) clear();
  update();
}

/** Whoever keeps something of the account throws it away then. */
export function onEnd(clear) {
  enders.push(clear);
}

/** @param renewal gets a new token for one that soon ends; only logins can. */
export function watch(idleSeconds, renewal) {
  idle = idleSeconds * 1000;
  for (const touch of TOUCHES) addEventListener(touch, touch_, { passive: true, capture: true });
  document.addEventListener('visibilitychange', look);
  setInterval(() => look(renewal), LOOK_EVERY);
}

function touch_() {
  const warned = secondsLeft() !== null;
  look();
  touched = Date.now();
  if (warned) update();
}

function look(renewal) {
  if (!session) return;
  const now = Date.now();
  if (now >= touched + idle) end('You were signed out because nobody used the console for a while.');
  else if (session.endsAt && now >= session.endsAt) end('Your session has ended. Sign in again.');
  else {
    if (typeof renewal === 'function' && session.endsAt && session.endsAt - now < RENEW_BEFORE && now - session.triedAt >= RENEW_EVERY) {
      session.triedAt = now;
      renewal();
    }
    if (secondsLeft() !== null) update();
  }
}

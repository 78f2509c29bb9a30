// Sign-in with OpenID Connect: authorization code with PKCE (RFC 7636), all of it in the browser.
// Between leaving and coming back the verifier lies in sessionStorage, and nowhere else at any time.

import { Problem } from './send.js';

const KEPT = 'console.sign-in';
const LONGEST = 10 * 60_000;

const encode = bytes => btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
const random = () => encode(crypto.getRandomValues(new Uint8Array(32)));
const sha256 = async text => encode(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))));

const fault = detail => new Problem({ title: 'Signing in failed', detail });

// As it was registered at the issuer: this page, without anything behind it.
const redirectUri = () => location.origin + location.pathname;

/** Leaves the page for the issuer's. */
export async function leave(oidc, account) {
  const metadata = await discover(oidc.authority);
  const kept = { account, verifier: random(), state: random(), nonce: random(), at: Date.now() };
  const target = new URL(metadata.authorization_endpoint);
  const parameters = {
    response_type: 'code', response_mode: 'fragment', client_id: oidc.clientId, redirect_uri: redirectUri(), scope: oidc.scope,
    state: kept.state, nonce: kept.nonce, code_challenge: await sha256(kept.verifier), code_challenge_method: 'S256',
  };
  for (const [name, value] of Object.entries(parameters)) target.searchParams.set(name, value);
  sessionStorage.setItem(KEPT, JSON.stringify(kept));
  location.assign(target);
}

/**
 * Takes what the issuer's redirect has brought out of the address, before anything else sees it.
 * Null when nobody comes back from there.
 */
export function comeBack() {
  const brought = [new URLSearchParams(location.hash.slice(1)), new URLSearchParams(location.search)]
    .find(parameters => parameters.has('state') && (parameters.has('code') || parameters.has('error')));
  const kept = sessionStorage.getItem(KEPT);
  sessionStorage.removeItem(KEPT);
  if (!brought) return null;
  history.replaceState(null, '', location.pathname);
  return { brought, kept: kept && JSON.parse(kept) };
}

/** @returns { account, who, token, endsAt } */
export async function redeem(oidc, { brought, kept }) {
  if (!kept || Date.now() - kept.at > LONGEST) throw fault('This sign-in was not begun here, or too long ago. Begin again.');
  if (brought.get('state') !== kept.state) throw fault('The answer belongs to another sign-in. Begin again.');
  if (brought.has('error')) throw fault(`The issuer says: ${brought.get('error_description') ?? brought.get('error')}`);
  const metadata = await discover(oidc.authority);
  const answer = await ask(metadata.token_endpoint, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code', client_id: oidc.clientId, code: brought.get('code'), redirect_uri: redirectUri(), code_verifier: kept.verifier,
    }),
  });
  const claims = claimsOf(answer.id_token);
  // It came straight from the issuer over TLS, which OpenID Connect Core (3.1.3.7) takes in place of its signature.
  if (claims.iss !== metadata.issuer || ![claims.aud].flat().includes(oidc.clientId)) throw fault('The identity token was made by or for somebody else.');
  if (claims.nonce !== kept.nonce) throw fault('The identity token belongs to another sign-in. Begin again.');
  if (!answer.access_token) throw fault('The issuer gave no access token.');
  return {
    account: kept.account, who: claims.preferred_username ?? claims.email ?? claims.sub, token: answer.access_token,
    endsAt: answer.expires_in ? Date.now() + answer.expires_in * 1000 : null,
  };
}

async function discover(authority) {
  const metadata = await ask(`${authority}/.well-known/openid-configuration`);
  if (metadata.issuer?.replace(/\/$/, '') !== authority) throw fault('The issuer’s metadata names another issuer.');
  return metadata;
}

async function ask(url, init) {
  let response;
  try {
    response = await fetch(url, { ...init, credentials: 'omit', referrerPolicy: 'no-referrer', signal: AbortSignal.timeout(30_000) });
  } catch {
    throw fault('The issuer can’t be reached, or doesn’t allow this page to ask it (CORS).');
  }
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw fault(`The issuer says: ${answer.error_description ?? answer.error ?? response.status}`);
  return answer;
}

function claimsOf(token) {
  try {
    const payload = token.split('.')[1].replaceAll('-', '+').replaceAll('_', '/');
    return JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(payload), character => character.charCodeAt(0))));
  } catch {
    throw fault('The issuer gave no identity token: the scope must contain openid.');
  }
}

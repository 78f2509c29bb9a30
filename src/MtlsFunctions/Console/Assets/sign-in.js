// Three ways to sign in. Whatever is typed here goes into one request or into the session's memory.

import { html, nothing } from './lit-html.js';
import { leave } from './oidc.js';
import { curlBox, field, problem, submitted } from './parts.js';
import * as requests from './requests.js';
import { run, update } from './screen.js';
import { Problem, send } from './send.js';
import { begin, farewell, renew, who } from './session.js';

const ACCOUNT = /^[A-Za-z0-9_-]{1,64}$/;

const state = { way: null, typed: '' };

const WAYS = { login: 'Password', oidc: 'Single sign-on', bearer: 'Access token' };

export function signIn(settings, fault) {
  const ways = Object.keys(WAYS).filter(way => way === 'bearer' || settings[way]);
  const way = state.way ?? ways[0];
  return html`
    <main class="sign-in">
      <div class="card">
        <h1 tabindex="-1" aria-describedby=${farewell() ? 'farewell' : nothing}>Sign in</h1>
        <p class="hint">Client certificates, mappings and app keys of one account.</p>
        ${farewell() ? html`<p class="note" id="farewell">${farewell()}</p>` : nothing}
        ${ways.length > 1 ? html`
          <div class="segments" role="group" aria-label="Way to sign in">
            ${ways.map(one => html`<button type="button" aria-pressed=${one === way} @click=${() => choose(one)}>${WAYS[one]}</button>`)}
          </div>` : nothing}
        ${problem(state.error ?? fault)}
        <form @submit=${submitted(form => enter(way, settings, form))}>
          ${field('Account', id => html`<input id=${id} name="account" required autocomplete="organization" autocapitalize="none" spellcheck="false">`)}
          ${FIELDS[way]()}
          <button type="submit" class="primary block" ?disabled=${Boolean(state.busy)}>${state.busy ?? SUBMIT[way]}</button>
        </form>
        ${way === 'login' ? curlBox(requests.login('ACCOUNT', 'NAME', '')) : nothing}
      </div>
      <p class="hint foot">The session is kept in this tab’s memory only. Reloading the page ends it.</p>
    </main>`;
}

const SUBMIT = { login: 'Sign in', oidc: 'Continue at the issuer', bearer: 'Use this token' };

const FIELDS = {
  login: () => html`
    ${field('Name', id => html`<input id=${id} name="username" required autocomplete="username" autocapitalize="none" spellcheck="false">`)}
    ${field('Password', id => html`<input id=${id} name="password" type="password" required autocomplete="current-password">`)}`,
  oidc: () => html`<p class="hint">You sign in at your organisation’s page and come back here.</p>`,
  bearer: () => field('Access token', id => html`<input id=${id} name="token" type="password" required autocomplete="off" spellcheck="false" aria-describedby="${id}-hint">`,
    'A bearer token of this account, without the word “Bearer”.'),
};

function choose(way) {
  state.way = way;
  state.error = null;
  update();
}

function enter(way, settings, form) {
  const to = form.get('account').trim();
  return run(state, 'Signing in…', async () => {
    if (!ACCOUNT.test(to)) throw new Problem({ title: 'Not an account id', detail: 'An account id is 1 to 64 letters, digits, “_” or “-”.' });
    await ENTER[way](to, form, settings);
  });
}

const ENTER = {
  async login(to, form) {
    const name = form.get('username').trim();
    const { body } = await send(requests.login(to, name, form.get('password')));
    begin({ account: to, who: body.config.loginName, kind: 'login' }, body.bearer, Date.now() + Number(body.sessionTTl));
  },
  oidc: (to, form, settings) => leave(settings.oidc, to),
  async bearer(to, form) {
    const token = form.get('token').trim().replace(/^Bearer\s+/i, '');
    if (!/^[\x21-\x7e]+$/.test(token)) throw new Problem({ title: 'Not a token', detail: 'A token has no spaces and no line breaks.' });
    await tryOut({ account: to, who: 'access token', kind: 'bearer' }, token);
  },
};

/** A token counts once a request with it has succeeded. */
export async function tryOut(shown, token, endsAt) {
  await send(requests.tryToken(shown.account, token));
  begin(shown, token, endsAt);
}

/** Only a login can be refreshed. */
export async function stayIn() {
  if (who().kind !== 'login') return;
  try {
    const { body } = await send(requests.refreshLogin());
    renew(body.bearer, Date.now() + Number(body.sessionTTl));
  } catch {
    // A login can't be refreshed for ever: the session then ends when its token does, and says so.
  }
}

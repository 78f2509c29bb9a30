// The console: who is signed in sees one page at a time, which the part of the address behind # names.

import { html, nothing, render } from './lit-html.js';
import { activity } from './activity.js';
import { appKeys } from './app-keys.js';
import { certificates } from './certificates.js';
import { check } from './check.js';
import { expiring } from './expiring.js';
import { mappings } from './mappings.js';
import { comeBack, redeem } from './oidc.js';
import { loading, problem } from './parts.js';
import * as requests from './requests.js';
import { focusTitle, onUpdate, run, update } from './screen.js';
import { send } from './send.js';
import { end, onEnd, secondsLeft, watch, who } from './session.js';
import { signIn, stayIn, tryOut } from './sign-in.js';
import { tryPage } from './try.js';

const PAGES = [
  ['certificates', 'Certificates', certificates],
  ['mappings', 'Mappings', mappings],
  ['check', 'Check', check],
  ['try', 'Try', tryPage],
  ['expiring', 'Expiring', expiring],
  ['app-keys', 'App keys', appKeys],
];

const root = document.getElementById('app');
const state = { settings: null, error: null, busy: null };
let shown = null;

const here = () => PAGES.find(page => page[0] === location.hash.slice(1)) ?? PAGES[0];

function draw() {
  const hasLeft = !who() && shown !== null;
  if (hasLeft) shown = null;
  render(view(), root);
  if (hasLeft) focusTitle();
  document.title = who() ? `${here()[1]} · MtlsFunctions console` : 'Sign in · MtlsFunctions console';
}

function view() {
  if (!state.settings) return html`<main class="sign-in">${state.error ? html`${problem(state.error)}<button type="button" @click=${() => location.reload()}>Try again</button>` : loading('Loading the console…')}</main>`;
  if (!who()) return state.busy ? html`<main class="sign-in">${loading(state.busy)}</main>` : signIn(state.settings, state.error);
  enter();
  const page = here();
  return html`
    <a class="skip" href="#main" @click=${toMain}>Skip to the content</a>
    <header class="top">
      <span class="brand"><img src=${new URL('icon.svg', import.meta.url).href} alt="" width="24" height="24">MtlsFunctions</span>
      <span class="who"><strong>${who().account}</strong><span>${who().who}</span></span>
      <button type="button" class="quiet" @click=${() => end('You are signed out.')}>Sign out</button>
    </header>
    ${secondsLeft() === null ? nothing : html`<p class="note warning" role="alert">Nobody has used the console for a while: you are signed out in ${secondsLeft()} seconds. Press any key to stay.</p>`}
    <nav aria-label="Pages">
      ${PAGES.map(([name, title]) => html`<a href="#${name}" aria-current=${name === page[0] ? 'page' : nothing}>${title}</a>`)}
    </nav>
    <main id="main" tabindex="-1">${page[2].view()}</main>
    ${activity()}`;
}

// Pages read their data anew whenever somebody comes to them.
function enter() {
  const page = here();
  if (shown === page) return;
  const isFirst = shown === null;
  shown = page;
  page[2].enter();
  if (!isFirst) queueMicrotask(focusTitle);
}

function toMain(event) {
  event.preventDefault();
  document.getElementById('main').focus();
}

async function start() {
  const brought = comeBack();
  // What the page itself says until here; lit-html draws beside what it finds.
  root.replaceChildren();
  onUpdate(draw);
  onEnd(() => { state.error = null; });
  addEventListener('hashchange', update);
  update();
  await run(state, 'Loading the console…', async () => { state.settings = (await send(requests.settings())).body; });
  if (!state.settings) return;
  watch(state.settings.idleSeconds, stayIn);
  if (!brought) return;
  await run(state, 'Signing in…', async () => {
    const { account, who: name, token, endsAt } = await redeem(state.settings.oidc, brought);
    await tryOut({ account, who: name, kind: 'oidc' }, token, endsAt);
  });
}

await start();

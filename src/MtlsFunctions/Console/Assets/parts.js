// Small pieces that every page uses.

import { html, nothing } from './lit-html.js';
import { copyButton } from './copy.js';
import { curl } from './curl.js';
import { closeDialog } from './dialog.js';
import { daysLeft, inWords, onAxis, urgency } from './time.js';
import { inPlainWords } from './words.js';

export const problem = fault => (fault ? html`
  <div class="problem" role="alert">
    <strong>${fault.title ?? 'Something went wrong in the console'}</strong>
    <p>${inPlainWords(fault)}</p>
    ${fault.detail && inPlainWords(fault) !== fault.detail ? html`<p class="hint">${fault.detail}</p>` : nothing}
    ${fault.code ? html`<p class="hint">Code: <code>${fault.code}</code></p>` : nothing}
    ${fault.traceId ? html`<p class="trace hint">Trace id: <code>${fault.traceId}</code> ${copyButton(fault.traceId, 'Copy the trace id')}</p>` : nothing}
  </div>` : nothing);

export const empty = (title, text, action = nothing) => html`
  <div class="empty"><h2>${title}</h2><p>${text}</p>${action}</div>`;

export const loading = what => html`<p class="loading" role="status"><span class="spinner" aria-hidden="true"></span>${what}</p>`;

/** The command that does what the button beside it does. */
export const curlBox = request => html`
  <details class="curl">
    <summary><span>As curl</span><span class="hidden">: ${request.title}</span></summary>
    <div><pre tabindex="0">${curl(request)}</pre>${copyButton(curl(request), 'Copy the curl command')}</div>
  </details>`;

export const badge = (kind, text) => html`<span class="badge ${kind}">${text}</span>`;

const UNAVAILABLE = { disabled: 'Taken out', lost: 'Key lost', 'not-stored': 'Not stored' };

/** Why a certificate can't be used, in two words; null when it can. */
export const whyUnusable = ({ status, unavailableBecause }) => (status === 'Available' ? null : status === 'Expired' ? 'Expired' : UNAVAILABLE[unavailableBecause] ?? 'Not usable');

/** @param isUsed an enabled mapping names it. */
export function status(certificate, isUsed) {
  const why = whyUnusable(certificate);
  return why ? badge('bad', why) : badge('good', isUsed ? 'In use' : 'Ready');
}

/** Words, a colour and a bar: none of them has to be understood alone. */
export function lifetime(iso) {
  const days = daysLeft(iso);
  return html`
    <div class="lifetime ${urgency(days)}">
      <span>${inWords(days)}</span>
      <svg class="bar" aria-hidden="true"><rect class="track" width="100%" height="100%" rx="3"></rect><rect width="${Math.max(onAxis(days), days < 0 ? 100 : 2)}%" height="100%" rx="3"></rect></svg>
    </div>`;
}

/** @param control gets the id that the label points to. */
export const field = (label, control, hint = nothing) => {
  const id = `field-${label.toLowerCase().replace(/[^a-z0-9]+/g, '-')}`;
  return html`
    <div class="field">
      <label for=${id}>${label}</label>
      ${control(id)}
      ${hint === nothing ? nothing : html`<p class="hint" id="${id}-hint">${hint}</p>`}
    </div>`;
};

/** @param state what run() keeps; the button is off while something goes on. */
export const buttons = (state, text, kind = 'primary') => html`
  <div class="buttons">
    <button type="submit" class=${kind} ?disabled=${Boolean(state.busy)}>${state.busy ?? text}</button>
    <button type="button" @click=${closeDialog}>Cancel</button>
  </div>`;

/** For @submit: nothing leaves the page by itself. */
export const submitted = handle => event => {
  event.preventDefault();
  handle(new FormData(event.target));
};

export const heading = (title, text, actions = nothing) => html`
  <header class="page-head">
    <div><h1 tabindex="-1">${title}</h1><p>${text}</p></div>
    <div class="buttons">${actions}</div>
  </header>`;

/** What a remote endpoint answered. */
export const remoteAnswer = answer => html`
  <div class="answer">
    <p>
      ${badge(answer.status >= 200 && answer.status < 300 ? 'good' : 'warn', answer.redirected ? 'Redirect' : `HTTP ${answer.status}`)}
      <span>${answer.headers.get('Content-Type') ?? 'no content type'}</span>
    </p>
    ${answer.redirected ? html`<p class="hint">The server answered with a redirect, whose target browsers hide. The curl command shows it.</p>` : nothing}
    ${bodyOf(answer)}
  </div>`;

function bodyOf(answer) {
  if (answer.text === null) return html`<p class="hint">The body is not text (${answer.cut ? 'more than ' : ''}${answer.bytes.toLocaleString('en')} bytes), so it isn’t shown. The curl command with <code>-o FILE</code> keeps it.</p>`;
  if (answer.text === '') return html`<p class="hint">Without a body.</p>`;
  return html`<pre tabindex="0" aria-label="Body">${pretty(answer)}</pre>
    ${answer.cut ? html`<p class="hint">Only the first 256 KB are shown.</p>` : nothing}`;
}

const pretty = answer => (answer.body === null || answer.cut ? answer.text : JSON.stringify(answer.body, null, 2));

// A request through the gateway, and what came back from whom.

import { html, nothing } from './lit-html.js';
import { badge, curlBox, field, heading, problem, remoteAnswer } from './parts.js';
import * as requests from './requests.js';
import { run, update } from './screen.js';
import { Problem, send } from './send.js';
import { onEnd } from './session.js';
import { shownChain } from './trust.js';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'];
const WITH_BODY = ['POST', 'PUT', 'PATCH'];
const SECRET_NAME = /auth|key|token|secret|cookie|signature|password/i;

const fresh = () => ({ method: 'GET', url: '', service: 'WEBHOOKS', headers: '', text: '', stop: true, authorization: '' });

const state = { values: fresh(), answer: null, error: null, busy: null };

onEnd(() => Object.assign(state, { values: fresh(), answer: null, error: null, busy: null }));

export const tryPage = {
  enter() { state.error = null; },
  view: () => html`
    ${heading('Try', 'Send a request through the gateway and see what comes back, from whom, and how fast.')}
    <form class="card" @submit=${submit}>
      <div class="columns line">
        ${field('Method', id => html`<select id=${id} @change=${set('method')}>${METHODS.map(one => html`<option ?selected=${one === state.values.method}>${one}</option>`)}</select>`)}
        ${field('URL', id => html`<input id=${id} type="url" required title="Needs https://" spellcheck="false" placeholder="https://orders.example.com/hooks?customer=42" .value=${state.values.url} @input=${set('url')}>`)}
        ${field('Service', id => html`<select id=${id} @change=${set('service')}>${requests.SERVICES.map(([, name]) => html`<option ?selected=${name === state.values.service}>${name}</option>`)}</select>`)}
      </div>
      <details class="more">
        <summary>Headers and authorization</summary>
        ${field('Headers', id => html`<textarea id=${id} rows="3" spellcheck="false" placeholder="X-Request-Id: 42" aria-describedby="${id}-hint" .value=${state.values.headers} @input=${set('headers')}></textarea>`, 'One a line.')}
        ${leftOut(state.values.headers)}
        ${field('Authorization for the server', id => html`<input id=${id} type="password" autocomplete="off" .value=${state.values.authorization} @input=${set('authorization')}>`)}
      </details>
      ${WITH_BODY.includes(state.values.method) ? field('Body', id => html`<textarea id=${id} rows="4" spellcheck="false" aria-describedby="${id}-hint" .value=${state.values.text} @input=${set('text')}></textarea>`, 'Sent as text/plain unless a header above says Content-Type.') : nothing}
      <label class="tick"><input type="checkbox" .checked=${state.values.stop} @change=${event => { state.values.stop = event.target.checked; update(); }}> Refuse to send without a certificate</label>
      <div class="buttons"><button type="submit" class="primary" ?disabled=${Boolean(state.busy)}>${state.busy ?? 'Send'}</button></div>
      ${shownCurl()}
    </form>
    ${state.error ? html`<section class="card" aria-label="Answer"><p>${badge('bad', 'The gateway’s answer')} ${state.error.status ? `HTTP ${state.error.status}` : nothing}</p>${problem(state.error)}${shownChain(state.error)}</section>` : nothing}
    ${state.answer ? answered(state.answer) : nothing}`,
};

// What no script may set (https://fetch.spec.whatwg.org/#forbidden-request-header): the browser leaves it out without a word.
const FORBIDDEN = /^(accept-(charset|encoding)|access-control-request-.*|connection|content-length|cookie2?|date|dnt|expect|host|keep-alive|origin|referer|set-cookie|te|trailer|transfer-encoding|upgrade|via|(proxy|sec)-.*)$/i;

function leftOut(text) {
  const names = text.split('\n').map(line => line.split(':')[0].trim()).filter(name => FORBIDDEN.test(name));
  return names.length === 0 ? nothing : html`<p class="note warning" role="status">Browsers don’t send ${names.join(', ')}: the server won’t get it from here. The curl command below sends it.</p>`;
}

const set = name => event => {
  state.values[name] = event.target.value;
  update();
};

function described({ values }) {
  const { headers, text, ...rest } = values;
  return requests.forward({ ...rest, headers: readHeaders(headers), text: WITH_BODY.includes(values.method) ? text : undefined });
}

function readHeaders(text) {
  const lines = text.split('\n').map(line => line.trim()).filter(Boolean);
  return Object.fromEntries(lines.map(line => {
    const [, name, value] = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+):\s*(.*)$/.exec(line) ?? [];
    if (!name) throw new Problem({ title: 'Not a header', detail: `“${line}” is none: write a name, a colon and a value.` });
    if (name.toLowerCase() === 'authorization') throw new Problem({ title: 'Not here', detail: 'This header is the gateway’s own. What the server shall get goes into “Authorization for the server”.' });
    return [name, SECRET_NAME.test(name) ? requests.secretHeader(name, value) : value];
  }));
}

function shownCurl() {
  try {
    return state.values.url ? curlBox(described(state)) : nothing;
  } catch {
    // Half a header line; sending says what is wrong with it.
    return nothing;
  }
}

function submit(event) {
  event.preventDefault();
  state.answer = null;
  return run(state, 'Sending…', async () => { state.answer = await send(described(state)); });
}

const answered = answer => html`
  <section class="card" aria-label="Answer">
    <p>${badge('good', 'The server’s answer')} <span class="hint" role="status">first byte after ${Math.round(answer.firstByte)} ms, all of it after ${Math.round(answer.total)} ms</span></p>
    ${remoteAnswer(answer)}
    <details class="more">
      <summary>Headers</summary>
      <dl class="facts">${[...answer.headers].map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
    </details>
  </section>`;

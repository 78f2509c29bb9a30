// Which certificate each of some URLs would use, and why not.

import { html, nothing } from './lit-html.js';
import { certificateList } from './data.js';
import { badge, curlBox, field, heading, problem, submitted } from './parts.js';
import * as requests from './requests.js';
import { run, update } from './screen.js';
import { Problem, send } from './send.js';
import { onEnd } from './session.js';

const MOST = 50;

const state = { results: [], error: null, busy: null };

onEnd(() => Object.assign(state, { results: [], error: null, busy: null }));

export const check = {
  enter: () => certificateList.load(),
  view: () => html`
    ${heading('Check', 'Which certificate would a request use, and if none, why? Nothing is sent to the servers.')}
    <form class="card" @submit=${submitted(ask)}>
      ${problem(state.error)}
      ${field('Service of the requests', id => html`<select id=${id} name="service">${requests.SERVICES.map(([, name]) => html`<option ?selected=${name === 'WEBHOOKS'}>${name}</option>`)}</select>`)}
      ${field('URLs', id => html`<textarea id=${id} name="urls" rows="4" required spellcheck="false" aria-describedby="${id}-hint" placeholder="https://orders.example.com/hooks?customer=42"></textarea>`,
        `One a line, ${MOST} at most. Copy them as the requests name them, with their queries.`)}
      <div class="buttons"><button type="submit" class="primary" ?disabled=${Boolean(state.busy)}>${state.busy ?? 'Check'}</button></div>
      ${curlBox(requests.explain('WEBHOOKS', 'https://orders.example.com/hooks?customer=42'))}
    </form>
    ${state.results.length ? html`<ul class="results" aria-label="Results">${state.results.map(result)}</ul>` : nothing}`,
};

function ask(form) {
  const urls = [...new Set(form.get('urls').split(/\s+/).filter(Boolean))];
  const service = form.get('service');
  state.results = [];
  return run(state, 'Checking…', async () => {
    if (urls.length > MOST) throw new Problem({ title: 'Too many URLs', detail: `These are ${urls.length} different ones, and ${MOST} are checked at once: take some out.` });
    for (const url of urls) {
      state.results = [...state.results, await explain(service, url)];
      update();
    }
  });
}

async function explain(service, url) {
  try {
    return { url, service, found: (await send(requests.explain(service, url))).body };
  } catch (fault) {
    // A URL that is none says so in its own place; whatever concerns all of them ends the check.
    if (fault.type !== 'url-invalid') throw fault;
    return { url, service, fault };
  }
}

const result = ({ url, service, found, fault }) => html`
  <li class="card">
    <p>${found?.match ? badge('good', 'Certificate') : badge('bad', fault ? 'Not a URL' : 'None')} <span class="url">${url}</span></p>
    ${fault ? html`<p>${fault.detail}</p>` : nothing}
    ${found?.match ? html`<p><strong>${nameOf(found.certificationId)}</strong>, version ${found.version}, would be presented. <span class="hint">The server is trusted by: ${found.trust}.</span></p><p class="hint">SHA-256 <code>${found.thumbprint}</code></p>` : nothing}
    ${found && !found.match ? html`<ul class="reasons">${found.reasons.map(reason => html`<li>${reason}</li>`)}</ul>` : nothing}
    ${found?.candidates.length ? html`
      <p class="hint">Nearest mappings:</p>
      <ul class="plain">${found.candidates.map(one => html`<li><span class="url">${one.serviceName} ${one.url}</span> <span class="hint">${one.why}</span></li>`)}</ul>` : nothing}
    ${curlBox(requests.explain(service, url))}
  </li>`;

const nameOf = id => certificateList.value?.find(certificate => String(certificate.id) === id)?.displayName ?? id;

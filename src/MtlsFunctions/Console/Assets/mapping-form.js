// Adding a mapping, and pointing one elsewhere; either can be tried before it is saved.

import { html, nothing } from './lit-html.js';
import { certificateList, mappingList, reload } from './data.js';
import { closeDialog, openDialog } from './dialog.js';
import { tryMapping } from './mapping-trial.js';
import { buttons, curlBox, field, problem, remoteAnswer, submitted, whyUnusable } from './parts.js';
import * as requests from './requests.js';
import { announce, run, update } from './screen.js';
import { send } from './send.js';
import { day } from './time.js';
import { trustField, shownChain } from './trust.js';

export const newMapping = () => open('Add a mapping', null, { name: '', url: '', serviceId: '2', enable: true, certificationId: '', trustedCa: '' });

export function editMapping(mapping) {
  const { name, url, serviceId, enable, certificationId } = mapping;
  const state = open(`Change ${name}`, mapping.id, { name, url, serviceId, enable, certificationId });
  // Lists leave it out; until it is here, a change doesn't name it and so keeps it.
  run(state, 'Loading…', async () => { state.values.trustedCa = (await send(requests.getMapping(mapping.id))).body.trustedCa ?? ''; });
}

function open(title, id, values) {
  const state = { values, revision: mappingList.value?.revision, error: null, busy: null, trial: { error: null, busy: null, answer: null } };
  openDialog({ title, wide: true, view: () => view(id, state) });
  return state;
}

const view = (id, state) => html`
  <form @submit=${submitted(() => save(id, state))}>
    ${problem(state.error)}
    ${field('Name', input(state, 'name', { placeholder: 'orders' }), 'Unique in this account.')}
    <div class="columns">
      ${field('Service', key => html`<select id=${key} @change=${set(state, 'serviceId')}>
        ${requests.SERVICES.map(([value, name]) => html`<option value=${value} ?selected=${value === state.values.serviceId}>${name}</option>`)}</select>`)}
      ${field('Certificate', key => html`<select id=${key} required @change=${set(state, 'certificationId')}>
        <option value="" ?selected=${!state.values.certificationId}>Choose one</option>
        ${[...(certificateList.value ?? [])].sort((one, other) => one.displayName.localeCompare(other.displayName)).map(one => html`<option value=${one.id} ?selected=${String(one.id) === state.values.certificationId}>${one.displayName} (${whyUnusable(one)?.toLowerCase() ?? `ends ${day(one.expirationDate)}`})</option>`)}</select>`)}
    </div>
    ${field('URL', input(state, 'url', { type: 'url', placeholder: 'https://orders.example.com/hooks?customer=42' }), 'The whole URL that requests will name, its query included.')}
    ${state.values.trustedCa === undefined ? nothing : trustField(state.values, () => { state.trial.answer = null; })}
    <label class="tick"><input type="checkbox" .checked=${state.values.enable} @change=${event => { state.values.enable = event.target.checked; update(); }}> Enabled</label>
    ${trial(state)}
    ${buttons(state, id ? 'Save change' : 'Save mapping')}
    ${curlBox(request(id, state))}
  </form>`;

const input = (state, name, { type = 'text', placeholder }) => key => html`
  <input id=${key} type=${type} required placeholder=${placeholder} aria-describedby="${key}-hint" autocapitalize="none" spellcheck="false" .value=${state.values[name]} @input=${set(state, name)}>`;

const set = (state, name) => event => {
  state.values[name] = event.target.value;
  state.trial.answer = null;
  update();
};

const request = (id, { values, revision }) => (id
  ? requests.updateMapping(id, values, revision)
  : requests.createMapping(wanted(values)));

// What isn't there needn't be said of a new one.
const wanted = ({ trustedCa, ...rest }) => (trustedCa ? { ...rest, trustedCa } : rest);

const trial = state => html`
  <fieldset class="trial-box">
    <legend>Try it first</legend>
    <p class="hint">Sends a GET to the URL with this certificate and shows what the server says. For that moment a mapping of TEST_SERVICE is made and taken away again; the service above sees nothing of it.</p>
    <div class="buttons"><button type="button" ?disabled=${Boolean(state.trial.busy) || !state.values.url || !state.values.certificationId} @click=${() => attempt(state)}>${state.trial.busy ?? 'Send a GET'}</button></div>
    ${problem(state.trial.error)}
    ${state.values.trustedCa === undefined ? nothing : shownChain(state.trial.error, state.values)}
    ${state.trial.answer ? html`<p role="status">The server answered in ${Math.round(state.trial.answer.total)} ms:</p>${remoteAnswer(state.trial.answer)}` : nothing}
    ${state.trial.answer?.left ? html`<p class="note warning">The trial’s own mapping “${state.trial.answer.left}” could not be taken away: delete it in the list.</p>` : nothing}
  </fieldset>`;

function attempt(state) {
  state.trial.answer = null;
  const { url, certificationId, trustedCa } = state.values;
  return run(state.trial, 'Trying…', async () => {
    const ended = await tryMapping(url, certificationId, trustedCa).catch(fault => ({ fault, revision: fault.revision }));
    // The trial has raised the account's revision, and only its own change may be overlooked.
    state.revision = ended.revision ?? state.revision;
    if (ended.fault) throw ended.fault;
    state.trial.answer = ended;
  });
}

const save = (id, state) => run(state, 'Saving…', async () => {
  try {
    await send(request(id, state));
  } catch (fault) {
    if (fault.type === 'revision-stale') {
      await reload();
      state.revision = mappingList.value?.revision;
    }
    throw fault;
  }
  await reload();
  closeDialog();
  announce(id ? 'Saved.' : 'The mapping is saved.');
});

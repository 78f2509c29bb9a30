// Keys for programs. Their secrets are shown once, here, and are nowhere afterwards.

import { html, nothing } from './lit-html.js';
import { confirm } from './confirm.js';
import { copyButton } from './copy.js';
import { closeDialog, openDialog } from './dialog.js';
import { badge, buttons, curlBox, empty, field, heading, problem, submitted } from './parts.js';
import * as requests from './requests.js';
import { resource } from './resource.js';
import { run, update } from './screen.js';
import { Problem, send } from './send.js';
import { day } from './time.js';

const PERMISSIONS = [
  ['MTLS_FORWARD', 'Forward', 'Send requests and check mappings; nothing else. What a webhook sender needs.'],
  ['MTLS_READ_INTERNAL', 'Read', 'See certificates and mappings, test p12 files, forward GET.'],
  ['MTLS_WRITE_INTERNAL', 'Everything', 'Also change and delete, and make further keys.'],
];

const keys = resource(async () => (await send(requests.listAppKeys())).body);

export const appKeys = {
  enter: () => keys.load(),
  view: () => html`
    ${heading('App keys', 'Credentials for programs that sign their requests (OAuth 1.0).', html`<button type="button" class="primary" @click=${createKey}>Create app key</button>`)}
    ${keys.view(list => (list.length === 0
      ? empty('No app key yet', 'A program that forwards requests needs one. Give each program a key of its own, so that one can be revoked alone.', html`<button type="button" class="primary" @click=${createKey}>Create the first app key</button>`)
      : table(list)))}`,
};

const table = list => html`
  <div class="table">
    <table>
      <caption class="hidden">App keys</caption>
      <thead><tr><th scope="col">Name</th><th scope="col">May</th><th scope="col">Consumer key</th><th scope="col">Created</th><th scope="col">Ends</th><th scope="col"><span class="hidden">Actions</span></th></tr></thead>
      <tbody>${list.map(key => html`
        <tr>
          <th scope="row">${key.name}</th>
          <td data-label="May">${key.permissions.map(nameOf).join(', ')}</td>
          <td data-label="Consumer key"><code>${key.consumerKey}</code></td>
          <td data-label="Created">${day(key.created)}</td>
          <td data-label="Ends">${ending(key)}</td>
          <td class="actions"><button type="button" class="small danger" aria-label="Revoke ${key.name}" @click=${() => revoke(key)}>Revoke</button></td>
        </tr>`)}
      </tbody>
    </table>
  </div>
  ${curlBox(requests.listAppKeys())}`;

const nameOf = permission => PERMISSIONS.find(one => one[0] === permission)?.[1] ?? permission;

const ending = key => (!key.expires ? 'never' : Date.parse(key.expires) < Date.now() ? badge('bad', `ended ${day(key.expires)}`) : day(key.expires));

function createKey() {
  const state = { made: null, wanted: { name: 'webhooks sender', permissions: ['MTLS_FORWARD'] }, error: null, busy: null };
  openDialog({
    title: 'Create an app key',
    view: () => (state.made ? secrets(state.made) : form(state)),
    // The secrets leave the page's memory with the dialog.
    onClose: () => { state.made = null; },
  });
}

const form = state => html`
  <form @input=${event => want(state, new FormData(event.currentTarget))} @submit=${submitted(filled => create(state, filled))}>
    ${problem(state.error)}
    ${field('Name', id => html`<input id=${id} name="name" required placeholder="webhooks sender">`)}
    <fieldset>
      <legend>May</legend>
      ${PERMISSIONS.map(([value, name, text], index) => html`
        <label class="tick"><input type="checkbox" name="permissions" value=${value} ?checked=${index === 0}> <span><strong>${name}</strong> <span class="hint">${text}</span></span></label>`)}
    </fieldset>
    ${field('Ends on', id => html`<input id=${id} name="expires" type="date" aria-describedby="${id}-hint">`, 'Leave it empty for a key that never ends.')}
    ${buttons(state, 'Create app key')}
    ${curlBox(requests.createAppKey(state.wanted))}
  </form>`;

function want(state, filled) {
  const expires = filled.get('expires');
  state.wanted = { name: filled.get('name').trim(), permissions: filled.getAll('permissions'), ...(expires ? { expires } : {}) };
  update();
}

const create = (state, filled) => run(state, 'Creating…', async () => {
  want(state, filled);
  if (state.wanted.permissions.length === 0) throw new Problem({ title: 'Nothing chosen', detail: 'Choose what the key may do.' });
  state.made = (await send(requests.createAppKey(state.wanted))).body;
  await keys.load();
});

const SHOWN = [['consumerKey', 'Consumer key'], ['consumerSecret', 'Consumer secret'], ['token', 'Token'], ['tokenSecret', 'Token secret']];

const secrets = key => html`
  <p class="note warning" role="status">Copy these now: the secrets are shown this once and can’t be read again.</p>
  <dl class="facts secrets">${SHOWN.map(([name, title]) => html`
    <div><dt>${title}</dt><dd><code>${key[name]}</code> ${copyButton(key[name], `Copy ${title.toLowerCase()}`)}</dd></div>`)}
  </dl>
  ${key.expires ? html`<p class="hint">It ends on ${day(key.expires)}.</p>` : nothing}
  <div class="buttons"><button type="button" class="primary" @click=${closeDialog}>I have copied them</button></div>`;

const revoke = key => confirm({
  title: `Revoke ${key.name}?`, action: 'Revoke app key', kind: 'danger', done: 'Revoked.',
  request: () => requests.revokeAppKey(key.id), after: keys.load,
  text: html`<p>Programs that use it are refused from now on; other instances of the gateway follow within half a minute. It can’t be taken back.</p>`,
});

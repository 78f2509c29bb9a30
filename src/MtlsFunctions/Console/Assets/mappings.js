// Which service and URL use which certificate.

import { html, nothing } from './lit-html.js';
import { confirm } from './confirm.js';
import { certificateList, certificateOf, mappingList, reload } from './data.js';
import { editMapping, newMapping } from './mapping-form.js';
import { badge, curlBox, empty, heading, whyUnusable } from './parts.js';
import * as requests from './requests.js';
import { update } from './screen.js';
import { onEnd } from './session.js';

const state = { text: '', service: '' };

onEnd(() => Object.assign(state, { text: '', service: '' }));

export const mappings = {
  enter: reload,
  view: () => html`
    ${heading('Mappings', 'A request uses a certificate when account, service and the whole URL match, its query included.',
      html`<button type="button" class="primary" @click=${newMapping}>Add mapping</button>`)}
    ${mappingList.view(({ items }) => (items.length === 0 ? none() : list(items)))}`,
};

const none = () => (certificateList.value?.length === 0
  ? empty('No mapping yet', 'A mapping needs a certificate: add one first.', html`<a class="button primary" href="#certificates">Go to Certificates</a>`)
  : empty('No mapping yet', 'Say which service and URL shall use which certificate. You can try it before it is saved.',
    html`<button type="button" class="primary" @click=${newMapping}>Add the first mapping</button>`));

function list(items) {
  const wanted = state.text.trim().toLowerCase();
  const found = items.filter(mapping => (!state.service || mapping.serviceId === state.service)
    && [mapping.name, mapping.url, certificateOf(mapping)?.displayName ?? ''].some(text => text.toLowerCase().includes(wanted)));
  return html`
    <div class="filters">
      <input type="search" aria-label="Filter by name, URL or certificate" placeholder="Filter by name, URL or certificate" .value=${state.text} @input=${event => filter({ text: event.target.value })}>
      <select aria-label="Service" @change=${event => filter({ service: event.target.value })}>
        <option value="" ?selected=${!state.service}>All services</option>
        ${requests.SERVICES.map(([id, name]) => html`<option value=${id} ?selected=${state.service === id}>${name}</option>`)}
      </select>
      <span class="hint" role="status">${found.length} of ${items.length}</span>
    </div>
    ${found.length === 0 ? html`<p class="hint">Nothing matches the filter.</p>` : html`
      <div class="table">
        <table>
          <caption class="hidden">Mappings</caption>
          <thead><tr><th scope="col">Name</th><th scope="col">Service</th><th scope="col">URL</th><th scope="col">Certificate</th><th scope="col">State</th><th scope="col"><span class="hidden">Actions</span></th></tr></thead>
          <tbody>${found.map(row)}</tbody>
        </table>
      </div>`}
    ${curlBox(requests.listMappings())}`;
}

function filter(change) {
  Object.assign(state, change);
  update();
}

function stateOf(mapping) {
  if (!mapping.enable) return badge('warn', 'Disabled');
  const why = whyUnusable(certificateOf(mapping) ?? { status: 'Available' });
  return why ? badge('bad', `Certificate: ${why.toLowerCase()}`) : badge('good', 'Enabled');
}

const row = mapping => html`
  <tr>
    <th scope="row">${mapping.name}</th>
    <td data-label="Service">${requests.serviceName(mapping.serviceId)}</td>
    <td data-label="URL" class="url">${mapping.url}</td>
    <td data-label="Certificate">${certificateOf(mapping)?.displayName ?? mapping.certificationId}</td>
    <td data-label="State">${stateOf(mapping)}</td>
    <td class="actions">
      <button type="button" class="small" aria-label="${mapping.enable ? 'Disable' : 'Enable'} ${mapping.name}" @click=${() => confirmSwitch(mapping)}>${mapping.enable ? 'Disable' : 'Enable'}</button>
      <button type="button" class="small" aria-label="Change ${mapping.name}" @click=${() => editMapping(mapping)}>Change</button>
      <button type="button" class="small danger" aria-label="Delete ${mapping.name}" @click=${() => confirmDelete(mapping)}>Delete</button>
    </td>
  </tr>`;

const submittable = ({ name, url, serviceId, enable, certificationId }) => ({ name, url, serviceId, enable, certificationId });

const text = (mapping, says) => html`<p>${requests.serviceName(mapping.serviceId)} ${says}</p><p class="url">${mapping.url}</p>`;

function confirmSwitch(mapping) {
  const enable = !mapping.enable;
  confirm({
    title: `${enable ? 'Enable' : 'Disable'} ${mapping.name}?`, action: enable ? 'Enable mapping' : 'Disable mapping',
    kind: enable ? 'primary' : 'danger', done: `${mapping.name} is ${enable ? 'enabled' : 'disabled'}.`,
    request() {
      const now = mappingList.value.items.find(one => one.id === mapping.id) ?? mapping;
      return requests.updateMapping(mapping.id, { ...submittable(now), enable }, mappingList.value.revision);
    },
    text: enable
      ? text(mapping, `presents ${certificateOf(mapping)?.displayName ?? 'its certificate'} again at this URL:`)
      : html`${text(mapping, 'presents no certificate at this URL until it is enabled again:')}${withoutOne}`,
  });
}

const withoutOne = html`<p>Requests go there without one then, or are refused when they demand one.</p>`;

const confirmDelete = mapping => confirm({
  title: `Delete ${mapping.name}?`, action: 'Delete mapping', kind: 'danger', done: 'Deleted.',
  request: () => requests.deleteMapping(mapping.id, mappingList.value.revision),
  text: html`${text(mapping, 'no longer presents a certificate at this URL:')}${mapping.enable ? withoutOne : nothing}`,
});

// One certificate: what it is, its versions, and everything that can be done with it.

import { html, nothing } from './lit-html.js';
import { replaceCertificate } from './certificate-upload.js';
import { confirm } from './confirm.js';
import { isUsed, mappingsOf } from './data.js';
import { openDialog } from './dialog.js';
import { badge, curlBox, lifetime, problem, status } from './parts.js';
import * as requests from './requests.js';
import { resource } from './resource.js';
import { run } from './screen.js';
import { send } from './send.js';
import { day } from './time.js';

export function openCertificate(certificate) {
  const state = { error: null, busy: null };
  const versions = resource(async () => (await send(requests.versions(certificate.id))).body, false);
  openDialog({ title: certificate.displayName, wide: true, view: () => details(certificate, versions, state) });
  versions.load();
}

const FACTS = [
  ['Subject', one => one.subject],
  ['Issuer', one => one.issuer],
  ['Valid', one => `${day(one.notBefore)} to ${day(one.expirationDate)}`],
  ['Key', one => one.keyAlgorithm],
  ['SHA-256', one => html`<code>${one.thumbprint}</code>`],
  ['Name, id', one => `${one.name}, ${one.id}`],
];

// Nothing but the file helps here: there is no key to put to use.
const NEEDS_FILE = {
  lost: html`<p class="note warning">The vault has lost its key, so requests that are mapped to it are refused. Replace it with the same file or its successor: its mappings follow.</p>`,
  'not-stored': html`<p class="note warning">The vault has not taken it yet, so it can’t be used. Replace it with the same file.</p>`,
};

const isOff = certificate => certificate.unavailableBecause === 'disabled';

const details = (certificate, versions, state) => html`
  <div class="summary">${status(certificate, isUsed(certificate))}${lifetime(certificate.expirationDate)}</div>
  ${problem(state.error)}
  ${NEEDS_FILE[certificate.unavailableBecause] ?? nothing}
  <div class="buttons">
    <button type="button" class="primary" @click=${() => replaceCertificate(certificate)}>Replace</button>
    <button type="button" @click=${() => save(certificate, state)}>Download public part</button>
    ${certificate.unavailableBecause in NEEDS_FILE ? nothing : html`<button type="button" @click=${() => confirmSwitch(certificate)}>${isOff(certificate) ? 'Put to use' : 'Take out of use'}</button>`}
    <button type="button" class="danger" @click=${() => confirmDelete(certificate)}>Delete</button>
  </div>
  <dl class="facts">${FACTS.map(([name, of]) => html`<div><dt>${name}</dt><dd>${of(certificate)}</dd></div>`)}</dl>
  <h3>Used by</h3>
  ${mappingNames(certificate)}
  <h3>Versions</h3>
  ${versions.view(list => versionTable(certificate, list))}
  ${curlBox(requests.versions(certificate.id))}
  ${curlBox(requests.download(certificate))}`;

function mappingNames(certificate) {
  const mappings = mappingsOf(certificate);
  return mappings.length === 0
    ? html`<p class="hint">No mapping uses it, so nothing is sent with it. Add one under Mappings.</p>`
    : html`<ul class="plain">${mappings.map(mapping => html`<li><strong>${mapping.name}</strong> <span class="url">${requests.serviceName(mapping.serviceId)} ${mapping.url}</span></li>`)}</ul>`;
}

const versionTable = (certificate, list) => html`
  <ul class="plain versions">${list.map(one => html`
    <li>
      <strong>Version ${one.version}</strong> ${one.current ? badge('good', 'current') : nothing}
      <span class="hint">stored ${day(one.created)}, valid to ${day(one.expirationDate)}</span>
      <code class="cut">${one.thumbprint.slice(0, 16)}…</code>
      ${one.current ? nothing : html`<button type="button" class="small" @click=${() => confirmRollback(certificate, one)}>Roll back to version ${one.version}</button>`}
    </li>`)}
  </ul>`;

async function save(certificate, state) {
  await run(state, 'Downloading…', async () => {
    const request = requests.download(certificate);
    const { text } = await send(request);
    const url = URL.createObjectURL(new Blob([text], { type: 'application/pem-certificate-chain' }));
    Object.assign(document.createElement('a'), { href: url, download: request.saveAs }).click();
    URL.revokeObjectURL(url);
  });
}

function confirmDelete(certificate) {
  const mappings = mappingsOf(certificate);
  confirm({
    title: `Delete ${certificate.displayName}?`, action: 'Delete certificate', kind: 'danger', done: 'Deleted.',
    request: () => requests.deleteCertificate(certificate.id), forbidden: mappings.length > 0,
    text: mappings.length === 0
      ? html`<p>No mapping uses it, so nothing breaks. Its key is deleted with it and can’t be brought back.</p>`
      : html`<p>It can’t be deleted while ${mappings.length === 1 ? 'this mapping uses' : 'these mappings use'} it: their requests would fail. Repoint or delete them first.</p>${mappingNames(certificate)}`,
  });
}

function confirmSwitch(certificate) {
  const wasOff = isOff(certificate);
  const count = mappingsOf(certificate).filter(mapping => mapping.enable).length;
  confirm({
    title: wasOff ? `Put ${certificate.displayName} to use?` : `Take ${certificate.displayName} out of use?`,
    action: wasOff ? 'Put to use' : 'Take out of use', kind: wasOff ? 'primary' : 'danger', done: wasOff ? 'In use again.' : 'Out of use.',
    request: () => (wasOff ? requests.enable(certificate.id) : requests.disable(certificate.id)),
    text: wasOff
      ? html`<p>Requests that are mapped to it are sent again.</p>`
      : html`<p>For emergencies. Requests of ${count === 1 ? '1 mapping are' : `${count} mappings are`} refused from now on; none is sent without the certificate.</p>`,
  });
}

const confirmRollback = (certificate, version) => confirm({
  title: `Roll back to version ${version.version}?`, action: 'Roll back', done: `Version ${version.version} is in use.`,
  request: () => requests.rollback(certificate.id, version.version),
  text: html`<p>Requests are sent with version ${version.version} (valid to ${day(version.expirationDate)}) from now on. Version ${certificate.version} is kept.</p>`,
});

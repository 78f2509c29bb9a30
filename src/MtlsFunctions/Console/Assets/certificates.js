// All certificates of the account, the most urgent first.

import { html } from './lit-html.js';
import { addCertificate } from './certificate-upload.js';
import { openCertificate } from './certificate-details.js';
import { certificateList, isUsed, mappingsOf, reload } from './data.js';
import { curlBox, empty, heading, lifetime, status } from './parts.js';
import * as requests from './requests.js';

const commonName = name => /(?:^|,\s*)CN=([^,]+)/.exec(name)?.[1] ?? name;

const row = certificate => html`
  <tr>
    <th scope="row">
      <button type="button" class="link" @click=${() => openCertificate(certificate)}>${certificate.displayName}</button>
      <span class="sub">${commonName(certificate.subject)}</span>
    </th>
    <td data-label="Status">${status(certificate, isUsed(certificate))}</td>
    <td data-label="Time left">${lifetime(certificate.expirationDate)}</td>
    <td data-label="Issuer">${commonName(certificate.issuer)}</td>
    <td data-label="Key">${certificate.keyAlgorithm}</td>
    <td data-label="Version" class="number">${certificate.version}</td>
    <td data-label="Used by">${uses(mappingsOf(certificate).length)}</td>
  </tr>`;

const uses = count => (count === 0 ? html`<span class="hint">no mapping</span>` : count === 1 ? '1 mapping' : `${count} mappings`);

const table = list => (list.length === 0
  ? empty('No certificate yet', 'Begin with the p12 file that a partner or your own authority has issued. It is tested before anything is stored.',
    html`<button type="button" class="primary" @click=${addCertificate}>Add the first certificate</button>`)
  : html`
    <div class="table">
      <table>
        <caption class="hidden">Certificates</caption>
        <thead><tr><th scope="col">Name</th><th scope="col">Status</th><th scope="col">Time left</th><th scope="col">Issuer</th><th scope="col">Key</th><th scope="col" class="number">Version</th><th scope="col">Used by</th></tr></thead>
        <tbody>${[...list].sort((one, other) => one.expirationDate.localeCompare(other.expirationDate)).map(row)}</tbody>
      </table>
    </div>
    ${curlBox(requests.listCertificates())}`);

export const certificates = {
  enter: reload,
  view: () => html`
    ${heading('Certificates', 'Client certificates that this account presents to other servers.',
      html`<button type="button" class="primary" @click=${addCertificate}>Add certificate</button>`)}
    ${certificateList.view(table)}`,
};

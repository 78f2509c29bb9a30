// Adding and replacing a certificate: test, look, store.

import { html, nothing } from './lit-html.js';
import { reload } from './data.js';
import { closeDialog, openDialog } from './dialog.js';
import { bar, chooseFile, newUpload, report, sendWithProgress } from './p12-form.js';
import { buttons, curlBox, field, problem, submitted } from './parts.js';
import * as requests from './requests.js';
import { announce, run, update } from './screen.js';
import { Problem } from './send.js';
import { day } from './time.js';

export function addCertificate() {
  const upload = newUpload();
  openDialog({ title: 'Add a certificate', wide: true, view: () => (upload.report ? store(upload) : chooseFile(upload)) });
}

const commonName = subject => /(?:^|,\s*)CN=([^,]+)/.exec(subject)?.[1] ?? subject;

const nameOf = upload => (upload.name ?? commonName(upload.report.subject)).trim();

const store = upload => html`
  <p class="step">The test passed. Nothing is stored yet.</p>
  ${facts([['Subject', upload.report.subject], ['Issuer', upload.report.issuer], ['Valid', `${day(upload.report.notBefore)} to ${day(upload.report.notAfter)}`]])}
  ${report(upload)}
  <form @submit=${submitted(() => save(upload, requests.createCertificate, { name: nameOf(upload) }, 'Stored.'))}>
    ${problem(upload.error)}
    ${field('Name', id => html`<input id=${id} name="name" required .value=${upload.name ?? nameOf(upload)} @input=${event => { upload.name = event.target.value; update(); }} aria-describedby="${id}-hint">`, 'Unique in this account.')}
    ${bar(upload)}
    ${buttons(upload, 'Store certificate')}
    ${curlBox(requests.createCertificate(upload.file, '', { name: nameOf(upload) }))}
  </form>`;

const facts = rows => html`<dl class="facts">${rows.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;

/** @param certificate the one whose place the new file takes; its mappings follow. */
export function replaceCertificate(certificate) {
  const upload = newUpload();
  openDialog({
    title: `Replace ${certificate.displayName}`, wide: true,
    view: () => (upload.report ? promote(upload, certificate) : html`
      <p class="step">Version ${certificate.version} stays in use until you promote the new one.</p>${chooseFile(upload)}`),
  });
}

const promote = (upload, old) => html`
  ${sideBySide(old, upload.report)}
  ${old.thumbprint === upload.report.thumbprint ? html`<p class="note warning">This is the certificate that is in use already.</p>` : nothing}
  ${report(upload)}
  <form @submit=${submitted(() => save(upload, requests.replaceCertificate, replacement(old), `Version ${old.version + 1} is in use.`))}>
    ${problem(upload.error)}
    ${bar(upload)}
    ${buttons(upload, `Promote to version ${old.version + 1}`)}
    ${curlBox(requests.replaceCertificate(upload.file, '', replacement(old)))}
  </form>`;

const replacement = old => ({ id: old.id, name: old.name, displayName: old.displayName });

const COMPARED = [
  ['Subject', old => old.subject, fresh => fresh.subject],
  ['Issuer', old => old.issuer, fresh => fresh.issuer],
  ['Valid from', old => day(old.notBefore), fresh => day(fresh.notBefore)],
  ['Valid to', old => day(old.expirationDate), fresh => day(fresh.notAfter)],
  ['Key', old => old.keyAlgorithm, fresh => fresh.keyAlgorithm],
  ['SHA-256', old => old.thumbprint, fresh => fresh.thumbprint],
];

const sideBySide = (old, fresh) => html`
  <table class="compare">
    <caption class="hidden">In use now and new</caption>
    <thead><tr><td></td><th scope="col">In use now (version ${old.version})</th><th scope="col">New</th></tr></thead>
    <tbody>${COMPARED.map(([name, before, after]) => html`
      <tr class=${before(old) === after(fresh) ? 'same' : 'changed'}><th scope="row">${name}</th><td data-label="Now">${before(old)}</td><td data-label="New">${after(fresh)}</td></tr>`)}
    </tbody>
  </table>`;

function save(upload, describe, description, done) {
  return run(upload, 'Uploading…', async () => {
    const { body } = await sendWithProgress(upload, describe(upload.file, upload.password, description));
    await reload();
    if (body.failedSaveToVaultCertificates.length > 0) {
      throw new Problem({
        title: 'The vault did not take it',
        detail: 'The certificate is listed but can’t be used yet, or its version before stays in use. Try again in a moment: replace the certificate with the same file.',
      });
    }
    closeDialog();
    announce(done);
    update();
  });
}

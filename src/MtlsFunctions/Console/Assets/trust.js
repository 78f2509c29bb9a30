// Whose certificates a server may show: an authority that a partner runs itself is the normal case.

import { html, nothing } from './lit-html.js';
import { field } from './parts.js';
import { update } from './screen.js';
import { day } from './time.js';

/** @param values gets trustedCa; changed is called after. */
export const trustField = (values, changed) => html`
  <details class="more" ?open=${Boolean(values.trustedCa)}>
    <summary>The server has a private authority</summary>
    ${field('Certificates that the server is trusted by', id => html`<textarea id=${id} rows="4" spellcheck="false" placeholder="-----BEGIN CERTIFICATE-----" aria-describedby="${id}-hint" .value=${values.trustedCa ?? ''} @input=${event => set(values, event.target.value, changed)}></textarea>`,
      'PEM: its root, an intermediate, or its own certificate. They alone count for this server. Empty: what the operator trusts.')}
    ${field('Or from a file', id => html`<input id=${id} type="file" accept=".pem,.crt,.cer,.der" @change=${event => read(values, event.target.files[0], changed)}>`)}
  </details>`;

function set(values, pem, changed) {
  values.trustedCa = pem;
  changed?.();
  update();
}

async function read(values, file, changed) {
  if (!file) return;
  const bytes = new Uint8Array(await file.arrayBuffer());
  // DER begins with a SEQUENCE, PEM with a letter or a hyphen.
  set(values, bytes[0] === 0x30 ? pemOf(bytes) : new TextDecoder().decode(bytes), changed);
}

const pemOf = bytes => `-----BEGIN CERTIFICATE-----\n${btoa(String.fromCharCode(...bytes)).replace(/.{64}(?=.)/g, '$&\n')}\n-----END CERTIFICATE-----\n`;

/** What a server has shown of itself, to be compared before it is trusted. @param fault has it as remote. */
export const shownChain = (fault, values = null, changed = null) => (!fault?.remote ? nothing : html`
  <section class="shown" aria-label="What the server showed">
    <p><strong>What the server showed</strong> <span class="hint">Its own certificate first. Anybody could stand in its place: compare the SHA-256 with what its owner tells you by another way before you trust one.</span></p>
    <ul class="plain">${fault.remote.chain.map(one => html`
      <li>
        <strong>${one.subject}</strong> <span class="hint">issued by ${one.issuer}, to ${day(one.notAfter)}</span><br>
        <code>${one.sha256}</code>
        ${values && one.pem ? html`<button type="button" class="small" aria-label="Trust this one: ${one.subject}" @click=${() => set(values, one.pem, changed)}>Trust this one</button>` : nothing}
      </li>`)}
    </ul>
  </section>`);

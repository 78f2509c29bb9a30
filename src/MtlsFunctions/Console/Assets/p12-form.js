// A p12 file and its password, tested before anything is stored: the first step of adding and of replacing.

import { html, nothing } from './lit-html.js';
import { buttons, curlBox, field, problem, remoteAnswer, submitted } from './parts.js';
import * as requests from './requests.js';
import { run, update } from './screen.js';
import { Problem, send } from './send.js';
import { shownChain, trustField } from './trust.js';
import { findings } from './words.js';

const EXAMPLE = new File([], 'client.p12');
const EXAMPLE_URL = 'https://orders.example.com/ping';

/** What one dialog knows: file and password live here and end with it. */
export const newUpload = () => ({ file: null, password: '', report: null, progress: null, trial: { url: '', trustedCa: '' }, error: null, busy: null });

export const chooseFile = upload => html`
  <form @submit=${submitted(form => test(upload, form))}>
    ${problem(upload.error)}
    <label class="drop ${upload.over ? 'over' : ''}" @dragover=${over(upload, true)} @dragleave=${over(upload, false)} @drop=${event => dropped(upload, event)}>
      <input type="file" name="file" accept=".p12,.pfx,application/x-pkcs12" aria-label="p12 file" @change=${event => take(upload, event.target.files)}>
      ${upload.file
        ? html`<strong>${upload.file.name}</strong><span class="hint">${upload.file.size.toLocaleString('en')} bytes. Choose or drop another to replace it.</span>`
        : html`<strong>Drop the p12 file here</strong><span class="hint">or click to choose it (.p12, .pfx; at most 18 KB)</span>`}
    </label>
    ${field('Password of the file', id => html`<input id=${id} name="password" type="password" autocomplete="off" aria-describedby="${id}-hint">`, 'It opens the file and is not stored.')}
    ${bar(upload)}
    ${buttons(upload, 'Test the file')}
    ${curlBox(requests.testP12(upload.file ?? EXAMPLE, ''))}
  </form>`;

function take(upload, files) {
  if (files.length > 0) upload.file = files[0];
  upload.error = null;
  update();
}

const over = (upload, isOver) => event => {
  event.preventDefault();
  upload.over = isOver;
  update();
};

function dropped(upload, event) {
  over(upload, false)(event);
  take(upload, event.dataTransfer.files);
}

function test(upload, form) {
  return run(upload, 'Testing…', async () => {
    if (!upload.file) throw Object.assign(new Error(), { title: 'No file', detail: 'Choose the p12 file first.' });
    upload.password = form.get('password');
    upload.report = (await sendWithProgress(upload, requests.testP12(upload.file, upload.password))).body;
  });
}

// A file that misses its place must not take the page's: with the page, the session would end.
for (const kind of ['dragover', 'drop']) {
  addEventListener(kind, event => { if (event.dataTransfer?.types.includes('Files')) event.preventDefault(); });
}

/** Sends the file and shows how far it is. */
export async function sendWithProgress(upload, request) {
  upload.progress = 0;
  try {
    return await send(request, { progress: share => { upload.progress = share; update(); } });
  } finally {
    upload.progress = null;
  }
}

export const bar = upload => (upload.busy
  ? html`<div class="progress"><progress aria-label=${upload.busy} max="1" .value=${upload.progress ?? 0}></progress><span class="hint">${upload.progress === 1 ? 'Sent, waiting for the gateway' : 'Sending'}</span></div>`
  : nothing);

const MARKS = { good: ['✓', 'Good: '], warn: ['!', 'Look at this: '] };

export const report = upload => html`
  <section aria-label="What the test found">
    <ul class="findings">${findings(upload.report).map(one => html`
      <li class=${one.level}>
        <span class="mark" aria-hidden="true">${MARKS[one.level][0]}</span>
        <div><strong><span class="hidden">${MARKS[one.level][1]}</span>${one.title}</strong><p>${one.text}</p></div>
      </li>`)}
    </ul>
    ${trial(upload)}
  </section>`;

const trial = upload => html`
  <details class="trial">
    <summary>Call a server with it before it is stored (optional)</summary>
    <form @submit=${submitted(() => call(upload))}>
      ${problem(upload.trial.error)}
      ${shownChain(upload.trial.error, upload.trial)}
      ${field('URL to call', id => html`<input id=${id} type="url" required title="Needs https://" placeholder=${EXAMPLE_URL} .value=${upload.trial.url} @input=${event => { upload.trial.url = event.target.value.trim(); update(); }}>`)}
      ${trustField(upload.trial)}
      <div class="buttons"><button type="submit" ?disabled=${Boolean(upload.trial.busy)}>${upload.trial.busy ?? 'Call it'}</button></div>
      ${upload.trial.answer ? remoteAnswer(upload.trial.answer) : nothing}
      ${curlBox(requests.callWithP12(upload.file, '', upload.trial.url || EXAMPLE_URL, upload.trial.trustedCa))}
    </form>
  </details>`;

function call(upload) {
  upload.trial.answer = null;
  return run(upload.trial, 'Calling…', async () => {
    if (!/^https:/i.test(upload.trial.url)) throw new Problem({ title: 'Needs https://', detail: 'Only servers with TLS can ask for a certificate: the URL begins with https://.' });
    upload.trial.answer = await send(requests.callWithP12(upload.file, upload.password, upload.trial.url, upload.trial.trustedCa));
  });
}

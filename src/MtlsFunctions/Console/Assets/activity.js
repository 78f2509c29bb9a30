// The requests that were made for what happened on the screen, each as a curl command. In memory only; ends with the session.

import { html, nothing } from './lit-html.js';
import { copyButton } from './copy.js';
import { update } from './screen.js';
import { onEnd } from './session.js';

const MOST = 30;

let requests = [];
let open = false;

onEnd(() => { requests = []; open = false; });

export function remember(title, command, status, milliseconds) {
  requests = [{ title, command, status, milliseconds: Math.round(milliseconds), at: new Date() }, ...requests].slice(0, MOST);
  update();
}

export const activity = () => html`
  <section class="activity" aria-label="Requests">
    <button type="button" class="quiet" aria-expanded=${open} aria-controls="activity-list" @click=${() => { open = !open; update(); }}>
      Requests as curl <span class="count">${requests.length}</span>
    </button>
    <div id="activity-list" ?hidden=${!open}>
      <p class="hint">The same from a terminal: put your token into <code>TOKEN</code> first and passwords into the variables named; send files from the folder they are in.</p>
      <ol>${requests.map(one => html`
        <li>
          <div class="activity-line">
            <strong>${one.title}</strong>
            <span class=${one.status >= 200 && one.status < 400 ? 'ok' : 'bad'}>${one.status || 'no answer'}</span>
            <span class="hint">${one.milliseconds} ms, ${one.at.toLocaleTimeString()}</span>
            ${copyButton(one.command, `Copy the curl command of ${one.title}`)}
          </div>
          <pre tabindex="0">${one.command}</pre>
        </li>`)}
      </ol>
      ${requests.length ? nothing : html`<p class="hint">Nothing yet.</p>`}
    </div>
  </section>`;

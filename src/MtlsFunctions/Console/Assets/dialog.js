// One dialog at a time, the browser's own: it keeps the focus inside, closes with Escape and gives the focus back.

import { html, nothing, render } from './lit-html.js';
import { onUpdate } from './screen.js';
import { onEnd } from './session.js';

const host = document.getElementById('dialog');
let current = null;

/** @param dialog { title, view(), wide, onClose() } */
export function openDialog(dialog) {
  closeDialog();
  current = dialog;
  draw();
  host.classList.toggle('wide', dialog.wide === true);
  host.showModal();
}

export function closeDialog() {
  if (host.open) host.close();
  clear();
}

function clear() {
  const closed = current;
  current = null;
  // Whatever was typed goes with it.
  render(nothing, host);
  closed?.onClose?.();
}

function draw() {
  if (!current) return;
  render(html`
    <div class="dialog-head">
      <h2 id="dialog-title">${current.title}</h2>
      <button type="button" class="quiet icon" aria-label="Close" @click=${closeDialog}>✕</button>
    </div>
    <div class="dialog-body">${current.view()}</div>`, host);
}

host.addEventListener('close', () => { if (current && !host.open) clear(); });
onUpdate(draw);
onEnd(closeDialog);

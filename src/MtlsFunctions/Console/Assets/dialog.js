// One dialog at a time, the browser's own: it keeps the focus inside, closes with Escape and gives the focus back.

import { html, nothing, render } from './lit-html.js';
import { focusTitle, onUpdate } from './screen.js';
import { onEnd } from './session.js';

const host = document.getElementById('dialog');
const content = host.firstElementChild;
let current = null;

/** @param dialog { title, view(), wide, onClose() } */
export function openDialog(dialog) {
  closeDialog();
  current = dialog;
  draw();
  host.classList.toggle('wide', dialog.wide === true);
  host.showModal();
  (host.querySelector('form :is(input, select, textarea)') ?? document.getElementById('dialog-title')).focus();
}

export function closeDialog() {
  if (host.open) host.close();
  clear();
}

function clear() {
  const closed = current;
  current = null;
  // Whatever was typed goes with it.
  render(nothing, content);
  closed?.onClose?.();
  // What opened it may be gone: the row that was deleted, the empty page's button.
  if (closed && document.activeElement === document.body) focusTitle();
}

function draw() {
  if (!current) return;
  render(html`
    <div class="dialog-head">
      <h2 id="dialog-title" tabindex="-1">${current.title}</h2>
      <button type="button" class="quiet icon" aria-label="Close" @click=${closeDialog}>✕</button>
    </div>
    <div class="dialog-body">${current.view()}</div>`, content);
}

host.addEventListener('close', () => { if (current && !host.open) clear(); });
onUpdate(draw);
onEnd(closeDialog);

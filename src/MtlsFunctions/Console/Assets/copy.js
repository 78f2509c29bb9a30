import { html } from './lit-html.js';
import { announce } from './screen.js';

/** @param label what is copied, for those who can't see where the button stands. */
export const copyButton = (text, label = 'Copy') =>
  html`<button type="button" class="quiet small" aria-label=${label} @click=${() => copy(text)}>Copy</button>`;

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    announce('Copied.');
  } catch {
    // Browsers forbid it outside https, for instance.
    announce('The browser doesn’t allow copying: select the text instead.');
  }
}

// What was read from the gateway, and how that went.

import { html } from './lit-html.js';
import { loading, problem } from './parts.js';
import { run } from './screen.js';
import { onEnd } from './session.js';

/**
 * @param read gets the value; whatever it has got is forgotten when the session ends.
 * @param lasts false for what a dialog holds, which ends with the dialog.
 */
export function resource(read, lasts = true) {
  const state = { value: null, error: null, busy: null };
  let latest = 0;
  if (lasts) onEnd(() => { Object.assign(state, { value: null, error: null, busy: null }); latest++; });
  return {
    get value() { return state.value; },
    /** An answer that a later question has overtaken counts for nothing. */
    async load() {
      const mine = ++latest;
      await run(state, 'Loading…', async () => {
        const value = await read();
        if (mine === latest) state.value = value;
      });
    },
    /** What there is to see instead of the value, and the value's view once there is one. */
    view(show) {
      if (state.error) return html`${problem(state.error)}<div class="buttons"><button type="button" ?disabled=${Boolean(state.busy)} @click=${this.load}>${state.busy ?? 'Try again'}</button></div>`;
      return state.value === null ? loading('Loading…') : show(state.value);
    },
  };
}

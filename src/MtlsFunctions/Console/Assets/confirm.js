import { html } from './lit-html.js';
import { reload } from './data.js';
import { closeDialog, openDialog } from './dialog.js';
import { buttons, curlBox, problem, submitted } from './parts.js';
import { announce, run } from './screen.js';
import { send } from './send.js';

/**
 * Asks first, with what will happen and the command that does the same.
 * @param request makes the request from what is known by then: somebody else's change makes it another one.
 */
export function confirm({ title, text, action, kind = 'primary', request, done, forbidden = false, after = reload }) {
  const state = { error: null, busy: null };
  openDialog({
    title,
    view: () => html`
      <form @submit=${submitted(() => run(state, 'Working…', async () => {
        try {
          await send(request());
        } catch (fault) {
          if (fault.type === 'revision-stale') await after();
          throw fault;
        }
        await after();
        closeDialog();
        announce(done);
      }))}>
        ${text}
        ${problem(state.error)}
        ${forbidden ? html`<div class="buttons"><button type="button" class="primary" @click=${closeDialog}>Understood</button></div>` : buttons(state, action, kind)}
        ${curlBox(request())}
      </form>`,
  });
}

// When something has changed: whoever draws registers here, whoever changes something calls update().

const drawers = [];
let waiting = false;

export function onUpdate(draw) {
  drawers.push(draw);
}

/** Draws once for all changes of this turn. */
export function update() {
  if (waiting) return;
  waiting = true;
  queueMicrotask(() => {
    waiting = false;
    for (const draw of drawers) draw();
  });
}

/** Says something to everybody, also to those who can't see it. Nothing outside of an open dialog is seen or read, so it has a place of its own. */
export function announce(text) {
  const place = document.querySelector('dialog[open] > .toast') ?? document.querySelector('body > .toast');
  place.textContent = text;
  place.classList.add('shown');
  clearTimeout(announce.timer);
  announce.timer = setTimeout(() => place.classList.remove('shown'), 6000);
}

/** To the title of what is there now, so that nobody begins at the top of the page again or hears nothing of a new one. */
export const focusTitle = () => (document.getElementById('dialog-title') ?? document.querySelector('main h1'))?.focus({ preventScroll: true });

/**
 * Does something that takes a while, and shows that: state.busy says what, state.error what went wrong.
 * Returns undefined when it went wrong.
 */
export async function run(state, busy, work) {
  const focused = document.activeElement;
  state.busy = busy;
  state.error = null;
  update();
  try {
    return await work();
  } catch (fault) {
    state.error = fault;
    return undefined;
  } finally {
    state.busy = null;
    update();
    queueMicrotask(() => keepFocus(focused));
  }
}

// The button that began it was off meanwhile, or is gone: either takes the focus away from whoever uses a keyboard.
function keepFocus(focused) {
  if (document.activeElement !== document.body || focused === document.body) return;
  focused.focus();
  if (document.activeElement === document.body) focusTitle();
}

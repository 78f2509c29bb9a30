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

/** Says something to everybody, also to those who can't see it. */
export function announce(text) {
  const live = document.getElementById('live');
  live.textContent = text;
  live.classList.add('shown');
  clearTimeout(announce.timer);
  announce.timer = setTimeout(() => live.classList.remove('shown'), 6000);
}

/**
 * Does something that takes a while, and shows that: state.busy says what, state.error what went wrong.
 * Returns undefined when it went wrong.
 */
export async function run(state, busy, work) {
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
  }
}

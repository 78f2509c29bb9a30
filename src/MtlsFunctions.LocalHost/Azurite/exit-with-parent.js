// Preloaded into every Node process that LocalHost starts: the process ends when its standard input does, and not before.
// LocalHost holds the other end and never writes, so this happens however LocalHost ends, SIGKILL included.
'use strict';

// How long Azurite may take to write its tables to disk, in milliseconds. LocalHost waits a little longer.
const patience = 3000;

function end() {
  // Azurite's own message for an orderly end; without it, up to five seconds of changes would be lost. Nobody else (npm) listens.
  if (!process.emit('message', 'shutdown')) process.exit();
  setTimeout(() => process.exit(1), patience).unref();
}

// A vanished parent shows as an error instead of an end on some platforms. unref: listening must not keep a finished process alive.
process.stdin.once('end', end).once('error', end).resume().unref();

// Ctrl-C reaches every process of the terminal at once, but the gateway may still need its tables: LocalHost says when it doesn't.
process.on('SIGINT', () => {});
process.on('newListener', (event, listener) => {
  if (event === 'SIGINT') process.nextTick(() => process.removeListener(event, listener));
});

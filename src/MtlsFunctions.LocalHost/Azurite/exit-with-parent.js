// Preloaded into every Node process that LocalHost starts: the process ends when its standard input does.
// LocalHost holds the other end and never writes, so this happens however LocalHost ends, SIGKILL included.
'use strict';

// How long a process may take to end by itself, in milliseconds.
const patience = 3000;

function end() {
  // On SIGINT Azurite writes its tables to disk; without that, up to five seconds of changes would be lost.
  if (!process.emit('SIGINT')) process.exit();
  setTimeout(() => process.exit(1), patience).unref();
}

// A vanished parent shows as an error instead of an end on some platforms. unref: listening must not keep a finished process alive.
process.stdin.once('end', end).once('error', end).resume().unref();

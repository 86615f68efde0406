// Imported into a worker's processes by NODE_OPTIONS: ends the process of a slot as a fault in native code does, whenever it is given one
// of the takes that CRASHING_TAKES lists. The program knows nothing of it. A listener would take the first messages before the slot's own.
const crashing = new Set((process.env.CRASHING_TAKES ?? '').split(',').map(Number));
const emit = process.emit;
process.emit = function (event, ...args) {
  const step = event === 'message' ? args[0]?.asked?.step : undefined;
  if (step?.kind === 'take' && crashing.has(step.index)) setTimeout(() => process.kill(process.pid, 'SIGSEGV'), 30);
  return emit.call(this, event, ...args);
};

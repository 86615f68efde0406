import { interruption } from '../../src/cli/interrupt.ts';

// Waits for its first signal, says so, and would then go on for ever.
using stopped = interruption(process.stderr);
stopped.signal.addEventListener('abort', () => process.stdout.write('aborted\n'));
process.stdout.write('ready\n');
await new Promise((resolve) => setTimeout(resolve, 60_000));

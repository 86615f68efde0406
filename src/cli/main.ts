#!/usr/bin/env node
import { keepCompiledCode } from './compiled-code.ts';
import { interruption } from './interrupt.ts';

keepCompiledCode();
// Behind it, so that this code is kept, too.
const { run } = await import('./run.ts');

// `reelmend inspect … | head` closes the pipe: nobody reads any more.
let isClosed = false;
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  isClosed = true;
});

using stopped = interruption(process.stderr);
process.exitCode = await run(process.argv.slice(2), {
  stdout: {
    write: (text) => process.stdout.write(text),
    get isClosed() {
      return isClosed;
    },
  },
  stderr: process.stderr,
  signal: stopped.signal,
});

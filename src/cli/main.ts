#!/usr/bin/env node
import { keepCompiledCode } from './compiled-code.ts';
import { interruption } from './interrupt.ts';

keepCompiledCode();
// Behind it, so that this code is kept, too.
const { run } = await import('./run.ts');

// `reelmend inspect … | head` closes the pipe: nobody reads any more.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

using stopped = interruption(process.stderr);
process.exitCode = await run(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  signal: stopped.signal,
});

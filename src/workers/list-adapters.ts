import { fork } from 'node:child_process';
import { join } from 'node:path';
import type { AdapterFacts } from '../compute/gpu/gpu-device.ts';
import { builtWorkers } from './rpc.ts';

/** The graphics adapters of this machine, and the version of the package that found them; or why they cannot be told, in a sentence. */
export type Adapters =
  | { readonly version: string; readonly adapters: readonly AdapterFacts[] }
  | { readonly refused: string };

/** Drivers that take longer to say what they are hang. */
const PATIENCE = 60_000;

/** Asks in a process of its own, so that a driver that crashes or writes to standard error disturbs nobody. */
export function listAdapters(): Promise<Adapters> {
  const child = fork(join(builtWorkers(), 'adapters-child.js'), { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
  return new Promise((resolve) => {
    const refuse = (why: string) =>
      resolve({ refused: `The graphics driver could not be asked for its adapters: ${why}` });
    const timer = setTimeout(() => {
      refuse(`it gave no answer in ${PATIENCE / 1000} s.`);
      child.kill('SIGKILL');
    }, PATIENCE);
    child.once('message', (answer: { found: Exclude<Adapters, { refused: string }> } | { refused: string }) =>
      resolve('found' in answer ? answer.found : answer),
    );
    child.once('error', (error) => refuse(error.message));
    child.once('exit', (code, signal) => {
      clearTimeout(timer);
      refuse(`its process ended with ${signal ?? `code ${code}`}.`);
    });
  });
}

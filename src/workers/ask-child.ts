import { fork } from 'node:child_process';
import type { AdapterFacts } from '../compute/gpu/device/gpu-device.ts';
import { builtFile } from './rpc.ts';

/** What a process answered, or why it did not, in a sentence. */
export type Answered<T> = { readonly found: T } | { readonly refused: string };

/** The graphics adapters of this machine, and the version of the package that found them. */
export interface KnownAdapters {
  readonly version: string;
  readonly adapters: readonly AdapterFacts[];
}

/** Drivers that take longer hang, ms. */
const PATIENCE = 120_000;

/**
 * Asks a process of its own, so that a graphics driver that crashes or writes to standard error disturbs nobody.
 *
 * @param entry the process's module under `src/`, without its extension; it answers by `answerParent`
 * @param words what it is started with
 */
export function askChild<T>(entry: string, words: readonly string[] = []): Promise<Answered<T>> {
  const child = fork(builtFile(entry), words, { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
  return new Promise((resolve) => {
    const refuse = (why: string) => resolve({ refused: `The graphics driver could not be asked: ${why}` });
    const timer = setTimeout(() => {
      refuse(`it gave no answer in ${PATIENCE / 1000} s.`);
      child.kill('SIGKILL');
    }, PATIENCE);
    child.once('message', (answer: Answered<T>) => {
      resolve(answer);
      // A driver may hang when it is left, too.
      child.kill('SIGKILL');
    });
    child.once('error', (error) => refuse(error.message));
    child.once('exit', (code, signal) => {
      clearTimeout(timer);
      refuse(`its process ended with ${signal ?? `code ${code}`}.`);
    });
  });
}

/** Answers whoever started this process, who ends it then. */
export async function answerParent<T>(find: () => Promise<T>): Promise<void> {
  const answer: Answered<T> = await find().then(
    (found) => ({ found }),
    (error: Error) => ({ refused: error.message }),
  );
  process.send?.(answer);
}

export function listAdapters(): Promise<Answered<KnownAdapters>> {
  return askChild('workers/adapters-child');
}

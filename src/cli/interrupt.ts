import { EXIT } from './exit.ts';
import type { LineSink } from './progress.ts';

/** Ctrl-C and a polite kill. SIGHUP keeps what the shell made of it, so that `nohup` holds. */
const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/**
 * Turns the first of these signals into an abort, so that the run can stop cleanly. The second ends the process at once.
 * Disposing restores the signals.
 */
export function interruption(stderr: LineSink): Disposable & { readonly signal: AbortSignal } {
  const controller = new AbortController();
  const onSignal = () => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    stderr.write('\nStopping. Press Ctrl-C again to stop at once.\n');
    controller.abort();
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      for (const signal of SIGNALS) process.off(signal, onSignal);
    },
  };
}

import type { LineSink } from './progress.ts';

/** Ctrl-C and a polite kill. SIGHUP keeps what the shell made of it, so that `nohup` holds. */
const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/**
 * Turns the first of these signals into an abort, so that the run can stop cleanly. The second ends the process at once, as SIGINT
 * does where nobody listens: the shell sees exit code 130. Disposing restores the signals.
 */
export function interruption(stderr: LineSink): Disposable & { readonly signal: AbortSignal } {
  const controller = new AbortController();
  const letGo = () => {
    for (const signal of SIGNALS) process.off(signal, onSignal);
  };
  const onSignal = () => {
    if (controller.signal.aborted) {
      letGo();
      // To leave in order would end threads, and one that a graphics device still owes an answer would take the process down with an abort.
      process.kill(process.pid, 'SIGINT');
      return;
    }
    stderr.write('\nStopping. Press Ctrl-C again to stop at once.\n');
    controller.abort();
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return {
    signal: controller.signal,
    [Symbol.dispose]: letGo,
  };
}

import { setMaxListeners } from 'node:events';
import type { TargetRequest } from './backup-target.ts';
import { TargetError } from './target-error.ts';

/** How long a target may take. */
export interface Patience {
  /** Seconds without progress after which a request is given up. */
  readonly timeout: number;
  readonly signal: AbortSignal;
}

/**
 * Makes a request to a target, and gives it up when nothing has come or gone for too long, however the request takes that.
 *
 * @param name the target's
 * @throws TargetError that it stalls; and what `ask` throws. Aborting rejects with the signal's reason.
 */
export async function whileMoving<Result>(
  name: string,
  { timeout, signal }: Patience,
  ask: (request: TargetRequest) => Promise<Result>,
): Promise<Result> {
  signal.throwIfAborted();
  const controller = new AbortController();
  // As many listen as there are requests on their way, which is no leak.
  for (const heard of [signal, controller.signal]) setMaxListeners(0, heard);
  const ended = new Promise<never>((_, reject) => {
    controller.signal.addEventListener('abort', () => reject(controller.signal.reason), { once: true });
  });
  const stop = () => controller.abort(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  const timer = setTimeout(() => controller.abort(stalled(name, timeout)), timeout * 1000);
  const asked = ask({ signal: controller.signal, onMove: () => void timer.refresh() });
  try {
    return await Promise.race([asked, ended]);
  } catch (cause) {
    // What a request says of being given up says less than why it was.
    if (controller.signal.aborted) throw controller.signal.reason;
    throw cause;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
    ended.catch(() => {});
    asked.catch(() => {});
  }
}

function stalled(name: string, timeout: number): TargetError {
  return new TargetError(
    'stalls',
    `${name} stalls: nothing came or went for ${timeout} s. Check it and the network; --timeout allows for more.`,
  );
}

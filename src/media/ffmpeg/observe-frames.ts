import { Observable } from 'rxjs';
import type { Loan } from '../../stream/frame-pool.ts';

/**
 * A generator of lent frames as an observable. Unsubscribing, or aborting `signal`, aborts the generator's signal; a frame that
 * was not taken is given back.
 */
export function observeFrames<T extends { readonly loan: Loan }>(
  frames: (signal: AbortSignal) => AsyncGenerator<T>,
  signal?: AbortSignal,
): Observable<T> {
  return new Observable((subscriber) => {
    const controller = new AbortController();
    const all = signal ? AbortSignal.any([signal, controller.signal]) : controller.signal;
    const run = async () => {
      for await (const frame of frames(all)) {
        if (subscriber.closed) {
          frame.loan.release();
          return;
        }
        subscriber.next(frame);
      }
    };
    run().then(
      () => subscriber.complete(),
      (error: unknown) => subscriber.error(error),
    );
    return () => controller.abort(new Error('Nobody listens to the frames any more.'));
  });
}

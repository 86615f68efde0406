import { defer, Observable, type ObservableInput, type OperatorFunction, Subscription } from 'rxjs';
import { openRunning, type Running } from './running.ts';

/**
 * Runs `project` on up to `concurrency` values at once and emits the results, the last value of each, in source order.
 *
 * `mergeMap` keeps the concurrency and loses the order; `concatMap` keeps the order and loses the concurrency. Results that wait
 * for an earlier one, and values that wait for their turn, are bounded by the frame pool upstream.
 *
 * After the first failure, of the source or of a projection, no other is begun, and `signal` tells those that run; the failure is
 * emitted when they have ended. Where the result is unsubscribed they end unheard: `running` tells when.
 */
export function mapOrdered<T, R>(
  project: (value: T, signal: AbortSignal) => ObservableInput<R>,
  concurrency: number,
  running: Running = openRunning(),
): OperatorFunction<T, R> {
  return (source) =>
    new Observable((subscriber) => {
      const upstream = new Subscription();
      const stop = new AbortController();
      const results: Result<R>[] = [];
      const waiting: Array<() => void> = [];
      let active = 0;
      let isComplete = false;
      let failure: { readonly reason: unknown } | undefined;

      const settle = (): void => {
        if (failure) {
          if (active === 0) subscriber.error(failure.reason);
          return;
        }
        while (results[0]?.isDone) {
          const { values } = results.shift() as Result<R>;
          for (const value of values) subscriber.next(value);
        }
        if (isComplete && results.length === 0) subscriber.complete();
      };
      const beginNoMore = (reason: unknown): void => {
        waiting.length = 0;
        stop.abort(reason);
        upstream.unsubscribe();
      };
      const fail = (reason: unknown): void => {
        failure ??= { reason };
        beginNoMore(reason);
      };
      const begin = (value: T, result: Result<R>): void => {
        active += 1;
        const ended = running.begin();
        const done = () => {
          active -= 1;
          waiting.shift()?.();
          settle();
          ended();
        };
        // Not unsubscribed with the result: what has begun ends by itself, and is waited for.
        defer(() => project(value, stop.signal)).subscribe({
          next: (projection) => {
            result.values = [projection];
          },
          error: (reason) => {
            fail(reason);
            done();
          },
          complete: () => {
            result.isDone = true;
            done();
          },
        });
      };

      const receive = (value: T): void => {
        // A source that emits all at once is not stopped by unsubscribing.
        if (stop.signal.aborted) return;
        const result: Result<R> = { values: [], isDone: false };
        results.push(result);
        if (active < concurrency) begin(value, result);
        else waiting.push(() => begin(value, result));
      };
      upstream.add(
        source.subscribe({
          next: receive,
          error(reason) {
            fail(reason);
            settle();
          },
          complete() {
            isComplete = true;
            settle();
          },
        }),
      );
      return () => beginNoMore(new Error('Nobody waits for the results any more.'));
    });
}

interface Result<R> {
  values: readonly R[];
  isDone: boolean;
}

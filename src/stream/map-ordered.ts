import { concatMap, map, type OperatorFunction } from 'rxjs';

/**
 * Runs `project` on up to `concurrency` values at once and emits the results in source order.
 *
 * `mergeMap` keeps the concurrency and loses the order; `concatMap` keeps the order and loses the concurrency. Results that
 * wait for an earlier one are bounded by the frame pool upstream.
 */
export function mapOrdered<T, R>(project: (value: T) => Promise<R>, concurrency: number): OperatorFunction<T, R> {
  return (source) =>
    source.pipe(
      map(limited(project, concurrency)),
      concatMap((result) => result),
    );
}

/** `project`, of which at most `concurrency` calls run at any moment; the others wait their turn. */
function limited<T, R>(project: (value: T) => Promise<R>, concurrency: number): (value: T) => Promise<R> {
  const waiting: Array<() => void> = [];
  let running = 0;

  const run = async (value: T): Promise<R> => {
    if (running === concurrency) await new Promise<void>((start) => waiting.push(start));
    else running += 1;
    try {
      return await project(value);
    } finally {
      const start = waiting.shift();
      if (start) start();
      else running -= 1;
    }
  };

  return (value) => {
    const result = run(value);
    // A later value may fail while an earlier one is still awaited: `concatMap` reports it in its turn.
    result.catch(() => {});
    return result;
  };
}

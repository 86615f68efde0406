import { type MonoTypeOperatorFunction, Observable } from 'rxjs';

/** Emits each value and then releases it: whoever needs what it lends for longer retains it while it is emitted. */
export function releaseAfter<T>(release: (value: T) => void): MonoTypeOperatorFunction<T> {
  return (source) =>
    new Observable((subscriber) =>
      source.subscribe({
        next(value) {
          try {
            subscriber.next(value);
          } finally {
            release(value);
          }
        },
        error: (reason: unknown) => subscriber.error(reason),
        complete: () => subscriber.complete(),
      }),
    );
}

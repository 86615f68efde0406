import { Observable, type OperatorFunction } from 'rxjs';

/**
 * Holds every value back until `count` later ones have arrived (or the source completes), so that its successors have passed this
 * point when it is emitted. Values held when the stream fails or is unsubscribed go to `drop`.
 */
export function lookAhead<T>(count: number, drop: (value: T) => void = () => {}): OperatorFunction<T, T> {
  return (source) =>
    new Observable((subscriber) => {
      const held: T[] = [];
      const inner = source.subscribe({
        next(value) {
          held.push(value);
          if (held.length > count) subscriber.next(held.shift() as T);
        },
        error: (error) => subscriber.error(error),
        complete() {
          while (held.length > 0 && !subscriber.closed) subscriber.next(held.shift() as T);
          subscriber.complete();
        },
      });
      return () => {
        inner.unsubscribe();
        for (const value of held.splice(0)) drop(value);
      };
    });
}

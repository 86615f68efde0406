import { Observable } from 'rxjs';

/**
 * What an asynchronous function hands to `emit`, as a cold stream that ends as the function does. What the function holds it lets go
 * of itself, before the stream ends. Unsubscribing aborts its signal: it then ends unheard.
 *
 * @param stop the same by another's signal, whose reason becomes the stream's error
 */
export function streamOf<T>(
  run: (emit: (value: T) => void, signal: AbortSignal) => Promise<void>,
  stop?: AbortSignal,
): Observable<T> {
  return new Observable((subscriber) => {
    const left = new AbortController();
    const signal = stop ? AbortSignal.any([stop, left.signal]) : left.signal;
    const started = async () => {
      signal.throwIfAborted();
      await run((value) => subscriber.next(value), signal);
    };
    started().then(
      () => subscriber.complete(),
      (error: unknown) => subscriber.error(error),
    );
    return () => left.abort(new Error('Nobody listens to the stream any more.'));
  });
}

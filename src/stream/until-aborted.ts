import { type MonoTypeOperatorFunction, Observable } from 'rxjs';

/** Fails with the signal's reason as soon as it is aborted, and unsubscribes from the source. */
export function untilAborted<T>(signal: AbortSignal | undefined): MonoTypeOperatorFunction<T> {
  return (source) =>
    new Observable((subscriber) => {
      if (signal?.aborted) {
        subscriber.error(signal.reason);
        return undefined;
      }
      const abort = () => subscriber.error(signal?.reason);
      signal?.addEventListener('abort', abort, { once: true });
      subscriber.add(() => signal?.removeEventListener('abort', abort));
      return source.subscribe(subscriber);
    });
}

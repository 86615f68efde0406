import { lastValueFrom, take, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { streamOf } from '../../src/stream/stream-of.ts';

/** Emits 1, 2, 3 with a rest behind each, and notes what happens. */
function counting(stop?: AbortSignal) {
  const events: string[] = [];
  const stream = streamOf<number>(async (emit, signal) => {
    events.push('opened');
    try {
      for (const value of [1, 2, 3]) {
        signal.throwIfAborted();
        emit(value);
        await null;
      }
    } finally {
      await null;
      events.push('closed');
    }
  }, stop);
  return { events, stream };
}

const settled = () => new Promise((resolve) => setTimeout(resolve));

describe('streamOf', () => {
  it('emits what the function emits, runs it for each subscription, and completes when it has let go', async () => {
    const { events, stream } = counting();
    expect(events).toEqual([]);
    expect(await lastValueFrom(stream.pipe(toArray()))).toEqual([1, 2, 3]);
    expect(events).toEqual(['opened', 'closed']);
    await lastValueFrom(stream);
    expect(events).toHaveLength(4);
  });

  it('tells the function where nobody listens any more, which then lets go', async () => {
    const { events, stream } = counting();
    expect(await lastValueFrom(stream.pipe(take(2), toArray()))).toEqual([1, 2]);
    await settled();
    expect(events).toEqual(['opened', 'closed']);
  });

  it('errors with the reason of a signal, when the function has let go', async () => {
    const stop = new AbortController();
    const reason = new Error('stop');
    const { events, stream } = counting(stop.signal);
    const failed = new Promise((resolve) => {
      stream.subscribe({
        next: () => stop.abort(reason),
        error: (error: unknown) => resolve([error, [...events]]),
      });
    });
    expect(await failed).toEqual([reason, ['opened', 'closed']]);
  });

  it('does not begin where the signal was aborted before', async () => {
    const { events, stream } = counting(AbortSignal.abort('late'));
    await expect(lastValueFrom(stream)).rejects.toBe('late');
    expect(events).toEqual([]);
  });
});

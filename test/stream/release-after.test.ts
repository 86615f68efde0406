import { delay, take, tap } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { describe, expect, it } from 'vitest';
import { releaseAfter } from '../../src/stream/release-after.ts';

const drawn = () => new TestScheduler((actual, expected) => expect(actual).toEqual(expected));

describe('releaseAfter', () => {
  it('passes everything on, and releases a value when it was emitted, however long others work on it', () => {
    const events: string[] = [];
    const scheduler = drawn();
    scheduler.run(({ cold, expectObservable }) => {
      const released = cold('ab-c|').pipe(
        releaseAfter((value) => events.push(`released ${value} at ${scheduler.now()}`)),
        tap((value) => events.push(`emitted ${value}`)),
        delay(2),
      );
      expectObservable(released).toBe('--ab-(c|)');
    });
    expect(events).toEqual([
      ...['emitted a', 'released a at 0'],
      ...['emitted b', 'released b at 1'],
      ...['emitted c', 'released c at 3'],
    ]);
  });

  it('releases the value at which its listener leaves, and hands errors on', () => {
    const released: string[] = [];
    drawn().run(({ cold, expectObservable, expectSubscriptions }) => {
      const left = cold('abc');
      expectObservable(
        left.pipe(
          releaseAfter((value) => released.push(value)),
          take(2),
        ),
      ).toBe('a(b|)');
      expectSubscriptions(left.subscriptions).toBe('^!');
      expectObservable(cold('-#').pipe(releaseAfter(() => {}))).toBe('-#');
    });
    expect(released).toEqual(['a', 'b']);
  });
});

import { map, NEVER, of, take, throwError, timer } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { describe, expect, it } from 'vitest';
import { trackedBy } from '../../../src/pipeline/streams/tracked-by.ts';

const drawn = () => new TestScheduler((actual, expected) => expect(actual).toEqual(expected));

/** A frame that notes when it is held and let go. */
const frameOf = (name: string, events: string[], now: () => number) => ({
  name,
  hold() {
    events.push(`${name} held at ${now()}`);
    return () => void events.push(`${name} let go at ${now()}`);
  },
});

/**
 * Tracking that opens in `opening`, and takes 2 for each frame and at the end. A shot ends at every `c`; it is called by its frames.
 */
function tracking(opening = 1) {
  const scheduler = drawn();
  const events: string[] = [];
  let isTold = false;
  const operator = trackedBy((first: ReturnType<typeof frameOf>, signal) => {
    events.push(`opened for ${first.name}`);
    signal.addEventListener('abort', () => {
      isTold = true;
    });
    let shot = '';
    const close = () => void events.push(`closed at ${scheduler.now()}`);
    const track = ({ name }: { readonly name: string }) => {
      if (name === 'x') return throwError(() => 'x failed');
      return timer(2).pipe(
        map(() => {
          const closed = name === 'c' ? [shot] : [];
          shot = name === 'c' ? name : shot + name;
          return closed;
        }),
      );
    };
    return timer(opening).pipe(map(() => ({ track, end: () => timer(2).pipe(map(() => [shot])), close })));
  });
  const framed = map((name: string) => frameOf(name, events, () => scheduler.now()));
  return { scheduler, events, operator, framed, isTold: () => isTold };
}

describe('trackedBy', () => {
  it('opens for the first frame, tracks one after another, and emits the last shot when the frames have ended', () => {
    const { scheduler, events, operator, framed } = tracking();
    scheduler.run(({ hot, expectObservable }) => {
      // Opened at 1; tracked at 3, 5, 7; ended at 9.
      const shots = hot('abc|').pipe(framed, operator);
      expectObservable(shots).toBe('-------s-(t|)', { s: 'ab', t: 'c' });
    });
    expect(events).toEqual([
      ...['a held at 0', 'opened for a', 'b held at 1', 'c held at 2'],
      ...['a let go at 3', 'b let go at 5', 'c let go at 7', 'closed at 9'],
    ]);
  });

  it('opens nothing where no frame comes', () => {
    const { scheduler, events, operator, framed } = tracking();
    scheduler.run(({ cold, expectObservable }) => {
      expectObservable(cold('--|').pipe(framed, operator)).toBe('--|');
    });
    expect(events).toEqual([]);
  });

  it('lets go of the frames and closes where nobody waits for shots any more', () => {
    const { scheduler, events, operator, framed, isTold } = tracking();
    scheduler.run(({ hot, expectObservable, expectSubscriptions }) => {
      const frames = hot('ac------ac');
      expectObservable(frames.pipe(framed, operator, take(1))).toBe('-----(s|)', { s: 'a' });
      expectSubscriptions(frames.subscriptions).toBe('^----!');
    });
    expect(events.at(-1)).toBe('closed at 5');
    expect(isTold()).toBe(true);
  });

  it('closes what is opened only after everybody has left', () => {
    const { scheduler, events, operator, framed, isTold } = tracking(3);
    scheduler.run(({ hot, expectObservable }) => {
      expectObservable(hot('a').pipe(framed, operator), '-!').toBe('');
    });
    expect(events).toEqual(['a held at 0', 'opened for a', 'a let go at 1', 'closed at 3']);
    expect(isTold()).toBe(true);
  });

  it('fails as its frames, its opening or its tracking fail', () => {
    const { scheduler, operator, framed, events } = tracking();
    scheduler.run(({ cold, expectObservable }) => {
      expectObservable(cold('a-#').pipe(framed, operator)).toBe('--#');
      expectObservable(cold('ax--').pipe(framed, operator)).toBe('---#', undefined, 'x failed');
      const closed = trackedBy(() => throwError(() => 'not opened'));
      expectObservable(of({ hold: () => () => {} }).pipe(closed)).toBe('#', undefined, 'not opened');
      const silent = trackedBy(() => NEVER);
      expectObservable(cold('a|').pipe(framed, silent), '--!').toBe('');
    });
    expect(events.filter((event) => event.startsWith('closed'))).toHaveLength(2);
  });
});

import { map, throwError, timer } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { describe, expect, it } from 'vitest';
import { gatherShots } from '../../../src/pipeline/streams/gather-shots.ts';

const drawn = () => new TestScheduler((actual, expected) => expect(actual).toEqual(expected));

describe('gatherShots', () => {
  it('gives all shots as one value when they have ended, and asks about the first alone', () => {
    const asked: string[] = [];
    drawn().run(({ cold, expectObservable }) => {
      const check = (shot: string) => {
        asked.push(shot);
        return timer(3);
      };
      expectObservable(cold('-ab---c|').pipe(gatherShots(check))).toBe('-------(s|)', { s: ['a', 'b', 'c'] });
      expectObservable(cold('a|').pipe(gatherShots(check))).toBe('---(s|)', { s: ['a'] });
    });
    expect(asked).toEqual(['a', 'a']);
  });

  it('gives nothing where there are none', () => {
    drawn().run(({ cold, expectObservable }) => {
      expectObservable(cold('--|').pipe(gatherShots(() => timer(1)))).toBe('--|');
    });
  });

  it('fails as soon as the first one is refused, and waits for no other', () => {
    drawn().run(({ cold, expectObservable, expectSubscriptions }) => {
      const shots = cold('-a-----b|');
      const refuse = () => timer(2).pipe(map(() => throwRefusal()));
      expectObservable(shots.pipe(gatherShots(refuse))).toBe('---#', undefined, 'refused');
      expectSubscriptions(shots.subscriptions).toBe('^--!');
      expectObservable(cold('a-#').pipe(gatherShots(() => throwError(() => 'refused')))).toBe(
        '#',
        undefined,
        'refused',
      );
    });
  });
});

function throwRefusal(): never {
  throw 'refused';
}

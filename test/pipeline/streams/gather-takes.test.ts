import { map } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { describe, expect, it } from 'vitest';
import { OutputError } from '../../../src/disk/output-error.ts';
import { gatherTakes } from '../../../src/pipeline/streams/gather-takes.ts';

const drawn = () => new TestScheduler((actual, expected) => expect(actual).toEqual(expected));

/** A take of a run of three; `d` is of another run. */
const takeOf = (name: string) => {
  const isOther = name === 'd';
  const place = { out: isOther ? 'other' : 'out' };
  return {
    take: { in: 10 * 'abcd'.indexOf(name), key: name },
    run: { plan: { key: place.out, takes: ['a', 'b', 'c'], place } },
  };
};
const all = ['a', 'b', 'c'].map(takeOf);

describe('gatherTakes', () => {
  it('gives all takes of a run as one value when they have ended, in the order of their frames', () => {
    drawn().run(({ cold, expectObservable }) => {
      expectObservable(cold('a-b-c-|').pipe(map(takeOf), gatherTakes())).toBe('------(t|)', { t: all });
      expectObservable(cold('cab|').pipe(map(takeOf), gatherTakes())).toBe('---(t|)', { t: all });
    });
  });

  it('gives nothing where no take came, and fails as the takes do', () => {
    drawn().run(({ cold, expectObservable }) => {
      expectObservable(cold('---|').pipe(map(takeOf), gatherTakes())).toBe('---|');
      expectObservable(cold('ab-#').pipe(map(takeOf), gatherTakes())).toBe('---#');
    });
  });

  it('fails where takes are missing, come twice, or are of several runs', () => {
    const short = (came: number) =>
      new OutputError(
        'out',
        `"out" is joined of 3 takes, each once, but ${came} came. Let all of them through to writeReel; to restore fewer frames, ask openReel for a range.`,
      );
    const mixed = new OutputError(
      'out',
      '"out" cannot be joined of the takes of several runs: one is for "other". Give each output a writeReel of its own.',
    );
    drawn().run(({ cold, expectObservable }) => {
      expectObservable(cold('ab|').pipe(map(takeOf), gatherTakes())).toBe('--#', undefined, short(2));
      expectObservable(cold('abca|').pipe(map(takeOf), gatherTakes())).toBe('----#', undefined, short(4));
      expectObservable(cold('aab|').pipe(map(takeOf), gatherTakes())).toBe('---#', undefined, short(3));
      expectObservable(cold('abd|').pipe(map(takeOf), gatherTakes())).toBe('---#', undefined, mixed);
    });
  });
});

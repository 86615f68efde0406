import { describe, expect, it } from 'vitest';
import {
  type ListFilter,
  listedReels,
  listedShots,
  listRows,
  NO_FILTER,
  nextUndecided,
  rowBeside,
} from '../../../src/page/list/listed.ts';
import type { Badness, ReelEntry, ReviewShot, ReviewTrack } from '../../../src/review/api.ts';
import { decided, REEL, shot, track } from '../decided-reel.ts';

const bad = (score: number): Badness => ({
  ...{ score, flicker: null, likenessLost: null, gate: null, sharpness: null, refusals: 0, change: null, most: null },
});

const shotAt = (index: number, score: number, tracks: readonly string[]): ReviewShot => ({
  ...{ index, in: 10 * index, out: 10 * index + 10, poster: 10 * index, tracks, worst: bad(score), state: 'undecided' },
});

const trackOf = (id: string, of: number, score: number, cast: string | null): ReviewTrack => ({
  ...{ id, shot: of, in: 10 * of, out: 10 * of + 10, cast, similarity: null, restored: 10, refused: 0 },
  ...{ leftAlone: [], state: 'undecided', badness: bad(score), worstFrame: 10 * of, boxes: [], five: [] },
});

/** Three shots: Anna and Ben, nobody, Ben. */
const reel = {
  shots: [shotAt(0, 2, ['a', 'b']), shotAt(1, 0, []), shotAt(2, 5, ['c'])],
  tracks: [trackOf('c', 2, 5, 'Ben'), trackOf('b', 0, 2, 'Ben'), trackOf('a', 0, 1, 'Anna')],
};
const known = { shots: 3, tracks: ['a', 'b', 'c'] };
const undecided = decided([], known);

const shown = (filter: Partial<ListFilter>, list = undecided) =>
  listedShots(reel, list, { ...NO_FILTER, ...filter }).map(
    (one) => `${one.shot.index}: ${one.tracks.map(({ track: { id } }) => id).join(' ')}`,
  );

describe('the list of shots and tracks', () => {
  it('has the worst first', () => {
    expect(shown({})).toEqual(['2: c', '0: b a', '1: ']);
  });

  it('is in the order of the film where that is asked for, and tracks that begin together stay worst first', () => {
    expect(shown({ order: 'time' })).toEqual(['0: b a', '1: ', '2: c']);
  });

  it('has only tracks of a person, and shots with such', () => {
    expect(shown({ person: 'Anna' })).toEqual(['0: a']);
    expect(shown({ person: null })).toEqual([]);
  });

  it('goes by whom a track was decided to show', () => {
    const list = decided([['Anna', track('a'), { what: 'cast', as: null }]], known);
    expect(shown({ person: null }, list)).toEqual(['0: a']);
    expect(shown({ person: 'Anna' }, list)).toEqual([]);
  });

  it('has shots and tracks of a state', () => {
    const list = decided(
      [
        ['Anna', track('b'), { what: 'approve' }],
        ['Anna', shot(1), { what: 'approve' }],
      ],
      known,
    );
    expect(shown({ state: 'approved' }, list)).toEqual(['0: b', '1: ']);
    expect(shown({ state: 'approved', person: 'Ben' }, list)).toEqual(['0: b']);
    expect(shown({ state: 'rejected' }, list)).toEqual([]);
  });
});

describe('the rows of the list', () => {
  const rowsOf = (list = undecided) => listRows(listedShots(reel, list, NO_FILTER));

  it('are each shot and, below it, its tracks', () => {
    expect(rowsOf().map(({ target }) => target)).toEqual([
      shot(2),
      track('c'),
      shot(0),
      track('b'),
      track('a'),
      shot(1),
    ]);
  });

  it('are moved through one by one, and not past the ends', () => {
    const rows = rowsOf();
    expect(rowBeside(rows, track('c'), 1)?.target).toEqual(shot(0));
    expect(rowBeside(rows, track('c'), -1)?.target).toEqual(shot(2));
    expect(rowBeside(rows, shot(2), -1)?.target).toEqual(shot(2));
    expect(rowBeside(rows, shot(1), 1)?.target).toEqual(shot(1));
    expect(rowBeside(rows, REEL, 1)?.target).toEqual(shot(2));
    expect(rowBeside([], REEL, 1)).toBeNull();
  });

  it('lead from one undecided to the next, around the end', () => {
    const rows = rowsOf(
      decided(
        [
          ['Anna', shot(0), { what: 'approve' }],
          ['Anna', track('b'), { what: 'reject' }],
        ],
        known,
      ),
    );
    expect(nextUndecided(rows, track('c'))?.target).toEqual(track('a'));
    expect(nextUndecided(rows, shot(1))?.target).toEqual(shot(2));
  });

  it('lead nowhere where nothing else is undecided', () => {
    const all = [shot(0), shot(1), shot(2), track('a'), track('b')];
    const rows = rowsOf(
      decided(
        all.map((one) => ['Anna', one, { what: 'approve' }] as const),
        known,
      ),
    );
    expect(nextUndecided(rows, track('c'))).toBeNull();
    expect(nextUndecided(rows, track('a'))?.target).toEqual(track('c'));
  });
});

describe('the list of reels', () => {
  const entry = (name: string, finished: string, approved: number, people: readonly string[]): ReelEntry => ({
    ...{ id: name, name, finished, frames: 1, restored: 1, shots: 1, tracks: 1, worst: bad(1), people },
    states: { undecided: 0, approved, rejected: 0, redo: 0 },
  });
  const reels = [entry('one', '2026-11-01T00:00:00Z', 0, ['Anna']), entry('two', '2026-11-02T00:00:00Z', 2, [])];
  const names = (filter: Partial<ListFilter>) =>
    listedReels(reels, { ...NO_FILTER, ...filter }).map(({ name }) => name);

  it('is as the server sorted it, or the latest first', () => {
    expect([names({}), names({ order: 'time' })]).toEqual([
      ['one', 'two'],
      ['two', 'one'],
    ]);
  });

  it('has those in which a person is, or something has a state', () => {
    expect([names({ person: 'Anna' }), names({ state: 'approved' }), names({ state: 'redo' })]).toEqual([
      ['one'],
      ['two'],
      [],
    ]);
  });
});

import { describe, expect, it } from 'vitest';
import {
  changesSince,
  decidedCast,
  decidedRequest,
  historyOf,
  lastStandingBy,
  leftOutStills,
  stateIn,
} from '../../../src/page/decide/decided.ts';
import { decided, REEL, shot, track } from '../decided-reel.ts';

describe('the history of a target', () => {
  const list = decided([
    ['Anna', track('a'), { what: 'approve' }],
    ['Ben', track('b'), { what: 'reject' }],
    ['Ben', track('a'), { what: 'reject' }],
    ['Anna', track('a'), { what: 'undo', of: 'd3' }],
  ]);

  it('is of that target, the latest first, and says what was undone', () => {
    const lines = historyOf(list, track('a'));
    expect(lines.map(({ decision, isUndone, of }) => [decision.seq, isUndone, of?.seq ?? null])).toEqual([
      [4, false, 3],
      [3, true, null],
      [1, false, null],
    ]);
  });

  it('of the reel is all there is', () => {
    expect(historyOf(list, REEL).map(({ decision }) => decision.seq)).toEqual([4, 3, 2, 1]);
  });
});

describe('what one key undoes', () => {
  const list = decided([
    ['Anna', shot(0), { what: 'approve' }],
    ['Anna', shot(1), { what: 'note' }],
    ['Ben', shot(0), { what: 'reject' }],
    ['Anna', shot(0), { what: 'redo' }],
    ['Ben', shot(0), { what: 'undo', of: 'd4' }],
  ]);

  it('is the last decision on the target by that person that stands', () => {
    expect(lastStandingBy(list, shot(0), 'Anna')?.id).toBe('d1');
    expect(lastStandingBy(list, shot(0), 'Ben')?.id).toBe('d3');
  });

  it('is nothing where that person decided nothing on it', () => {
    expect(lastStandingBy(list, shot(1), 'Ben')).toBeNull();
    expect(lastStandingBy(list, REEL, 'Anna')).toBeNull();
  });
});

describe('what was decided', () => {
  it('gives the reel the state that was last said of it', () => {
    const list = decided([
      ['Anna', shot(0), { what: 'reject' }],
      ['Anna', REEL, { what: 'approve' }],
      ['Anna', REEL, { what: 'note' }],
      ['Ben', REEL, { what: 'redo' }],
      ['Ben', REEL, { what: 'undo', of: 'd4' }],
    ]);
    expect(stateIn(list, REEL)).toBe('approved');
    expect(stateIn(decided([]), REEL)).toBe('undecided');
  });

  it('casts a track as who was last said, nobody among them', () => {
    const list = decided([
      ['Anna', track('a'), { what: 'cast', as: 'Greta' }],
      ['Anna', track('b'), { what: 'cast', as: null }],
      ['Anna', track('c'), { what: 'cast', as: 'Greta' }],
      ['Anna', track('c'), { what: 'undo', of: 'd3' }],
    ]);
    expect(['a', 'b', 'c'].map((id) => decidedCast(list, id))).toEqual(['Greta', null, undefined]);
  });

  it('leaves out stills until they are taken back', () => {
    const list = decided([
      ['Anna', REEL, { what: 'still', still: 's1', leftOut: true }],
      ['Anna', REEL, { what: 'still', still: 's2', leftOut: true }],
      ['Anna', REEL, { what: 'still', still: 's1', leftOut: false }],
    ]);
    expect([...leftOutStills(list)]).toEqual(['s2']);
  });

  it('is what the next redo restores with', () => {
    const list = decided([
      ['Anna', REEL, { what: 'restorer', restorer: 'repair' }],
      ['Anna', REEL, { what: 'setting', name: 'detail.strength', value: 0.5 }],
      ['Anna', REEL, { what: 'setting', name: 'detail.reach', value: 3 }],
      ['Anna', REEL, { what: 'setting', name: 'detail.reach', value: null }],
    ]);
    expect(decidedRequest(list)).toEqual({ restorer: 'repair', preset: null, settings: [['detail.strength', 0.5]] });
  });
});

describe('the decisions that change takes', () => {
  it('are those that do not only speak to people, and the undoing of such', () => {
    const list = decided([
      ['Anna', shot(0), { what: 'reject' }],
      ['Anna', track('a'), { what: 'cast', as: null }],
      ['Anna', track('a'), { what: 'undo', of: 'd2' }],
      ['Anna', shot(0), { what: 'undo', of: 'd1' }],
      ['Anna', shot(0), { what: 'holdout', in: 0, out: 5 }],
      ['Anna', track('a'), { what: 'undo', of: 'd3' }],
    ]);
    expect([0, 2, 3, 5, 6].map((through) => changesSince(list, through))).toEqual([4, 3, 2, 1, 0]);
  });
});

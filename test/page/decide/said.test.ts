import { describe, expect, it } from 'vitest';
import { endOf, nameOfTarget, saidBy } from '../../../src/page/decide/said.ts';
import type { Decision, DecisionBody, RedoState } from '../../../src/review/api.ts';

const REEL = {
  ...{ first: 1001, timecode: null, rate: { num: 24, den: 1 } },
  stills: [{ id: 's1', person: 'Greta', name: 'greta-03.jpg', leftOut: false }],
};

describe('a decision in words', () => {
  it.each<[string, DecisionBody]>([
    ['approved', { what: 'approve' }],
    ['rejected', { what: 'reject' }],
    ['to redo', { what: 'redo' }],
    ['noted', { what: 'note' }],
    ['box in frame 1005', { what: 'box', frame: 4, box: [0, 0, 1, 1] }],
    ['restorer repair', { what: 'restorer', restorer: 'repair' }],
    ['preset careful', { what: 'preset', preset: 'careful' }],
    ['detail.strength = 0.5', { what: 'setting', name: 'detail.strength', value: 0.5 }],
    ['detail.strength as restored', { what: 'setting', name: 'detail.strength', value: null }],
    ['cast as Greta', { what: 'cast', as: 'Greta' }],
    ['cast as nobody', { what: 'cast', as: null }],
    ['still greta-03.jpg left out', { what: 'still', still: 's1', leftOut: true }],
    ['still greta-03.jpg taken back', { what: 'still', still: 's1', leftOut: false }],
    ['points placed in frame 1005', { what: 'pin', frame: 4, five: [] }],
    ['held out: frames 1005–1010', { what: 'holdout', in: 4, out: 10 }],
    ['box held out in frame 1005', { what: 'holdout', in: 4, out: 5, box: [0, 0, 1, 1] }],
  ])('is short: %s', (words, body) => {
    expect(saidBy(body, REEL)).toBe(words);
  });

  it('names what it undid', () => {
    const undone: Decision = {
      ...{ id: 'a', seq: 3, who: 'Anna', when: '2026-11-28T12:00:00Z', target: { scope: 'reel' } },
      body: { what: 'reject' },
    };
    expect(saidBy({ what: 'undo', of: 'a' }, REEL, undone)).toBe('undid no. 3, rejected');
  });

  it('is of a shot, a face, or all of the reel', () => {
    const targets = [{ scope: 'reel' }, { scope: 'shot', shot: 2 }, { scope: 'track', track: 'f1001' }] as const;
    expect(targets.map(nameOfTarget)).toEqual(['Whole reel', 'Shot 3', 'Face f1001']);
  });
});

describe('the end of a redo', () => {
  const redo: RedoState = { state: 'idle', progress: null, takes: null, error: null, through: 0 };

  it('says how many takes were rendered and kept, or why it ended', () => {
    const ends: readonly Partial<RedoState>[] = [
      { state: 'done', takes: { redone: 1, kept: 6 } },
      { state: 'failed', error: 'The disk is full.' },
      { state: 'cancelled' },
    ];
    expect(ends.map((end) => endOf({ ...redo, ...end }))).toEqual([
      '1 take rendered, 6 kept.',
      'The disk is full.',
      'The redo was cancelled. Finished takes are kept.',
    ]);
  });

  it('is not there while it runs, and where there was none', () => {
    expect([redo, { ...redo, state: 'running' as const }].map(endOf)).toEqual([null, null]);
  });
});

import { describe, expect, it } from 'vitest';
import { addFacts, noFacts, restoringNotes } from '../../src/pipeline/take-restoring.ts';
import type { RestorationFacts } from '../../src/restore/restorer.ts';

const FULL: RestorationFacts = { strength: 1, averaged: 8, dirt: 0.01 };

function sumsOf(track: string, facts: readonly (RestorationFacts | null)[]) {
  return facts.reduce(addFacts, noFacts(track));
}

describe('restoringNotes', () => {
  it('says nothing of a face that was restored throughout', () => {
    expect(restoringNotes([[sumsOf('t1', [FULL, { ...FULL, gate: 0.8, blur: 2 }])]], [])).toEqual([]);
  });

  it('adds takes, and names what was refused, faded and without agreeing stills', () => {
    const takes = [
      [sumsOf('t1', [null, { ...FULL, strength: 0.5 }])],
      [sumsOf('t1', [null, FULL]), sumsOf('t2', [{ ...FULL, gate: 0.25, blur: 2 }])],
    ];
    expect(restoringNotes(takes, [])).toEqual([
      't1: left as it was in 2 frames; the face is too small there, turned away, or in a light of its own (a flash).',
      't1: restored only in part in 1 frame; the face is small there, or nearly in profile.',
      't2: 25 % of the detail that the stills offer agrees with the film; elsewhere the face is the repaired plate. Stills nearer to the shot in pose, expression and light would give more.',
    ]);
  });
});

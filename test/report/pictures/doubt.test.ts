import { describe, expect, it } from 'vitest';
import { doubtOf, isDoubtful } from '../../../src/report/pictures/doubt.ts';
import type { PictureFaceRecord, PictureRecord } from '../../../src/report/pictures/picture-record.ts';

const THRESHOLD = 0.5;

function pictureWith(faces: readonly PictureFaceRecord[], more: Partial<PictureRecord> = {}): PictureRecord {
  return {
    ...{ name: 'a.jpg', key: '0'.repeat(64), source: { sha256: null, bytes: 1, written: 1 }, output: null },
    ...{ outcome: 'restored', faces: [...faces], notes: [] },
    runs: { detector: 0, landmarker: 0, refiner: 0, recogniser: 0, restorer: 0 },
    seconds: { read: 0, networks: 0, restore: 0, write: 0 },
    ...more,
  };
}

function face(more: Partial<PictureFaceRecord>): PictureFaceRecord {
  return { box: [0, 0, 10, 10], person: 'anna', similarity: 0.8, outcome: 'restored', gate: 0.9, strength: 1, ...more };
}

const stranger = (similarity: number) => face({ person: null, similarity, outcome: 'unmatched' });

/** From the most doubtful to what is in no doubt. */
const PICTURES: readonly (readonly [what: string, picture: PictureRecord, reason: string | null])[] = [
  [
    'could not be read',
    pictureWith([], { outcome: 'lost', why: 'cannot be read: this user may not' }),
    'could not be read, and the output lacks it: it cannot be read: this user may not',
  ],
  [
    'is damaged',
    pictureWith([], { outcome: 'damaged', why: 'is empty: it has 0 bytes' }),
    'is damaged and was passed on as it is: it is empty: it has 0 bytes',
  ],
  [
    'has a face that was refused',
    pictureWith([face({ outcome: 'refused', why: 'it is turned away' })]),
    'a face of anna was left as it is: it is turned away',
  ],
  [
    'has a face nearly like somebody who was given',
    pictureWith([stranger(0.45)]),
    'a face is nearly somebody’s who was given, and was left as it is (cosine 0.45)',
  ],
  [
    'has a face only just like its person',
    pictureWith([face({ similarity: 0.52 })]),
    'only just like anna (cosine 0.52)',
  ],
  [
    'has a face like nobody who was given',
    pictureWith([stranger(0.1)]),
    'a face is like nobody who was given, and was left as it is (cosine 0.10)',
  ],
  ['has a face that was restored surely', pictureWith([face({})]), null],
];

describe('a picture', () => {
  it.each(PICTURES)('that %s is told by its reason', (_, picture, reason) => {
    expect(doubtOf(picture, THRESHOLD).reasons).toEqual(reason === null ? [] : [reason]);
  });

  it('is the further ahead the more doubtful it is', () => {
    const weights = PICTURES.map(([, picture]) => doubtOf(picture, THRESHOLD).weight);
    expect(weights).toEqual([...weights].sort((a, b) => b - a));
    expect(new Set(weights).size).toBe(weights.length);
    expect(weights.at(-1)).toBe(0);
  });

  it('of which the stills’ detail was hardly believed is in doubt, and where nobody was given no likeness is', () => {
    expect(doubtOf(pictureWith([face({ gate: 0.31 })]), THRESHOLD).reasons).toEqual([
      '31 % of the detail that the stills offer agrees with the picture',
    ]);
    expect(doubtOf(pictureWith([face({ person: null, similarity: null })]), null).weight).toBe(0);
  });

  it('is shown with the faces that are in doubt, but not with each stranger', () => {
    expect(isDoubtful(stranger(0.45), THRESHOLD)).toBe(true);
    expect(isDoubtful(stranger(0.1), THRESHOLD)).toBe(false);
  });
});

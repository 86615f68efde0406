import { expect, test } from 'vitest';
import { type CastOptions, castTracks, type Person, thresholdAt } from '../../src/face/cast.ts';
import { normalised } from '../../src/face/embedding.ts';
import type { FaceTrack } from '../../src/face/track.ts';

/** An embedding at cosine `c` to the first axis, the rest along axis `k`. */
function lookLike(c: number, k = 2, axis = 0): Float32Array {
  const v = new Float32Array(8);
  v[axis] = c;
  v[k] = Math.sqrt(1 - c * c);
  return v;
}

function track(
  id: string,
  shot: number,
  range: [number, number],
  samples: Array<[cosine: number, quality: number]>,
): FaceTrack {
  return {
    id,
    shot,
    in: range[0],
    out: range[1],
    observations: [],
    identitySamples: samples.map(([c, quality], k) => ({ frame: range[0] + k, embedding: lookLike(c), quality })),
  };
}

const ACTOR: Person = { name: 'actor', find: [lookLike(1)] };
const OPTIONS: CastOptions = { threshold: 0.5, qualityShift: 0.1, floor: 0.4, qualityFloor: 0.25, hysteresis: 0.05 };
const names = (tracks: FaceTrack[], people = [ACTOR], options = OPTIONS) =>
  castTracks(tracks, people, options).map((c) => c.person);

test('a track is cast when its identity samples agree, and with which similarity', () => {
  const [casting] = castTracks(
    [
      track(
        't1',
        0,
        [0, 10],
        [
          [0.7, 1],
          [0.72, 1],
          [0.66, 1],
        ],
      ),
    ],
    [ACTOR],
    OPTIONS,
  );
  expect(casting).toEqual({ track: 't1', person: 'actor', similarity: expect.closeTo(0.7, 5) });
});

test('nobody is cast below the threshold, and the nearest similarity is given', () => {
  const [casting] = castTracks([track('t1', 0, [0, 10], [[0.44, 1]])], [ACTOR], OPTIONS);
  expect(casting).toEqual({ track: 't1', person: null, similarity: expect.closeTo(0.44, 5) });
});

test('the threshold falls with quality, to a floor', () => {
  expect(thresholdAt(1, OPTIONS)).toBe(0.5);
  expect(thresholdAt(0.5, OPTIONS)).toBeCloseTo(0.45);
  expect(thresholdAt(0, { ...OPTIONS, threshold: 0.3 })).toBe(0.4);
  expect(names([track('t1', 0, [0, 9], [[0.46, 0.5]])])).toEqual(['actor']);
  expect(names([track('t1', 0, [0, 9], [[0.46, 1]])])).toEqual([null]);
});

test('one lucky identity sample does not outvote three others, nor do many poor ones outvote a good one', () => {
  expect(
    names([
      track(
        't1',
        0,
        [0, 9],
        [
          [0.95, 1],
          [0.3, 1],
          [0.3, 1],
          [0.3, 1],
        ],
      ),
    ]),
  ).toEqual([null]);
  expect(
    names([
      track(
        't1',
        0,
        [0, 9],
        [
          [0.8, 1],
          [0.1, 0.1],
          [0.1, 0.1],
          [0.1, 0.2],
          [0.1, 0.2],
        ],
      ),
    ]),
  ).toEqual(['actor']);
});

test('a profile, or a face that was tiny for long, is cast by the few identity samples in which it shows well', () => {
  const profiles: [number, number][] = Array.from({ length: 9 }, () => [0.3, 0.45]);
  expect(names([track('t1', 0, [0, 99], [[0.8, 0.95], ...profiles])])).toEqual(['actor']);
  expect(names([track('t1', 0, [0, 99], [[0.3, 0.95], ...profiles.map((): [number, number] => [0.8, 0.45])])])).toEqual(
    [null],
  );
  // Where it never shows well, the profiles are all that there is.
  expect(names([track('t1', 0, [0, 99], profiles)])).toEqual([null]);
  expect(
    names([
      track(
        't1',
        0,
        [0, 99],
        profiles.map(([, quality]) => [0.46, quality]),
      ),
    ]),
  ).toEqual(['actor']);
});

test('the actor is not two faces at once, but may leave and come back', () => {
  const better = track('t2', 0, [5, 30], [[0.8, 1]]);
  expect(names([track('t1', 0, [0, 20], [[0.6, 1]]), better])).toEqual([null, 'actor']);
  expect(names([track('t1', 0, [0, 5], [[0.6, 1]]), better])).toEqual(['actor', 'actor']);
  expect(names([track('t1', 1, [0, 20], [[0.6, 1]]), better])).toEqual(['actor', 'actor']);
});

test('a person who is cast in one shot is recognised a little sooner in another', () => {
  const dim = track('t1', 0, [0, 20], [[0.47, 1]]);
  expect(names([dim])).toEqual([null]);
  expect(names([dim, track('t2', 1, [20, 40], [[0.52, 1]])])).toEqual([null, 'actor']);
  expect(names([dim, track('t2', 1, [20, 40], [[0.56, 1]])])).toEqual(['actor', 'actor']);
});

test('nobody is recognised below the floor, whatever is cast in the rest of the reel', () => {
  const sure = track('t2', 1, [20, 40], [[0.9, 1]]);
  const strict = { ...OPTIONS, floor: 0.48 };
  expect(names([track('t1', 0, [0, 20], [[0.47, 1]]), sure], [ACTOR], strict)).toEqual([null, 'actor']);
  expect(names([track('t1', 0, [0, 20], [[0.485, 0]]), sure], [ACTOR], strict)).toEqual(['actor', 'actor']);
});

test('of two people, each face is cast as the one that it is more like', () => {
  const other: Person = { name: 'double', find: [lookLike(1, 2, 1)] };
  const both = track('t1', 0, [0, 9], []);
  const embedding = normalised(Float32Array.of(0.62, 0.7, 0.3, 0, 0, 0, 0, 0));
  const mixed = { ...both, identitySamples: [{ frame: 0, embedding, quality: 1 }] };
  expect(names([mixed], [ACTOR, other])).toEqual(['double']);
  expect(names([mixed, track('t2', 0, [0, 9], [[0.9, 1]])], [ACTOR, other])).toEqual(['double', 'actor']);
});

test('an override comes first and takes the role', () => {
  const good = track('t1', 0, [0, 20], [[0.9, 1]]);
  const poor = track('t2', 0, [0, 20], [[0.1, 1]]);
  expect(names([good, poor], [ACTOR], { ...OPTIONS, overrides: new Map([['t2', 'actor']]) })).toEqual([null, 'actor']);
  expect(names([good, poor], [ACTOR], { ...OPTIONS, overrides: new Map([['t1', null]]) })).toEqual([null, null]);
});

test('of many stills the two nearest count', () => {
  const stills = (...cosines: number[]): Person => ({ name: 'actor', find: cosines.map((c) => lookLike(c, 3)) });
  const face = [track('t1', 0, [0, 9], [[1, 1]])];
  expect(names(face, [stills(0.9, 0.05, 0.05)])).toEqual([null]);
  expect(names(face, [stills(0.9, 0.3, 0.05)])).toEqual(['actor']);
});

test('a track without identity samples, and a person without stills, match nobody', () => {
  expect(castTracks([track('t1', 0, [0, 9], [])], [ACTOR], OPTIONS)).toEqual([
    { track: 't1', person: null, similarity: 0 },
  ]);
  expect(names([track('t1', 0, [0, 9], [[1, 1]])], [{ name: 'actor', find: [] }])).toEqual([null]);
  expect(names([track('t1', 0, [0, 9], [[1, 1]])], [])).toEqual([null]);
});

test('a face that comes back within a shot is cast by the samples of all its tracks', () => {
  const before = track(
    't1',
    0,
    [0, 40],
    [
      [0.7, 1],
      [0.68, 1],
      [0.72, 1],
    ],
  );
  // Half turned away: below the threshold, but like the face that left.
  const back = track('t2', 0, [60, 80], [[0.4, 0.6]]);
  expect(names([before, back])).toEqual(['actor', 'actor']);
  expect(names([back])).toEqual([null]);
  expect(castTracks([before, back], [ACTOR], OPTIONS)[1]?.similarity).toBeCloseTo(0.4, 5);
});

test('two faces that are in view at once are never one, however alike', () => {
  const before = track('t1', 0, [0, 40], [[0.7, 1]]);
  const twin = track('t2', 0, [30, 80], [[0.4, 0.6]]);
  expect(names([before, twin])).toEqual(['actor', null]);
});

test('a stranger who enters after the actor left is not taken for him', () => {
  const before = track('t1', 0, [0, 40], [[0.7, 1]]);
  const stranger = {
    ...track('t2', 0, [60, 80], []),
    identitySamples: [{ frame: 60, embedding: lookLike(0.4, 5), quality: 1 }],
  };
  expect(names([before, stranger])).toEqual(['actor', null]);
});

test('an override of one track does not bind the face when it comes back', () => {
  const before = track('t1', 0, [0, 40], [[0.7, 1]]);
  const back = track('t2', 0, [60, 80], [[0.7, 1]]);
  expect(names([before, back], [ACTOR], { ...OPTIONS, overrides: new Map([['t1', null]]) })).toEqual([null, 'actor']);
});

test('a track is cast only as whom its exception allows, by its own limits', () => {
  const tracks = [
    track('t1', 0, [0, 10], [[0.7, 1]]),
    track('t2', 1, [10, 20], [[0.7, 1]]),
    track('t3', 2, [20, 30], [[0.4, 1]]),
  ];
  const exceptions = new Map([
    ['t1', { only: [] }],
    ['t2', { only: ['actor'] }],
    ['t3', { limits: { ...OPTIONS, threshold: 0.35 } }],
  ]);
  expect(names(tracks)).toEqual(['actor', 'actor', null]);
  expect(names(tracks, [ACTOR], { ...OPTIONS, exceptions })).toEqual([null, 'actor', 'actor']);
});

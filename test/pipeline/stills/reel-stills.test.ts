import { describe, expect, it } from 'vitest';
import { StillError } from '../../../src/film/still-error.ts';
import { facesInFrames, reelStillsOf } from '../../../src/pipeline/stills/reel-stills.ts';
import { trackOf } from '../face-tracks.ts';
import { reelOf } from '../reel-of.ts';

const reel = reelOf({ damaged: new Map([[30, 'it is cut off']]) });
const tracks = [trackOf('t1', 0, 40), { ...trackOf('t2', 20, 60), identitySamples: [] }, trackOf('t3', 70, 80)];
const shots = [
  { index: 0, in: 0, out: 80 },
  { index: 1, in: 80, out: 90, passed: true },
] as const;
const tracked = { reel, range: { in: 0, out: 90 }, shots, tracks };
const facesIn = (...frames: number[]) => facesInFrames('--reference', { name: 'anna', paths: [], frames }, [], tracked);

describe('frames of the reel given as stills', () => {
  it('are numbered as the reel is and stand for the face that they show', () => {
    expect(facesIn(1006, 1072)).toEqual([
      { track: 't1', frame: 5 },
      { track: 't3', frame: 71 },
    ]);
  });

  it.each([
    ['outside the tracked frames', 1095, /--reference anna=reel:1095: the tracked frames are 1001 to 1090\./],
    [
      'beside the listed shots',
      1085,
      /--reference anna=reel:1085: nobody looked at that frame, since --shots does not list it\. .* or list its shot, too;/,
    ],
    ['damaged', 1031, /the frame is damaged \(it is cut off\)\. Give another\./],
    ['without a face', 1066, /no face was found in that frame/],
    ['with several strangers', 1026, /2 faces were found in that frame \(t1 at 460,295; t2 at 440,295\)/],
  ])('are refused where they are %s', (_, frame, sentence) => {
    expect(() => facesIn(frame)).toThrow(StillError);
    expect(() => facesIn(frame)).toThrow(sentence);
  });

  it('show whoever of several is most like the other stills of that person', () => {
    const other = {
      ...trackOf('t2', 20, 60),
      identitySamples: [{ frame: 25, embedding: Float32Array.of(0, 1, 0), quality: 1 }],
    };
    const both = { ...tracked, tracks: [trackOf('t1', 0, 40), other] };
    const like = (x: number, y: number) =>
      facesInFrames('--find', { name: 'anna', paths: [], frames: [1026] }, [Float32Array.of(x, y, 0)], both);
    expect(like(0, 1)).toEqual([{ track: 't2', frame: 25 }]);
    expect(like(1, 0)).toEqual([{ track: 't1', frame: 25 }]);
  });
});

describe('the best frames of the reel', () => {
  const castings = [
    { track: 't1', person: 'anna', similarity: 0.8 },
    { track: 't2', person: null, similarity: 0 },
    { track: 't3', person: 'anna', similarity: 0.8 },
  ];
  const auto = [{ name: 'anna', paths: [], frames: 'auto' }] as const;

  it('come from every track of a person who is known, and serve all of them', () => {
    const stills = reelStillsOf(auto, { given: new Map(), isKnown: () => true, castings }, tracked);
    expect([...stills.keys()]).toEqual(['t1', 't3']);
    expect(new Set(stills.get('t1')?.frames.map(({ track }) => track))).toEqual(new Set(['t1', 't3']));
    expect(stills.get('t3')).toBe(stills.get('t1'));
  });

  it('come from each track for itself where no track is cast', () => {
    const stills = reelStillsOf(auto, { given: new Map(), isKnown: () => false, castings }, tracked);
    expect([...stills.keys()]).toEqual(['t1', 't2', 't3']);
    for (const [id, { frames, choose }] of stills) {
      expect(choose).toBe(true);
      expect(frames.every(({ track }) => track === id)).toBe(true);
    }
  });

  it('are never damaged ones', () => {
    const damaged = new Map(Array.from({ length: 40 }, (_, frame) => [frame, 'it is cut off'] as const));
    const stills = reelStillsOf(
      auto,
      { given: new Map(), isKnown: () => false, castings },
      { ...tracked, reel: reelOf({ damaged }) },
    );
    expect(stills.get('t1')?.frames).toEqual([]);
    expect(stills.get('t2')?.frames.every(({ frame }) => frame >= 40)).toBe(true);
  });
});

import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CANONICAL_POINTS } from '../../../src/face/canonical-face.ts';
import { fivePoints, interOcular, type Landmarks } from '../../../src/face/landmarks.ts';
import { applyX, applyY, type Similarity, transformLandmarks } from '../../../src/face/similarity.ts';
import type { FaceTrack } from '../../../src/face/track.ts';
import type { FolderReel } from '../../../src/film/reel.ts';
import { cornerPinKeyframes, trackPointKeyframes } from '../../../src/pipeline/handover/after-effects-track.ts';
import { nukeTrack } from '../../../src/pipeline/handover/nuke-track.ts';
import { writeTrackFiles } from '../../../src/pipeline/handover/track-files.ts';
import { trackedFace } from '../../../src/pipeline/handover/tracked-face.ts';
import { trackOf } from '../face-tracks.ts';
import { reelOf } from '../reel-of.ts';
import { keyframeDataOf } from './keyframe-reader.ts';
import { curveAt, type NukeNode, type NukeValue, nukeNodes, trackerRows } from './nuke-reader.ts';

/** Half a thousandth to which numbers are written, and what 32-bit landmarks round at 1000 pixels. */
const NEAR = 0.001;
const FROM = 12;
const OUT = 37;
const REFERENCE = FROM + Math.floor((OUT - FROM) / 2);

/** How a head is seen in a frame, on square pixels: it wanders, turns and comes nearer. */
function motionAt(frame: number): Similarity {
  const k = frame - FROM;
  const scale = (90 + 2 * k) / interOcular(fivePoints(CANONICAL_POINTS));
  const angle = 0.02 * k - 0.2;
  return { a: scale * Math.cos(angle), b: scale * Math.sin(angle), tx: 700 + 13.7 * k, ty: 420 - 4.1 * k };
}

/** A track of that head on pixels `aspect` times as wide as high. */
function headTrack(aspect = 1): FaceTrack {
  const track = trackOf('f1013', FROM, OUT);
  return {
    ...track,
    observations: track.observations.map((observation) => {
      const seen = transformLandmarks(motionAt(observation.frame), CANONICAL_POINTS);
      return { ...observation, landmarks: seen.map((value, i) => (i % 3 === 0 ? value / aspect : value)) };
    }),
  };
}

const LANDMARKS = {
  'left eye, outer corner': 33,
  'left eye, inner corner': 133,
  'right eye, inner corner': 362,
  'right eye, outer corner': 263,
  'nose tip': 1,
  'left mouth corner': 61,
  'right mouth corner': 291,
  'left brow': 105,
  'right brow': 334,
  'nose bridge': 168,
  chin: 152,
};

const landmarksIn = (track: FaceTrack, frame: number) => track.observations[frame - FROM]?.landmarks as Landmarks;

function nodesOf(track: FaceTrack, reel: Partial<FolderReel> = {}): readonly [NukeNode, NukeNode, string] {
  const script = nukeTrack(trackedFace(reelOf(reel), track), 'scan');
  const [tracker, pin] = nukeNodes(script) as [NukeNode, NukeNode];
  return [tracker, pin, script];
}

/** x, y of a knob or a row's pair of curves. */
const pairAt = (curves: readonly NukeValue[], frame: number) => curves.map((curve) => curveAt(curve, frame));

function expectNear(found: readonly number[], expected: readonly number[]): void {
  expect(
    Math.hypot((found[0] as number) - (expected[0] as number), (found[1] as number) - (expected[1] as number)),
  ).toBeLessThan(NEAR);
}

describe('a Nuke script of a track', () => {
  it('has the named landmarks in every frame, by the reel’s own numbers, counted up from the lower edge', () => {
    const track = headTrack();
    const [tracker] = nodesOf(track);
    expect(tracker.kind).toBe('Tracker4');
    const rows = trackerRows(tracker);
    expect(rows.map((row) => row.get('name')).sort()).toEqual(Object.keys(LANDMARKS).sort());
    for (const row of rows) {
      const index = LANDMARKS[row.get('name') as keyof typeof LANDMARKS];
      for (let frame = FROM; frame < OUT; frame++) {
        const landmarks = landmarksIn(track, frame);
        const [x, y] = [landmarks[3 * index] as number, landmarks[3 * index + 1] as number];
        const found = pairAt([row.get('track_x'), row.get('track_y')] as NukeValue[], 1001 + frame);
        expectNear(found, [x, 1080 - y]);
      }
      expect([row.get('T'), row.get('R'), row.get('S')]).toEqual(['1', '1', '1']);
      expect(curveAt(row.get('enable') as NukeValue, 1001 + FROM)).toBe(1);
    }
    expect(tracker.knobs.get('reference_frame')).toBe(String(1001 + REFERENCE));
  });

  it('puts the middle of the upper left pixel of the plate at a half from its left and upper edge', () => {
    const track = headTrack();
    const landmarks = track.observations[0]?.landmarks as Landmarks;
    landmarks.set([0.5, 0.5, 0], 3);
    const [tracker] = nodesOf(track);
    const tip = trackerRows(tracker).find((row) => row.get('name') === 'nose tip');
    expect(pairAt([tip?.get('track_x'), tip?.get('track_y')] as NukeValue[], 1001 + FROM)).toEqual([0.5, 1079.5]);
  });

  it.each([1, 2, 0.5])('pins the box of the face as the head moves, on pixels of aspect %d', (aspect) => {
    const track = headTrack(aspect);
    const [, pin] = nodesOf(track, { pixelAspect: { num: aspect * 2, den: 2 } });
    expect(pin.kind).toBe('CornerPin2D');
    const corners = [1, 2, 3, 4].map((k) => {
      const from = (pin.knobs.get(`from${k}`) as string[]).map(Number) as [number, number];
      return { from, to: pin.knobs.get(`to${k}`) as NukeValue[] };
    });
    // Lower left, lower right, upper right, upper left of the landmarks.
    const still = landmarksIn(track, REFERENCE);
    const all = (axis: number) => Array.from({ length: 468 }, (_, i) => still[3 * i + axis] as number);
    const [left, right] = [Math.min(...all(0)), Math.max(...all(0))];
    const [low, high] = [1080 - Math.max(...all(1)), 1080 - Math.min(...all(1))];
    [
      [left, low],
      [right, low],
      [right, high],
      [left, high],
    ].forEach((expected, k) => {
      expectNear(corners[k]?.from as number[], expected);
    });
    const [a, b] = [motionAt(REFERENCE), (frame: number) => motionAt(frame)];
    for (let frame = FROM; frame < OUT; frame++) {
      for (const { from, to } of corners) {
        // Where the corner is on the head, and where the head takes it.
        const [x, y] = [from[0] * aspect, 1080 - from[1]];
        const d = a.a * a.a + a.b * a.b;
        const [u, v] = [x - a.tx, y - a.ty];
        const [p, q] = [(a.a * u + a.b * v) / d, (a.a * v - a.b * u) / d];
        const now = b(frame);
        const found = pairAt(to, 1001 + frame);
        expect(
          Math.hypot(
            (found[0] as number) - applyX(now, p, q) / aspect,
            1080 - (found[1] as number) - applyY(now, p, q),
          ),
        ).toBeLessThan(0.01);
      }
    }
  });

  it('says of which frames, size and pixel aspect it is, and runs nothing that stands in a reel’s name', () => {
    const face = trackedFace(reelOf({ pixelAspect: { num: 2, den: 1 } }), headTrack());
    const script = nukeTrack(face, 'scan [exec rm] "x"{}$y');
    expect(script.split('\n')[0]).toBe('# scan _exec rm_ _x____y, frames 1013-1037, 1920 x 1080, pixel aspect 2');
    for (const node of nukeNodes(script))
      expect(node.knobs.get('label')).toMatch(/^scan _exec rm_ _x____y, frames 1013-1037/);
  });
});

describe('After Effects keyframe data of a track', () => {
  const head = (data: ReturnType<typeof keyframeDataOf>) => Object.fromEntries(data.head);

  it('has the corners of the box as mocha exports them, its frames counted from the reel’s first', () => {
    const track = headTrack();
    const face = trackedFace(reelOf({ rate: { num: 24000, den: 1001 } }), track);
    const data = keyframeDataOf(cornerPinKeyframes(face));
    expect(head(data)).toEqual({
      'Units Per Second': 23.976,
      'Source Width': 1920,
      'Source Height': 1080,
      'Source Pixel Aspect Ratio': 1,
      'Comp Pixel Aspect Ratio': 1,
    });
    const corners = [1, 2, 3, 4].map((k) =>
      data.properties.get(`Effects / ADBE Corner Pin #1 / ADBE Corner Pin-000${k}`),
    );
    const [, pin] = nodesOf(track);
    // Upper left, upper right, lower left, lower right.
    for (const [k, nuke] of [4, 3, 1, 2].entries()) {
      for (let frame = FROM; frame < OUT; frame++) {
        const [x, y] = pairAt(pin.knobs.get(`to${nuke}`) as NukeValue[], 1001 + frame) as [number, number];
        expectNear(corners[k]?.get(frame) as number[], [x, 1080 - y]);
      }
      expect(corners[k]?.size).toBe(OUT - FROM);
    }
  });

  it('has the named landmarks as track points', () => {
    const track = headTrack();
    const face = trackedFace(reelOf(), track);
    const { properties } = keyframeDataOf(trackPointKeyframes(face));
    expect(properties.size).toBe(2 * face.points.size);
    for (const [k, name] of [...face.points.keys()].entries()) {
      const index = LANDMARKS[name as keyof typeof LANDMARKS];
      for (const property of ['Feature Center', 'Attach Point']) {
        const found = properties.get(`Motion Trackers / Tracker #1 / Track Point #${k + 1} / ${property}`);
        for (let frame = FROM; frame < OUT; frame++) {
          const landmarks = landmarksIn(track, frame);
          expectNear(found?.get(frame) as number[], [
            landmarks[3 * index] as number,
            landmarks[3 * index + 1] as number,
          ]);
        }
      }
    }
  });
});

describe('the tracks of a run', () => {
  it('are files named after the reel and the track; those of tracks that are no longer restored go', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'reelmend-tracks-'));
    try {
      const reel = reelOf({ files: ['/film/scan/scan.1001.dpx'] });
      const [track, other] = [headTrack(), { ...headTrack(), id: 'f1014' }];
      for (const name of ['scan.f1014.nk', 'notes.txt']) await writeFile(join(folder, name), 'old');
      const plan = { analysis: { reel, tracked: { tracks: [track, other] } }, tracks: [{ id: track.id, track }] };
      await writeTrackFiles({ ...plan, place: { tracks: folder } } as unknown as Parameters<typeof writeTrackFiles>[0]);
      expect((await readdir(folder)).sort()).toEqual([
        'notes.txt',
        'scan.f1013.corner-pin.txt',
        'scan.f1013.nk',
        'scan.f1013.points.txt',
      ]);
      expect(await readFile(join(folder, 'scan.f1013.nk'), 'utf8')).toBe(nukeTrack(trackedFace(reel, track), 'scan'));
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

import { describe, expect, it } from 'vitest';
import { reelTracker, type TrackedShot } from '../../src/carry/track/reel-tracker.ts';
import { TRACKING_VERSION } from '../../src/carry/track/tracking-version.ts';
import { packedLength, packTrack } from '../../src/face/packed-track.ts';
import { type Similarity, transformLandmarks } from '../../src/face/similarity.ts';
import { detectionTiles } from '../../src/model/detection-tiles.ts';
import type { PicturePort } from '../../src/model/port.ts';
import { resample } from '../../src/model/resample.ts';
import { FACE_MEASURES } from '../../src/workers/face-measures.ts';
import { drawHead, HEAD, HEIGHT, WIDTH } from '../carry/drawn-head.ts';
import { STAGE_OPTIONS, stageOf } from '../carry/drawn-stage.ts';
import { hashOf } from './golden-case.ts';

/** What the scenes below come to under a version. When one changes, raise TRACKING_VERSION and write the new hashes here. */
const PINNED = {
  version: 4,
  hashes: {
    'a head that weaves, turns and speaks, through missing frames and a cut':
      '107ccd9a4c1483a07ced02a1186210004022f2aa00424353c5014c10fb0232f9',
    'what networks are shown': '8effc39278e309fa406882c2c4779b6c3cca6875217d916970637528da3c78b0',
  },
};

const FRAMES = 60;
const CUT = 40;
const isMissing = (frame: number) => frame === 21 || frame === 22;

/** Behind the cut the picture stands on its head, so that it has nothing in common with the one before. */
function motionAt(frame: number): Similarity {
  if (frame >= CUT) return { a: -1, b: 0, tx: WIDTH + 0.4 * (frame - CUT), ty: HEIGHT };
  const angle = 0.004 * Math.max(0, frame - 12);
  return { a: Math.cos(angle), b: Math.sin(angle), tx: 0.4 * frame, ty: (frame % 3) - 1 };
}

/** Tracking with all that it measures; networks that see the head where it is stand for real ones. */
async function tracked(): Promise<readonly TrackedShot[]> {
  const stage = stageOf(
    (frame) => [{ name: 'a', landmarks: transformLandmarks(motionAt(frame), HEAD) }],
    (frame) => {
      const mouth = frame % 20 > 12 ? 0.8 : 0;
      return drawHead({ motion: motionAt(frame), grain: 4, seed: frame, mouth });
    },
  );
  const options = {
    tracking: { ...STAGE_OPTIONS, averagedCrops: 2, auditShare: 0.2 },
    scale: { x: 2, y: 2 },
    smoothing: { rigid: 4, expression: 0.7 },
    lightSigma: 5,
  };
  const span = { in: 0, out: FRAMES, frames: FRAMES, first: 1001 };
  const tracker = reelTracker(stage.networks, FACE_MEASURES, options, span);
  const shots: TrackedShot[] = [];
  for (let frame = 0; frame < FRAMES; frame++) {
    if (!isMissing(frame)) shots.push(...(await tracker.track(frame, stage.picture(frame))).shots);
  }
  return [...shots, ...(await tracker.end()).shots];
}

function outputOf(shots: readonly TrackedShot[]): ArrayBufferView[] {
  const facts = JSON.stringify(shots, (key, value) => (key === 'landmarks' || key === 'band' ? undefined : value));
  const tracks = shots.flatMap((shot) => shot.tracks);
  const floats = tracks.map((track) => {
    const memory = new Float32Array(packedLength(track));
    packTrack(track, memory);
    return memory;
  });
  return [Buffer.from(facts), ...floats];
}

/** Pictures as they are cut out and scaled for networks, and the tiles in which they are searched. */
function shown(): ArrayBufferView[] {
  const port: PicturePort = {
    kind: 'picture',
    name: 'a',
    type: 'float32',
    layout: 'NHWC',
    shape: [1, 128, 128, 3],
    channels: 'RGB',
    range: [-1, 1],
  };
  const views = [0.4, 2.3].map((a) => resample(drawHead(), { a, b: 0.1, tx: 40, ty: 20 }, port, 'black'));
  return [...views, Buffer.from(JSON.stringify(detectionTiles(960, 540, 20, 128)))];
}

function fault(name: keyof typeof PINNED.hashes, output: readonly ArrayBufferView[]): string | null {
  const hash = hashOf(output);
  if (TRACKING_VERSION === PINNED.version && hash === PINNED.hashes[name]) return null;
  if (TRACKING_VERSION !== PINNED.version) {
    return `TRACKING_VERSION is ${TRACKING_VERSION}; "${name}" is pinned at ${PINNED.version}. Pin ${hash} here.`;
  }
  return `"${name}": tracking changed, to ${hash}. Where that is not meant, find what did it. Where it is, raise TRACKING_VERSION in src/carry/track/tracking-version.ts to ${TRACKING_VERSION + 1} and pin that hash here.`;
}

describe('tracking', () => {
  it('keeps what it makes of a drawn reel, or raises its version, so that kept tracks are never of another algorithm', async () => {
    const shots = await tracked();
    expect(shots.map((shot) => [shot.in, shot.out])).toEqual([
      [0, CUT],
      [CUT, FRAMES],
    ]);
    const decisions = shots.flatMap(({ histories }) => histories.flatMap((history) => history.decisions));
    const reasons = new Set(decisions.map(({ landmarker }) => landmarker));
    for (const reason of ['identity', 'missing', 'motion', 'skip', 'tiles', 'unsure'] as const) {
      expect(reasons, 'what the drawn reel makes tracking do').toContain(reason);
    }
    const found = fault('a head that weaves, turns and speaks, through missing frames and a cut', outputOf(shots));
    expect(found, found ?? undefined).toBeNull();
  });

  it('shows networks the same pixels, or raises its version', () => {
    const found = fault('what networks are shown', shown());
    expect(found, found ?? undefined).toBeNull();
  });
});

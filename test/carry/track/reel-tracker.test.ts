import { describe, expect, it } from 'vitest';
import { type ReelTrackingOptions, reelTracker, type TrackedShot } from '../../../src/carry/track/reel-tracker.ts';
import type { RgbPicture } from '../../../src/face/networks.ts';
import type { FrameRange } from '../../../src/film/range.ts';
import { CUT_CONTEXT } from '../../../src/motion/cuts.ts';
import { texture } from '../../motion/texture.ts';
import { drawHead, HEAD, HEIGHT, WIDTH } from '../drawn-head.ts';
import { headAt, STAGE_OPTIONS, stageMeasures, stageOf } from '../drawn-stage.ts';

const CUT = 14;
const FRAMES = 30;

/** A room that has nothing in common with the head's. */
function drawRoom(): RgbPicture {
  const waves = texture(31);
  const rgb = new Uint8Array(3 * WIDTH * HEIGHT);
  for (let k = 0; k < rgb.length; k += 3) {
    const x = (k / 3) % WIDTH;
    rgb.fill(255 * waves(0.3 * x, Math.floor(k / 3 / WIDTH)) * (x > WIDTH / 2 ? 1 : 0.2), k, k + 3);
  }
  return { width: WIDTH, height: HEIGHT, rgb };
}

const room = drawRoom();
const head = drawHead();

interface Asked {
  readonly missing?: (frame: number) => boolean;
  readonly span?: FrameRange;
}

/** Looks at a reel in which a face stays where it is while the picture changes at `cut`, some frames being missing. */
async function decision(
  cut: number,
  { missing = () => false, span = { in: 0, out: FRAMES } }: Asked = {},
): Promise<TrackedShot[]> {
  const stage = stageOf(
    (frame) => [{ name: frame < cut ? 'a' : 'b', landmarks: headAt(0) }],
    (frame) => (frame < cut ? head : room),
  );
  const options: ReelTrackingOptions = {
    tracking: STAGE_OPTIONS,
    scale: { x: 2, y: 2 },
    smoothing: { rigid: 4, expression: 0.7 },
    lightSigma: 5,
  };
  const tracker = reelTracker(stage.networks, stageMeasures(), options, { ...span, frames: FRAMES, first: 1001 });
  const shots: TrackedShot[] = [];
  const last = Math.min(FRAMES, span.out + CUT_CONTEXT);
  for (let frame = Math.max(0, span.in - CUT_CONTEXT); frame < last; frame++) {
    if (!missing(frame)) shots.push(...(await tracker.track(frame, stage.picture(frame))).shots);
  }
  shots.push(...(await tracker.end()).shots);
  return shots;
}

const ranges = (shots: readonly TrackedShot[]) => shots.map((shot) => [shot.in, shot.out]);
const tracks = (shots: readonly TrackedShot[]) =>
  shots.flatMap((shot) => shot.tracks.map((track) => [track.id, track.in, track.out]));

describe('a face in the same place on both sides of a cut', () => {
  it('is two tracks: nothing is carried across', async () => {
    const shots = await decision(CUT);
    expect(ranges(shots)).toEqual([
      [0, CUT],
      [CUT, FRAMES],
    ]);
    expect(tracks(shots)).toEqual([
      ['f1001', 0, CUT],
      ['f1015', CUT, FRAMES],
    ]);
    const likenesses = shots.flatMap((shot) =>
      shot.tracks.map(({ identitySamples }) => identitySamples[0]?.embedding.indexOf(1)),
    );
    expect(likenesses).toEqual([0, 1]);
  });

  it('is two tracks also where the frames at the cut are missing: a gap that hides one is not bridged', async () => {
    const shots = await decision(CUT, { missing: (frame) => frame >= CUT - 1 && frame < CUT + 1 });
    expect(tracks(shots)).toEqual([
      ['f1001', 0, CUT - 1],
      ['f1016', CUT + 1, FRAMES],
    ]);
  });
});

describe('a face on one shot', () => {
  it('is one settled track in plate pixels, through missing frames', async () => {
    const shots = await decision(FRAMES, { missing: (frame) => frame === 9 || frame === 10 });
    expect(tracks(shots)).toEqual([['f1001', 0, FRAMES]]);
    const [track] = shots[0]?.tracks ?? [];
    expect(track?.observations.map(({ frame }) => frame)).toEqual(Array.from({ length: FRAMES }, (_, k) => k));
    expect(track?.observations.filter(({ origin }) => origin === 'carried').map(({ frame }) => frame)).toEqual([9, 10]);
    for (const { landmarks } of track?.observations ?? []) expect(landmarks[3]).toBeCloseTo(2 * (HEAD[3] as number), 2);
  });
});

describe('a part of a reel', () => {
  it.each([
    {
      span: { in: 0, out: CUT + 1 },
      found: [
        [0, CUT, true, true],
        [CUT, CUT + 1, true, false],
      ],
    },
    {
      span: { in: CUT - 1, out: FRAMES },
      found: [
        [CUT - 1, CUT, false, true],
        [CUT, FRAMES, true, true],
      ],
    },
    { span: { in: 0, out: CUT }, found: [[0, CUT, true, true]] },
    { span: { in: CUT, out: FRAMES }, found: [[CUT, FRAMES, true, true]] },
    { span: { in: 3, out: CUT - 2 }, found: [[3, CUT - 2, false, false]] },
  ])(
    'from frame $span.in to $span.out has the cuts of the whole reel, and knows those at its ends',
    async ({ span, found }) => {
      const shots = await decision(CUT, { span });
      expect(shots.map((shot) => [shot.in, shot.out, shot.startsShot, shot.endsShot])).toEqual(found);
    },
  );

  it('finds in a shot that lies wholly in it what the whole reel has there, to the bit and by the same ids', async () => {
    const whole = await decision(CUT);
    expect(await decision(CUT, { span: { in: CUT, out: FRAMES } })).toEqual(
      whole.slice(1).map((shot) => ({ ...shot, tracks: shot.tracks.map((track) => ({ ...track, shot: 0 })) })),
    );
  });

  it('marks a face that may have come before its first frame', async () => {
    expect(tracks(await decision(CUT, { span: { in: 4, out: FRAMES } }))).toEqual([
      ['r1005', 4, CUT],
      ['f1015', CUT, FRAMES],
    ]);
  });
});

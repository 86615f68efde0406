import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import type { Landmarks } from '../src/face/landmarks.ts';
import { type Pose, SMILE } from './acting.ts';
import type { Actor } from './draw-person.ts';
import { openPortrait } from './portrait.ts';
import { DEFAULT_WEAR, type FrameState, placedFace } from './projection.ts';
import { actorOf, movedLandmarks } from './reel-truth.ts';
import { bytesOf, type RgbFrame } from './rgb-frame.ts';
import { cleanFrame, openScene } from './scene.ts';
import type { ShotPlan } from './shots.ts';
import { grainTile, wornFrame } from './wear.ts';

/** A reference still of the actor. */
export interface Still {
  readonly name: string;
  readonly picture: RgbFrame;
  /** The portrait's 468 landmarks, still pixels. */
  readonly landmarks: Landmarks;
}

/** How a still differs from the portrait, and so from everything the reel shows. */
interface StillPlan {
  readonly name: string;
  readonly light: Omit<ShotPlan, 'kind' | 'frames' | 'pan'>;
  readonly pose: Pose;
}

const SIDE = 800;
const CALM = { mouth: SMILE, shut: [0, 0], brows: 0, purse: 0, gaze: 0 } as const;

const PLANS: readonly StillPlan[] = [
  {
    name: 'smile',
    light: {
      backdrop: 'studio',
      iod: 0.17,
      eyes: [0.47, 0.42],
      grade: { gain: [1.04, 1, 0.93], gamma: 0.88, side: -0.25 },
      softness: 0.0008,
      grain: 0.008,
    },
    pose: { expression: CALM, head: { yaw: 0.05, pitch: 0.02, roll: 0 }, shift: [0, 0], lean: 0.04, size: 1 },
  },
  {
    name: 'speaking',
    light: {
      backdrop: 'corridor',
      iod: 0.185,
      eyes: [0.53, 0.44],
      grade: { gain: [0.9, 0.98, 1.04], gamma: 1.1, side: 0.35 },
      softness: 0.0012,
      grain: 0.012,
    },
    pose: {
      expression: { ...CALM, mouth: 0.24, brows: 0.03 },
      head: { yaw: -0.14, pitch: 0.03, roll: -0.03 },
      shift: [0, 0],
      lean: -0.05,
      size: 1,
    },
  },
  {
    name: 'looking-down',
    light: {
      backdrop: 'hills',
      iod: 0.155,
      eyes: [0.5, 0.4],
      grade: { gain: [1, 0.97, 0.9], gamma: 0.96, side: 0.15 },
      softness: 0.0006,
      grain: 0.01,
    },
    pose: {
      expression: { ...CALM, mouth: 0.08, shut: [0.4, 0.38] },
      head: { yaw: 0.1, pitch: 0.06, roll: 0.03 },
      shift: [0, 0],
      lean: 0.02,
      size: 1,
    },
  },
  {
    name: 'serious',
    light: {
      backdrop: 'night',
      iod: 0.2,
      eyes: [0.49, 0.45],
      grade: { gain: [0.93, 0.9, 0.88], gamma: 1.22, side: -0.45 },
      softness: 0.0016,
      grain: 0.014,
    },
    pose: {
      expression: { ...CALM, mouth: 0.02, purse: 0.12, brows: -0.015 },
      head: { yaw: -0.05, pitch: -0.02, roll: 0.02 },
      shift: [0, 0],
      lean: -0.02,
      size: 1,
    },
  },
];

let tools: Promise<{ readonly actor: Actor; readonly tile: Float32Array }> | undefined;
const drawn = new Map<number, Still>();

/**
 * Four reference stills of the sample's actor, 800 × 800: other framings, light, focus, grain, backdrops, poses and expressions
 * than the reel's, so that nothing in them is the truth's own picture. They are always the same, and each is drawn once a process.
 *
 * @param count only the first so many
 */
export async function sampleStills(count = PLANS.length): Promise<readonly Still[]> {
  tools ??= openPortrait().then((portrait) => ({ actor: actorOf(portrait), tile: grainTile(7000) }));
  const { actor, tile } = await tools;
  return PLANS.slice(0, count).map((plan, index) => {
    const still = drawn.get(index) ?? stillOf(actor, plan, tile, 7000 + index);
    drawn.set(index, still);
    return still;
  });
}

function stillOf(actor: Actor, { name, light, pose }: StillPlan, tile: Float32Array, seed: number): Still {
  const plan: ShotPlan = { ...light, kind: 'static', frames: 1, pan: 0 };
  const state: FrameState = {
    pose,
    ...placedFace(plan, pose, SIDE, [0, 0], 0),
    weave: [0, 0],
    pan: 0,
    exposure: 1,
    flash: 0,
  };
  const clean = cleanFrame(openScene(actor, plan, SIDE, SIDE, seed), plan, state, 0);
  const wear = { ...DEFAULT_WEAR, dirt: 0, scratches: 0 };
  return {
    name,
    picture: wornFrame(clean, plan, wear, tile, seed, 0, seed),
    landmarks: movedLandmarks(actor, state),
  };
}

/** Writes the stills as `<name>.png` into `folder`, which is made; gives their paths. */
export async function makeStills(folder: string): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  return Promise.all(
    (await sampleStills()).map(async ({ name, picture }) => {
      const path = join(folder, `${name}.png`);
      const raw = { width: picture.width, height: picture.height, channels: 3 } as const;
      await sharp(bytesOf(picture), { raw }).png().toFile(path);
      return path;
    }),
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const paths = await makeStills(process.argv[2] ?? 'out/stills');
  console.log(paths.join('\n'));
}

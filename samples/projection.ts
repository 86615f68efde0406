import type { Similarity } from '../src/face/similarity.ts';
import { compose } from '../src/face/similarity.ts';
import { smoothstep } from '../src/film/interpolate.ts';
import type { ShotKind } from './acting.ts';
import { actingAt, type Pose } from './acting.ts';
import { noiseAt, randomOf } from './random.ts';
import type { ShotPlan } from './shots.ts';

/** How strongly the reel suffers; every part may be turned off by 0. */
export interface Wear {
  /** Standard deviation of the gate weave from frame to frame, plate pixels; drift of about three times as much is added. */
  readonly weave: number;
  /** Amplitude of the exposure's breathing, share of the brightness. */
  readonly breathing: number;
  /** Factors on the shots' own grain and softness. */
  readonly grain: number;
  readonly softness: number;
  /** Mean number of dirt specks a frame of 960×540, and of scratches a shot that wander and come and go. */
  readonly dirt: number;
  readonly scratches: number;
  /** Scratches of the shot's middle that stay, exactly so many: those that stand, and pairs that wander side by side. */
  readonly standing: number;
  readonly pairs: number;
}

export const DEFAULT_WEAR: Wear = {
  weave: 0.3,
  breathing: 0.012,
  grain: 1,
  softness: 1,
  dirt: 3,
  scratches: 1.5,
  standing: 0,
  pairs: 0,
};

/** Geometry and exposure of one frame: what the truth shares with the plate. */
export interface FrameState {
  readonly pose: Pose;
  /** Face units to plate pixels, of a head that stands as in the portrait. */
  readonly faceToPlate: Similarity;
  /** Inter-ocular distance of the unturned face, plate pixels. */
  readonly iod: number;
  /** Shift of the picture by the gate, plate pixels. */
  readonly weave: readonly [number, number];
  /** How far the camera has panned, plate pixels. */
  readonly pan: number;
  /** Factor on display values, and what a flash adds to them. */
  readonly exposure: number;
  readonly flash: number;
}

const FLASH_GAIN = 1.5;
const FLASH_LIFT = 0.3;

/** The state of frame `t` of a shot that is frame `frame` of the reel. */
export function frameState(
  plan: ShotPlan,
  t: number,
  frame: number,
  height: number,
  wear: Wear,
  seed: number,
): FrameState {
  const pose = actingAt(plan.kind, t, plan.frames, seed + SEEDS[plan.kind]);
  const random = randomOf(seed, 31, frame);
  const step = wear.weave * (plan.old?.weave ?? 1);
  const drift = 3 * step;
  const weave = [
    step * random.normal() + drift * (2 * noiseAt(frame / 37, seed, 32) - 1),
    step * random.normal() + drift * (2 * noiseAt(frame / 43, seed, 33) - 1),
  ] as const;
  const breath = 2 * noiseAt(frame / 11, seed, 34) - 1 + 0.4 * random.normal();
  const flashes = plan.flash === t;
  const pan = plan.pan * height * panned(t, plan.frames);
  return {
    pose,
    ...placedFace(plan, pose, height, weave, pan),
    weave,
    pan,
    exposure: (1 + wear.breathing * (plan.old?.breathing ?? 1) * breath) * (flashes ? FLASH_GAIN : 1),
    flash: flashes ? FLASH_LIFT : 0,
  };
}

/** Where a pose stands on a plate `height` pixels high. */
export function placedFace(
  plan: ShotPlan,
  pose: Pose,
  height: number,
  weave: readonly [number, number],
  pan: number,
): Pick<FrameState, 'faceToPlate' | 'iod'> {
  const iod = plan.iod * height * pose.size;
  const x = (plan.eyes[0] + plan.pan * 0.5) * height - pan + pose.shift[0] * iod + weave[0];
  const y = plan.eyes[1] * height + pose.shift[1] * iod + weave[1];
  return { faceToPlate: leaning(x, y, iod, pose.lean), iod };
}

/** Tilt of the eye line in the portrait, radians: face units follow the eyes, the person keeps the portrait's stance. */
const STANCE = 0.0512;
/** A person leans about a point this far below the eyes, face units. */
const HIPS = 5;

function leaning(x: number, y: number, iod: number, lean: number): Similarity {
  const turn = (angle: number): Similarity => ({ a: Math.cos(angle), b: Math.sin(angle), tx: 0, ty: 0 });
  const about: Similarity = compose(
    { a: 1, b: 0, tx: 0, ty: HIPS },
    compose(turn(lean), { a: 1, b: 0, tx: 0, ty: -HIPS }),
  );
  return compose({ a: iod, b: 0, tx: x, ty: y }, compose(about, turn(STANCE)));
}

/** How far a pan has come, 0 … 1: across within two seconds, and back in a longer shot. */
function panned(t: number, length: number): number {
  const cycle = Math.max(1, Math.min(length, 48) - 1);
  const at = t / cycle;
  const back = Math.floor(at) % 2 === 1;
  const part = at - Math.floor(at);
  const eased = 0.35 * part + 0.65 * smoothstep(0, 1, part);
  return back ? 1 - eased : eased;
}

/** Every kind acts by its own seed, so that a shot is the same alone and in the whole reel. */
const SEEDS: Readonly<Record<ShotKind, number>> = {
  static: 1,
  talking: 2,
  pan: 3,
  turn: 4,
  occlusion: 5,
  empty: 6,
  newsreel: 7,
};

import type { ShotKind } from './acting.ts';
import type { BackdropKind } from './backdrop.ts';
import type { Grade } from './portrait.ts';

/** How one shot of the sample reel is lit, framed and damaged. Shares are of the plate's height. */
export interface ShotPlan {
  readonly kind: ShotKind;
  readonly frames: number;
  readonly backdrop: BackdropKind;
  /** Inter-ocular distance. */
  readonly iod: number;
  /** Where the point between the eyes stands, from the plate's left and top; beyond 1 in width on a wide plate. */
  readonly eyes: readonly [number, number];
  /** How far the camera pans over the shot. */
  readonly pan: number;
  readonly grade: Grade;
  /** Standard deviation of the lens's blur. */
  readonly softness: number;
  /** Standard deviation of the grain at middle grey, 0 … 1 of the code range. */
  readonly grain: number;
  /** Frame of the shot on which a lamp flashes; absent: none. */
  readonly flash?: number;
}

type PlanOfKind = Omit<ShotPlan, 'kind'>;

const PLANS: Readonly<Record<ShotKind, PlanOfKind>> = {
  static: {
    frames: 20,
    backdrop: 'studio',
    iod: 0.13,
    eyes: [0.8, 0.36],
    pan: 0,
    grade: { gain: [1, 1, 1], gamma: 1.05, side: 0.1 },
    softness: 0.0022,
    grain: 0.018,
    flash: 12,
  },
  talking: {
    frames: 40,
    backdrop: 'blinds',
    iod: 0.222,
    eyes: [0.82, 0.46],
    pan: 0,
    grade: { gain: [1.03, 0.97, 0.88], gamma: 1.12, side: 0.25 },
    softness: 0.003,
    grain: 0.02,
  },
  pan: {
    frames: 24,
    backdrop: 'hills',
    iod: 0.086,
    eyes: [0.86, 0.24],
    pan: 0.55,
    grade: { gain: [0.98, 1, 1.02], gamma: 0.95, side: -0.1 },
    softness: 0.0018,
    grain: 0.016,
  },
  turn: {
    frames: 24,
    backdrop: 'night',
    iod: 0.155,
    eyes: [0.9, 0.42],
    pan: 0,
    grade: { gain: [0.8, 0.84, 0.95], gamma: 1.3, side: -0.4 },
    softness: 0.0024,
    grain: 0.024,
  },
  occlusion: {
    frames: 24,
    backdrop: 'corridor',
    iod: 0.175,
    eyes: [0.95, 0.45],
    pan: 0,
    grade: { gain: [0.92, 1, 0.97], gamma: 1.15, side: 0.3 },
    softness: 0.0024,
    grain: 0.02,
  },
  empty: {
    frames: 18,
    backdrop: 'workshop',
    iod: 0,
    eyes: [0, 0],
    pan: 0.12,
    grade: { gain: [1, 1, 1], gamma: 1, side: 0 },
    softness: 0.0022,
    grain: 0.02,
  },
};

const ORDER: readonly ShotKind[] = ['static', 'talking', 'pan', 'turn', 'occlusion', 'empty'];

/** The whole sample reel, or with `only` the one shot, `length` frames long. */
export function plannedShots(only?: ShotKind, length?: number): ShotPlan[] {
  const kinds = only ? [only] : ORDER;
  return kinds.map((kind) => {
    const plan = PLANS[kind];
    return { kind, ...plan, frames: (only ? length : undefined) ?? plan.frames };
  });
}

import type { ShotKind } from './acting.ts';
import type { BackdropKind } from './backdrop.ts';
import type { OldFilm } from './old-film.ts';
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
  /** How the film has aged; absent: it is a worn print of today. */
  readonly old?: OldFilm;
}

type PlanOfKind = Omit<ShotPlan, 'kind'>;

const PLANS: Readonly<Record<ShotKind, PlanOfKind>> = {
  newsreel: {
    frames: 22,
    backdrop: 'hills',
    iod: 0.25,
    eyes: [0.86, 0.44],
    pan: 0,
    grade: { gain: [1, 1, 1], gamma: 1.15, side: -0.25 },
    softness: 0.0042,
    grain: 0.034,
    old: {
      tint: [1, 0.985, 0.94],
      breathing: 4,
      weave: 1.6,
      // A white pair over one eye, a black one over the other cheek, one that crosses the nose, and some beside the face.
      lines: [
        { at: 0.772, tone: 1, width: 1.0, wander: 2, in: 0, out: 22 },
        { at: 0.785, tone: 1, width: 0.65, wander: 2, in: 0, out: 22 },
        { at: 0.945, tone: 0, width: 1.1, wander: 9, in: 0, out: 17 },
        { at: 0.87, tone: 1, width: 0.8, wander: 16, in: 7, out: 22 },
        { at: 0.31, tone: 1, width: 0.9, wander: 6, in: 0, out: 22 },
        { at: 0.575, tone: 0, width: 0.7, wander: 4, in: 3, out: 20 },
        { at: 1.2, tone: 1, width: 1.2, wander: 3, in: 0, out: 22 },
        { at: 1.46, tone: 0, width: 0.8, wander: 12, in: 6, out: 22 },
      ],
      specks: 70,
      hairs: 2.2,
      rain: 7,
      splice: 15,
    },
  },
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

/** The shots of the sample reel by which restorers are measured, in their order. */
export const SAMPLE_SHOTS: readonly ShotKind[] = ['static', 'talking', 'pan', 'turn', 'occlusion', 'empty'];
/** The shots to be shown: what real film suffers leads. */
export const DEMO_SHOTS: readonly ShotKind[] = ['newsreel', ...SAMPLE_SHOTS];

/** Shots of the kinds `shots` in their order, or with `only` the one shot, `length` frames long. */
export function plannedShots(only?: ShotKind, length?: number, shots = SAMPLE_SHOTS): ShotPlan[] {
  const kinds = only ? [only] : shots;
  return kinds.map((kind) => {
    const plan = PLANS[kind];
    return { kind, ...plan, frames: (only ? length : undefined) ?? plan.frames };
  });
}

import { noiseAt, randomOf } from '../../samples/random.ts';
import type { RgbFrame } from '../../samples/rgb-frame.ts';
import { plannedShots, type ShotPlan } from '../../samples/shots.ts';
import { grainTile, wornFrame } from '../../samples/wear.ts';

/** How a clean picture is damaged. Every part may be turned off by 0. */
export interface Damage {
  /** Standard deviation of the blur, shares of the inter-ocular distance. */
  readonly blur: number;
  /** Standard deviation of the grain at middle grey, 0 … 1; it is 0.8 pixels coarse, weaker in shadows and lights, new in every frame. */
  readonly grain: number;
  /** Mean number of specks and hairs a frame of 960 × 540; each lies on one frame. */
  readonly dirt: number;
  /** Mean number of scratches down the clip that wander, and come and go. */
  readonly scratches: number;
  /** Scratches that stand for the whole clip, and pairs of them 5 to 8 pixels apart which wander: exact numbers, all in the middle. */
  readonly standing: number;
  readonly pairs: number;
  /** Standard deviation of the gate weave, pixels; drift of three times as much is added. The truth weaves too. */
  readonly weave: number;
  /** Amplitude of the exposure's breathing, share of the brightness; two fifths of it at random a frame. The truth breathes too. */
  readonly breathing: number;
}

/** A print that was well used and is a little out of focus: 9 levels of 255 of grain; 3 % of breathing and 1.2 % at random. */
const HEAVY: Damage = {
  blur: 0.025,
  grain: 0.035,
  dirt: 24,
  scratches: 5,
  standing: 0,
  pairs: 0,
  weave: 0.3,
  breathing: 0.03,
};

/** The same print, hardly out of focus, run through a projector whose gate scratches: what is finer than the blur is worth keeping. */
const LIGHT: Damage = { ...HEAVY, blur: 0.014, standing: 1, pairs: 1 };

export const DAMAGES = { heavy: HEAVY, light: LIGHT } as const;

/** What the gate and the printer's light do to a frame: truth and plate share it. */
export interface Gate {
  /** Shift of the picture to the right and down, pixels. */
  readonly shift: readonly [number, number];
  /** Factor on the display values. */
  readonly exposure: number;
}

export function gateAt(frame: number, damage: Damage, seed: number): Gate {
  const random = randomOf(seed, 61, frame);
  const along = (part: number) =>
    damage.weave * (random.normal() + 3 * (2 * noiseAt(frame / (37 + 6 * part), seed, 62 + part) - 1));
  const shift = [along(0), along(1)] as const;
  const breath = 2 * noiseAt(frame / 11, seed, 64) - 1 + 0.4 * random.normal();
  return { shift, exposure: 1 + damage.breathing * breath };
}

/** The picture through the gate: shifted by Lanczos windowed sinc of three lobes, edges repeated, brightened and clipped to 0 … 1. */
export function throughGate({ width, height, rgb }: RgbFrame, { shift: [dx, dy], exposure }: Gate): RgbFrame {
  const across = filtered(rgb, 1, width, dx);
  const moved = filtered(across, width, height, dy);
  for (let i = 0; i < moved.length; i++) moved[i] = Math.min(1, Math.max(0, exposure * (moved[i] as number)));
  return { width, height, rgb: moved };
}

const LOBES = 3;

/** Every line of `length` samples, `step` apart, shifted forwards by `by` samples. */
function filtered(samples: Float32Array, step: number, length: number, by: number): Float32Array {
  const whole = Math.floor(-by);
  const part = -by - whole;
  const taps = Array.from({ length: 2 * LOBES }, (_, k) => lanczos(k - LOBES + 1 - part));
  const total = taps.reduce((sum, tap) => sum + tap, 0);
  const out = new Float32Array(samples.length);
  for (let i = 0; i < samples.length; i++) {
    const at = Math.floor(i / step) % length;
    const start = i - at * step;
    let sum = 0;
    for (let k = 0; k < taps.length; k++) {
      const from = Math.min(length - 1, Math.max(0, at + whole + k - LOBES + 1));
      sum += (taps[k] as number) * (samples[start + from * step] as number);
    }
    out[i] = sum / total;
  }
  return out;
}

function lanczos(x: number): number {
  if (x === 0) return 1;
  if (Math.abs(x) >= LOBES) return 0;
  return (LOBES * Math.sin(Math.PI * x) * Math.sin((Math.PI * x) / LOBES)) / (Math.PI * x) ** 2;
}

/** Damages the frames of one clip. The same seed gives the same damage, sample for sample. */
export interface Wearer {
  /** The frame blurred, scratched, dirty and grained, in this order. `mask`, of width·height, gets 1 where dirt and scratches lie. */
  worn(clean: RgbFrame, frame: number, mask?: Uint8Array): RgbFrame;
  /** The frame only blurred: what a perfect repair of the plate would show. */
  blurred(clean: RgbFrame, frame: number): RgbFrame;
}

/** `iod` is the clip's typical inter-ocular distance, pixels. */
export function wearerOf(damage: Damage, iod: number, seed: number): Wearer {
  const tile = grainTile(seed);
  const [template] = plannedShots('static');
  if (!template) throw new Error('Unreachable: every kind of shot has a plan.');
  const none = { weave: 0, breathing: 0, grain: 1, softness: 1, dirt: 0, scratches: 0, standing: 0, pairs: 0 };
  const planFor = (height: number, grain: number): ShotPlan => ({
    ...template,
    softness: (damage.blur * iod) / height,
    grain,
  });
  return {
    worn(clean, frame, mask) {
      const { dirt, scratches, standing, pairs } = damage;
      const wear = { ...none, dirt, scratches, standing, pairs };
      return wornFrame(clean, planFor(clean.height, damage.grain), wear, tile, frame, 0, seed, mask);
    },
    blurred: (clean, frame) => wornFrame(clean, planFor(clean.height, 0), none, tile, frame, 0, seed),
  };
}

import { blend } from './marks.ts';
import type { Wear } from './projection.ts';
import { noiseAt, poisson, type Random, randomOf } from './random.ts';
import type { RgbFrame } from './rgb-frame.ts';

/** Which frame of which shot of which reel is drawn. */
export interface Moment {
  readonly frame: number;
  readonly shot: number;
  readonly seed: number;
}

/** One line down a frame. `x` and `share` are those of a row: where it lies, and how far it covers the picture, 0 … 1. */
interface Line {
  readonly tone: number;
  /** Half the width, pixels. */
  readonly thickness: number;
  x(row: number): number;
  share(row: number): number;
}

/** Draws a shot's scratches: lines down the film, light (from the negative) or dark. `mask` gets 1 where they lie. */
export function addScratches(picture: RgbFrame, wear: Wear, moment: Moment, mask?: Uint8Array): void {
  const lines = [
    ...wandering(picture, wear.scratches, moment),
    ...standing(picture, wear.standing, moment),
    ...pairs(picture, wear.pairs, moment),
  ];
  for (const line of lines) draw(picture, line, mask);
}

/** Scratches that wander by ±15 pixels of 540, and come and go along the film and down the frame. `count` is their mean number. */
function wandering({ width, height }: RgbFrame, count: number, { frame, shot, seed }: Moment): Line[] {
  const random = randomOf(seed, 44, shot);
  const unit = height / 540;
  return Array.from({ length: poisson(random, count) }, (_, s) => {
    const home = random.between(0.1, 0.9) * width;
    const { tone, thickness } = stroke(random, unit);
    const x = home + unit * 30 * (noiseAt(frame / 19, seed, 45, shot, s) - 0.5);
    const strength = 0.75 * Math.max(0, noiseAt(frame / 7, seed, 46, shot, s) - 0.25);
    return {
      tone,
      thickness,
      x: (row: number) => x + unit * 2 * (noiseAt(row / (150 * unit), seed, 48, shot, s) - 0.5),
      share: (row: number) => strength * noiseAt(row / (60 * unit), seed, 47, shot, s, frame),
    };
  });
}

/** Scratches that stand within a pixel for the whole shot, from top to bottom. */
function standing({ width, height }: RgbFrame, count: number, { frame, shot, seed }: Moment): Line[] {
  const random = randomOf(seed, 49, shot);
  const unit = height / 540;
  return Array.from({ length: count }, (_, s) => {
    const home = random.between(0.3, 0.7) * width;
    const { tone, thickness } = stroke(random, unit);
    const x = home + unit * (noiseAt(frame / 25, seed, 50, shot, s) - 0.5);
    return { tone, thickness, ...lasting(x, unit, frame, [seed, 51, shot, s]) };
  });
}

/** Two scratches of one tone, 5 to 8 pixels of 540 apart, which wander together by ±15 pixels and stay for the whole shot. */
function pairs({ width, height }: RgbFrame, count: number, { frame, shot, seed }: Moment): Line[] {
  const random = randomOf(seed, 52, shot);
  const unit = height / 540;
  return Array.from({ length: count }, (_, s) => {
    const home = random.between(0.35, 0.65) * width;
    const half = (unit * random.between(5, 8)) / 2;
    const { tone, thickness } = stroke(random, unit);
    const x = home + unit * 30 * (noiseAt(frame / 19, seed, 53, shot, s) - 0.5);
    return [-half, half].map((aside, k) => ({
      tone,
      thickness,
      ...lasting(x + aside, unit, frame, [seed, 54, shot, s, k]),
    }));
  }).flat();
}

function stroke(random: Random, unit: number): Pick<Line, 'tone' | 'thickness'> {
  return { tone: random.next() < 0.5 ? 0.95 : 0.08, thickness: unit * random.between(0.5, 1.1) };
}

/** Course and share of a scratch that never goes: it fades slowly along the film and down the frame. */
function lasting(x: number, unit: number, frame: number, parts: readonly number[]): Pick<Line, 'x' | 'share'> {
  const strength = 0.25 + 0.35 * noiseAt(frame / 40, ...parts, 0);
  return {
    x: (row) => x + unit * 2 * (noiseAt(row / (150 * unit), ...parts, 1) - 0.5),
    share: (row) => strength * (0.5 + 0.5 * noiseAt(row / (200 * unit), ...parts, 2)),
  };
}

function draw(picture: RgbFrame, { tone, thickness, x, share }: Line, mask?: Uint8Array): void {
  const { width, height } = picture;
  for (let y = 0; y < height; y++) {
    const [middle, here] = [x(y), share(y)];
    if (here === 0) continue;
    for (let i = Math.max(0, Math.floor(middle - thickness - 1)); i < Math.min(width, middle + thickness + 1); i++) {
      const cover = Math.min(1, Math.max(0, thickness + 0.5 - Math.abs(i + 0.5 - middle)));
      blend(picture, y * width + i, tone, here * cover, mask);
    }
  }
}

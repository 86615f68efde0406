import { applyX, applyY, invert, type Similarity } from '../../src/face/similarity.ts';
import { mulberry32 } from '../motion/texture.ts';
import { type DrawnPortrait, sampleAt } from './drawn-portrait.ts';

/*
 * Drawn with sums, products and roundings alone: sines and exponentials may differ in their last bit from one JavaScript engine
 * to another, and golden frames must not.
 */

/** The frame in which the eyes are closed, that with specks of dirt, and that with a hand before the cheek. */
export const BLINK = 5;
export const DIRTY = 7;
export const COVERED = 9;

/** Portrait pixels. */
const EYES = [
  [203.8, 102.3],
  [246.9, 104.5],
] as const;
const MOUTH = [223, 149] as const;
const SPECKS = [
  [207, 128, 2.6],
  [238, 124, 1.8],
  [228, 84, 2.2],
] as const;
const SCRATCH = 233.5;
const HAND = { left: 236, top: 112, right: 262, bottom: 146 };

/** How far the lower lip has sunk in each frame, portrait pixels. */
const MOUTH_OPEN = [0, 0.5, 1.5, 3, 4, 3, 1.5, 0.5, 0, 0, 1, 2, 3] as const;
/** Exposure of each frame, 64ths. */
const BREATHING = [64, 65, 63, 64, 66, 64, 63, 62, 64, 65, 64, 63, 64] as const;

export interface Drawing {
  readonly width: number;
  readonly height: number;
  /** Portrait pixels to the picture's. */
  readonly toPicture: Similarity;
  readonly frame: number;
  /** Standard deviation of the grain, about, 1023rds. */
  readonly grain: number;
  /** A scratch down the whole film, and dirt in one frame. */
  readonly worn: boolean;
}

/**
 * One frame of a film of the portrait, planar RGB of 3·width·height, whole 1023rds as 10-bit codes (0 … 1023): it sways by
 * fractions of a pixel, speaks, blinks, breathes and has grain; frame 0 … 12.
 */
export function drawnCodes(portrait: DrawnPortrait, drawing: Drawing): Float32Array {
  const { width, height, toPicture, frame, grain, worn } = drawing;
  const fromPicture = invert(toPicture);
  const area = width * height;
  const out = new Float32Array(3 * area);
  const sway = swayOf(frame);
  const gain = ((BREATHING[frame] as number) / 64) * (1023 / 255);
  const grained = grainPlane(width, height, 1000 + frame);
  const portraitArea = portrait.width * portrait.height;
  const soft = [0, 1, 2].map((c) => portrait.soft.subarray(c * portraitArea, (c + 1) * portraitArea));
  for (let o = 0; o < area; o++) {
    const x = applyX(fromPicture, (o % width) + 0.5, Math.floor(o / width) + 0.5);
    const y = applyY(fromPicture, (o % width) + 0.5, Math.floor(o / width) + 0.5);
    const damage = worn ? damageAt(frame, x, y) : null;
    const u = x + sway.x + sway.stretch * (x - MOUTH[0]);
    const v = y + sway.y + actedAt(frame, x, y);
    for (let c = 0; c < 3; c++) {
      const own = gain * sampleAt(portrait, soft[c] as Float32Array, u, v);
      const seen = frame === COVERED && isHand(x, y) ? 500 + 40 * c + 4 * (x - HAND.left) : own;
      const code = damage === null ? seen + grain * (grained[o] as number) : damage < 0 ? 40 : seen + damage;
      out[c * area + o] = Math.min(1023, Math.max(0, Math.round(code)));
    }
  }
  return out;
}

/** Where the face lies against its landmarks: within a third of a pixel, and a little wider or narrower. */
function swayOf(frame: number): { readonly x: number; readonly y: number; readonly stretch: number } {
  const random = mulberry32(77 + frame);
  const step = () => Math.round(40 * random() - 20) / 64;
  return { x: step(), y: step(), stretch: (frame - 6) / 1024 };
}

/** How far below its place in the portrait a pixel is looked up: lids that sink and a lip that opens. */
function actedAt(frame: number, x: number, y: number): number {
  const lip = -(MOUTH_OPEN[frame] as number) * bump((x - MOUTH[0]) / 26, (y - MOUTH[1] - 6) / 14);
  if (frame !== BLINK) return lip;
  return lip + EYES.reduce((sum, [ex, ey]) => sum + 9 * bump((x - ex) / 15, (y - ey) / 8), 0);
}

/** 1 in the middle, 0 from the unit circle on. */
function bump(x: number, y: number): number {
  const inside = Math.max(0, 1 - x * x - y * y);
  return inside * (2 - inside);
}

/** What wear does to a pixel: null nothing, below 0 dirt that hides it, above 0 codes that a scratch adds. */
function damageAt(frame: number, x: number, y: number): number | null {
  if (frame === DIRTY && SPECKS.some(([sx, sy, r]) => (x - sx) ** 2 + (y - sy) ** 2 < r * r)) return -1;
  const across = Math.abs(x - SCRATCH);
  return across < 1.2 ? 180 * (1.2 - across) : null;
}

function isHand(x: number, y: number): boolean {
  return x > HAND.left && x < HAND.right && y > HAND.top && y < HAND.bottom;
}

/** Grain two pixels wide, of deviation about 1: sums of uniform numbers under binomial taps. */
function grainPlane(width: number, height: number, seed: number): Float32Array {
  const random = mulberry32(seed);
  const white = Float32Array.from({ length: width * height }, () => Math.round(1024 * (random() + random() - 1)) / 256);
  return white.map((v, i) => {
    const right = white[i + 1] ?? v;
    const down = white[i + width] ?? v;
    return (2 * v + right + down) / 4;
  });
}

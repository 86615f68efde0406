import { openPortrait } from '../../samples/portrait.ts';
import type { Landmarks } from '../../src/face/landmarks.ts';

/** The sample's portrait over grey, as golden frames are drawn from it. */
export interface DrawnPortrait {
  readonly width: number;
  readonly height: number;
  /** Planar RGB, 0 … 255. */
  readonly sharp: Float32Array;
  /** The same through binomial taps of 1 4 6 4 1, a blur of one pixel. */
  readonly soft: Float32Array;
  readonly landmarks: Landmarks;
}

const BACKDROP = 70;

/** Decodes the portrait, which is a PNG and so the same in every decoder. */
export async function drawnPortrait(): Promise<DrawnPortrait> {
  const { width, height, rgba, landmarks } = await openPortrait();
  const area = width * height;
  const sharp = new Float32Array(3 * area);
  for (let i = 0; i < area; i++) {
    const alpha = rgba[4 * i + 3] as number;
    for (let c = 0; c < 3; c++) {
      sharp[c * area + i] = Math.round(255 * alpha * (rgba[4 * i + c] as number) + (1 - alpha) * BACKDROP);
    }
  }
  const soft = blurred(blurred(sharp, width, height, 1), width, height, width);
  return { width, height, sharp, soft, landmarks };
}

/** Bilinear between pixel centres; beyond the edge the outermost pixels are repeated. `x`, `y` in portrait pixels, 0 … 255. */
export function sampleAt({ width, height }: DrawnPortrait, plane: Float32Array, x: number, y: number): number {
  const u = Math.min(width - 1.001, Math.max(0, x - 0.5));
  const v = Math.min(height - 1.001, Math.max(0, y - 0.5));
  const i = Math.floor(u);
  const j = Math.floor(v);
  const [fx, fy] = [u - i, v - j];
  const at = (o: number) => plane[o] as number;
  const o = j * width + i;
  const above = at(o) + fx * (at(o + 1) - at(o));
  const below = at(o + width) + fx * (at(o + width + 1) - at(o + width));
  return above + fy * (below - above);
}

function blurred(planes: Float32Array, width: number, height: number, step: number): Float32Array {
  const out = Float32Array.from(planes);
  const area = width * height;
  const long = step === 1 ? width : height;
  for (let o = 0; o < planes.length; o++) {
    const place = step === 1 ? o % width : Math.floor((o % area) / width);
    if (place < 2 || place >= long - 2) continue;
    const at = (k: number) => planes[o + k * step] as number;
    out[o] = (at(-2) + at(2) + 4 * (at(-1) + at(1)) + 6 * at(0)) / 16;
  }
  return out;
}

import { blurRows, gaussianBlurred, gaussianKernel } from './blur.ts';
import { dot } from './marks.ts';
import type { Wear } from './projection.ts';
import { poisson, type Random, randomOf } from './random.ts';
import type { RgbFrame } from './rgb-frame.ts';
import { addScratches } from './scratches.ts';
import type { ShotPlan } from './shots.ts';

/** Side of the tile of grain, pixels; a power of two. */
export const TILE = 1024;
/** Standard deviation of the blur that gives grain its size, pixels at a plate of any size. */
const GRAIN_SIZE = 0.8;
/** Share of the grain's variance that all three dye layers have in common. */
const COMMON = 0.6;

/** The last tile that was drawn: reels of one seed share it. */
let last: { readonly seed: number; readonly tile: Float32Array } | undefined;

/** A tile of grain, mean 0 and standard deviation 1, that joins itself at its edges. It is to be read only. */
export function grainTile(seed: number): Float32Array {
  if (last?.seed !== seed) last = { seed, tile: drawnTile(seed) };
  return last.tile;
}

function drawnTile(seed: number): Float32Array {
  const random = randomOf(seed, 41);
  const white = new Float32Array(TILE * TILE);
  for (let i = 0; i < white.length; i += 2) {
    // Both numbers of Box and Muller (1958).
    const radius = Math.sqrt(-2 * Math.log(1 - random.next()));
    const angle = 2 * Math.PI * random.next();
    white[i] = radius * Math.cos(angle);
    white[i + 1] = radius * Math.sin(angle);
  }
  const tile = gaussianBlurred({ width: TILE, height: TILE, channels: 1, data: white }, GRAIN_SIZE).data;
  let sum = 0;
  for (const v of tile) sum += v * v;
  const scale = 1 / Math.sqrt(sum / tile.length);
  for (let i = 0; i < tile.length; i++) tile[i] = (tile[i] as number) * scale;
  return tile;
}

/** The clean frame as it comes from a worn print: softened, grained, dirty and scratched. `mask` gets 1 where dirt and scratches lie. */
export function wornFrame(
  clean: RgbFrame,
  plan: ShotPlan,
  wear: Wear,
  tile: Float32Array,
  frame: number,
  shot: number,
  seed: number,
  mask?: Uint8Array,
): RgbFrame {
  const worn = softened(clean, plan.softness * wear.softness * clean.height);
  addScratches(worn, wear, { frame, shot, seed }, mask);
  addDirt(worn, wear, frame, seed, mask);
  addGrain(worn, { sigma: plan.grain * wear.grain, tile, common: COMMON }, frame, seed);
  return worn;
}

/** The frame under a Gaussian of `sigma` pixels; a copy. */
export function softened(clean: RgbFrame, sigma: number): RgbFrame {
  const { width, height } = clean;
  if (sigma < 0.2) return { width, height, rgb: Float32Array.from(clean.rgb) };
  const kernel = gaussianKernel(sigma);
  const across = blurAcross(clean.rgb, width, kernel);
  const rgb = new Float32Array(across.length);
  const pixels = width * height;
  for (let k = 0; k < 3; k++) {
    blurRows(
      across.subarray(k * pixels, (k + 1) * pixels),
      rgb.subarray(k * pixels, (k + 1) * pixels),
      kernel,
      width,
      height,
    );
  }
  return { width, height, rgb };
}

/** Planes blurred along their rows, as rows of one tall picture. */
function blurAcross(planes: Float32Array, width: number, kernel: Float64Array): Float32Array {
  const rows = planes.length / width;
  const radius = kernel.length - 1;
  const out = new Float32Array(planes.length);
  const line = new Float32Array(width + 2 * radius);
  for (let j = 0; j < rows; j++) {
    const start = j * width;
    line.set(planes.subarray(start, start + width), radius);
    line.fill(planes[start] as number, 0, radius);
    line.fill(planes[start + width - 1] as number, radius + width);
    for (let i = 0; i < width; i++) {
      const at = i + radius;
      let sum = (kernel[0] as number) * (line[at] as number);
      for (let k = 1; k <= radius; k++)
        sum += (kernel[k] as number) * ((line[at - k] as number) + (line[at + k] as number));
      out[start + i] = sum;
    }
  }
  return out;
}

/** Grain of one stock. */
export interface Grain {
  /** Standard deviation at middle grey, 0 … 1 of the code range. */
  readonly sigma: number;
  readonly tile: Float32Array;
  /** Share of the variance that all three dye layers have in common. */
  readonly common: number;
}

/** Grain of a negative: strongest in the middle tones, new in every frame. */
export function addGrain(frame: RgbFrame, grain: Grain, index: number, seed: number): void {
  const { sigma, tile } = grain;
  if (sigma === 0) return;
  const { width, height, rgb } = frame;
  const random = randomOf(seed, 42, index);
  const offsets = Array.from({ length: 8 }, () => Math.floor(random.next() * TILE));
  const strength = Float64Array.from({ length: 257 }, (_, k) => sigma * (0.35 + 2.6 * (k / 256) * (1 - k / 256)));
  const pixels = width * height;
  const common = Math.sqrt(grain.common);
  const own = Math.sqrt(1 - grain.common);
  const wrap = TILE - 1;
  for (let y = 0; y < height; y++) {
    const shared = ((y + (offsets[0] as number)) & wrap) * TILE;
    const sharedX = offsets[1] as number;
    for (let k = 0; k < 3; k++) {
      const row = ((y + (offsets[2 + k] as number)) & wrap) * TILE;
      const rowX = offsets[5 + k] as number;
      for (let x = 0, at = k * pixels + y * width; x < width; x++, at++) {
        const value = rgb[at] as number;
        const speckle =
          common * (tile[shared + ((x + sharedX) & wrap)] as number) +
          own * (tile[row + ((x + rowX) & wrap)] as number);
        const noisy = value + (strength[(value * 256) | 0] as number) * speckle;
        rgb[at] = noisy < 0 ? 0 : Math.min(noisy, 1);
      }
    }
  }
}

/** Specks and hairs that lie on one frame only: mostly dark (on the print), some bright (from the negative). */
function addDirt(frame: RgbFrame, wear: Wear, index: number, seed: number, mask?: Uint8Array): void {
  const { width, height } = frame;
  const random = randomOf(seed, 43, index);
  const unit = height / 540;
  const specks = poisson(random, (wear.dirt * ((width * height) / (960 * 540))) / (unit * unit));
  for (let s = 0; s < specks; s++) {
    const x = random.between(0, width);
    const y = random.between(0, height);
    const tone = random.next() < 0.75 ? random.between(0.02, 0.2) : random.between(0.85, 1);
    const strength = random.between(0.5, 0.95);
    if (random.next() < 0.15) {
      hair(frame, random, x, y, unit, tone, strength, mask);
      continue;
    }
    const lobes = 1 + Math.floor(random.between(0, 4));
    for (let k = 0; k < lobes; k++) {
      const radius = unit * random.between(0.8, 3.2);
      dot(frame, x + unit * 2.2 * random.normal(), y + unit * 1.6 * random.normal(), radius, tone, strength, mask);
    }
  }
}

function hair(
  frame: RgbFrame,
  random: Random,
  x: number,
  y: number,
  unit: number,
  tone: number,
  strength: number,
  mask?: Uint8Array,
): void {
  let angle = random.between(0, 2 * Math.PI);
  let [px, py] = [x, y];
  const length = random.between(20, 60);
  const curl = 0.05 * random.normal();
  for (let k = 0; k < length; k++) {
    dot(frame, px, py, 0.8 * unit, tone, strength, mask);
    angle += curl + 0.06 * random.normal();
    px += unit * Math.cos(angle);
    py += unit * Math.sin(angle);
  }
}

import { lumaOfPlanar } from '../comp/planar.ts';
import { gaussianBlur } from '../motion/gaussian.ts';
import type { AlignedNeighbour, AlignedWindow } from './aligned-window.ts';

export interface DirtOptions {
  /** Standard deviation of the grain's luma, 0 … 1. */
  readonly grain: number;
  /** Patch pixels a plate pixel, at least 1. */
  readonly pixel: number;
}

/** Blur before frames are compared, plate pixels: specks are wider, grain is not. */
const BLUR = 1.2;
/** Least difference to every neighbour, 0 … 1, and what grain adds to it, deviations. */
const LEAST = 6 / 255;
const OF_GRAIN = 1.7;
/** How much the neighbours' own disagreement adds. */
const OF_DISAGREEMENT = 0.7;
/** Specks below this area (plate pixels) are grain; above this share of the face it is a hand or a flash. */
const SMALLEST = 4;
const LARGEST = 0.04;
/** How far beyond the found core a speck is filled, plate pixels. */
const RIM = 2.5;

/**
 * Where the centre holds dirt: `Uint8Array` of size², 1 = dirt.
 *
 * Dirt lies on one frame only. It is brighter or darker, the same way, than both neighbours on both sides once they are aligned (the
 * spike detection index with sign constraint, SDIp, Kokaram 1998), by more than the neighbours differ among themselves: moving
 * lips and lids differ there too. At a shot's end the neighbours of one side must do.
 */
export function dirtMask(window: AlignedWindow, { grain, pixel }: DirtOptions): Uint8Array {
  const { size, where } = window;
  const mask = new Uint8Array(size * size);
  const near = nearest(window.neighbours);
  if (near.length < 2) return mask;
  const soft = (rgb: Float32Array) =>
    gaussianBlur({ width: size, height: size, samples: lumaOfPlanar(rgb) }, BLUR * pixel).samples;
  const own = soft(window.centre);
  const others = near.map(({ rgb }) => soft(rgb));
  const threshold = LEAST + OF_GRAIN * grain;
  for (let i = 0; i < mask.length; i++) {
    if (!((where[i] as number) > 0)) continue;
    let low = Infinity;
    let high = -Infinity;
    for (const other of others) {
      const v = other[i] as number;
      if (v < low) low = v;
      if (v > high) high = v;
    }
    const v = own[i] as number;
    const beyond = v > high ? v - high : low - v;
    if (beyond > threshold + OF_DISAGREEMENT * (high - low)) mask[i] = 1;
  }
  const area = where.reduce((sum, v) => sum + (v > 0 ? 1 : 0), 0);
  keepSpecks(mask, size, SMALLEST * pixel * pixel, LARGEST * area);
  return dilated(mask, size, Math.round(RIM * pixel));
}

/** Two neighbours on each side; where one side has fewer, more of the other. */
function nearest(neighbours: readonly AlignedNeighbour[]): readonly AlignedNeighbour[] {
  const before = neighbours.filter(({ offset }) => offset < 0).slice(0, 2);
  const after = neighbours.filter(({ offset }) => offset > 0).slice(0, 2);
  return before.length > 0 && after.length > 0 ? [...before, ...after] : neighbours.slice(0, 3);
}

/** Clears connected regions (four neighbours) that are smaller or larger than specks. */
function keepSpecks(mask: Uint8Array, size: number, smallest: number, largest: number): void {
  const stack: number[] = [];
  const seen = new Uint8Array(mask.length);
  for (let first = 0; first < mask.length; first++) {
    if (mask[first] !== 1 || seen[first] === 1) continue;
    const region: number[] = [];
    stack.push(first);
    seen[first] = 1;
    while (stack.length > 0) {
      const i = stack.pop() as number;
      region.push(i);
      const x = i % size;
      const next = [x > 0 ? i - 1 : -1, x + 1 < size ? i + 1 : -1, i - size, i + size];
      for (const n of next) {
        if (n < 0 || n >= mask.length || mask[n] !== 1 || seen[n] === 1) continue;
        seen[n] = 1;
        stack.push(n);
      }
    }
    if (region.length < smallest || region.length > largest) for (const i of region) mask[i] = 0;
  }
}

/** The mask grown by a disc. */
function dilated(mask: Uint8Array, size: number, radius: number): Uint8Array {
  const out = Uint8Array.from(mask);
  for (let i = 0; i < mask.length; i++) {
    if (mask[i] !== 1) continue;
    const x = i % size;
    const y = (i - x) / size;
    for (let v = Math.max(0, y - radius); v <= Math.min(size - 1, y + radius); v++) {
      const reach = Math.floor(Math.sqrt(radius * radius - (v - y) ** 2));
      out.fill(1, v * size + Math.max(0, x - reach), v * size + Math.min(size - 1, x + reach) + 1);
    }
  }
  return out;
}

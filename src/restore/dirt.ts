import { PATCH_INTER_OCULAR } from '../face/patch.ts';
import { gaussianBlur } from '../motion/gaussian.ts';
import type { AlignedNeighbour, AlignedWindow } from './aligned-window.ts';
import { expressiveRegions } from './expressive-regions.ts';

export interface DirtOptions {
  /** Standard deviation of the grain's luma, 0 … 1. */
  readonly grain: number;
  /** Patch pixels a plate pixel, at least 1. */
  readonly pixel: number;
}

/** Blur before frames are compared, plate pixels, that of halving apart: specks are wider, grain is not. */
const BLUR = 1.1;
/** Least difference to every neighbour, 0 … 1, and what grain adds to it, deviations. */
const LEAST = 6 / 255;
const OF_GRAIN = 1.7;
/** How much more it takes in mouth and eyes, which a blink or a syllable changes for a single frame, and how far around them. */
const EXPRESSIVE = 1.7;
const AROUND_EXPRESSIVE = 0.04;
/** Larger than this (squares of the inter-ocular distance) it is, in mouth and eyes, teeth or a lid that one frame alone shows. */
const LARGEST_EXPRESSIVE = 0.006;
/** How much the neighbours' own disagreement adds. */
const OF_DISAGREEMENT = 0.7;
/** Specks below this area (plate pixels) are grain; above this share of the face it is a hand or a flash. */
const SMALLEST = 4;
const LARGEST = 0.04;
/** With neighbours on one side only, whatever comes into view differs from them all: only small specks are believed. */
const LARGEST_ONE_SIDED = 0.006;
/** Width of the ring around a speck, plate pixels, and its least difference to any neighbour where it lies alone, 0 … 1. */
const RING = 6;
const CALM = 1.5 / 255;
/** How far beyond the found core a speck is filled, plate pixels. */
const RIM = 3;

/**
 * Where the centre holds dirt: `Uint8Array` of (size / 2)², 1 = dirt.
 *
 * Dirt lies on one frame only. It is brighter or darker, the same way, than both neighbours on both sides once they are aligned (the
 * spike detection index with sign constraint, SDIp, Kokaram 1998), by more than the neighbours differ among themselves: moving
 * lips and lids differ there too. At a shot's end the neighbours of one side must do.
 */
export function dirtMask(window: AlignedWindow, { grain, pixel }: DirtOptions): Uint8Array {
  const { look } = window;
  const size = window.size >> 1;
  const coarse = pixel / 2;
  const mask = new Uint8Array(size * size);
  const near = nearest(window.neighbours);
  if (near.length < 2) return mask;
  const soft = (luma: Float32Array) =>
    gaussianBlur({ width: size, height: size, samples: luma }, BLUR * coarse).samples;
  const own = soft(window.luma);
  const others = near.map(({ luma }) => soft(luma));
  const threshold = LEAST + OF_GRAIN * grain;
  const landmarks = window.landmarks.map((v) => v / 2);
  const distance = PATCH_INTER_OCULAR * size;
  const expressive = expressiveRegions(landmarks, size, AROUND_EXPRESSIVE * distance);
  // Least difference to any neighbour; −1: not looked at.
  const unrest = new Float32Array(mask.length).fill(-1);
  let area = 0;
  for (let i = 0; i < mask.length; i++) {
    if (look[i] !== 1) continue;
    area += 1;
    const v = own[i] as number;
    let low = Infinity;
    let high = -Infinity;
    let least = Infinity;
    for (const other of others) {
      const w = other[i] as number;
      if (w < low) low = w;
      if (w > high) high = w;
      least = Math.min(least, Math.abs(v - w));
    }
    unrest[i] = least;
    const beyond = v > high ? v - high : low - v;
    const enough = expressive[i] === 1 ? EXPRESSIVE * threshold : threshold;
    if (beyond > enough + OF_DISAGREEMENT * (high - low)) mask[i] = 1;
  }
  const largest = (isTwoSided(near) ? LARGEST : LARGEST_ONE_SIDED) * area;
  const calm = CALM + OF_GRAIN * grain;
  keepSpecks(mask, size, SMALLEST * coarse * coarse, largest, (region) => {
    const changing = region.filter((i) => expressive[i] === 1).length;
    if (2 * changing > region.length && region.length > LARGEST_EXPRESSIVE * distance * distance) return false;
    return meanAround(region, unrest, mask, size, Math.max(1, Math.round(RING * coarse))) < calm;
  });
  return dilated(mask, size, RIM * coarse);
}

/** Two neighbours on each side; where one side has fewer, more of the other. */
function nearest(neighbours: readonly AlignedNeighbour[]): readonly AlignedNeighbour[] {
  const before = neighbours.filter(({ offset }) => offset < 0).slice(0, 2);
  const after = neighbours.filter(({ offset }) => offset > 0).slice(0, 2);
  return before.length > 0 && after.length > 0 ? [...before, ...after] : neighbours.slice(0, 3);
}

function isTwoSided(near: readonly AlignedNeighbour[]): boolean {
  return near.some(({ offset }) => offset < 0) && near.some(({ offset }) => offset > 0);
}

/** Mean of `values` in the ring of `width` pixels around a region, what else is marked or negative left out. */
function meanAround(
  region: readonly number[],
  values: Float32Array,
  mask: Uint8Array,
  size: number,
  width: number,
): number {
  const ring = new Set<number>();
  const steps = [-width, 0, width];
  for (const i of region) {
    const x = i % size;
    const y = (i - x) / size;
    for (const dx of steps) {
      for (const dy of steps) {
        const [u, v] = [x + dx, y + dy];
        if (
          u >= 0 &&
          v >= 0 &&
          u < size &&
          v < size &&
          mask[v * size + u] !== 1 &&
          (values[v * size + u] as number) >= 0
        ) {
          ring.add(v * size + u);
        }
      }
    }
  }
  let sum = 0;
  for (const i of ring) sum += values[i] as number;
  return ring.size > 0 ? sum / ring.size : 0;
}

/** Clears connected regions (four neighbours) that are smaller or larger than specks, or that `isSpeck` refuses. */
function keepSpecks(
  mask: Uint8Array,
  size: number,
  smallest: number,
  largest: number,
  isSpeck: (region: readonly number[]) => boolean,
): void {
  const refused: number[] = [];
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
    if (region.length < smallest || region.length > largest || !isSpeck(region)) refused.push(...region);
  }
  for (const i of refused) mask[i] = 0;
}

/** The mask grown by a disc. */
function dilated(mask: Uint8Array, size: number, radius: number): Uint8Array {
  const out = Uint8Array.from(mask);
  for (let i = 0; i < mask.length; i++) {
    if (mask[i] !== 1) continue;
    const x = i % size;
    const y = (i - x) / size;
    for (let v = Math.max(0, Math.ceil(y - radius)); v <= Math.min(size - 1, y + radius); v++) {
      const reach = Math.floor(Math.sqrt(radius * radius - (v - y) ** 2));
      out.fill(1, v * size + Math.max(0, x - reach), v * size + Math.min(size - 1, x + reach) + 1);
    }
  }
  return out;
}

import type { AlignedWindow } from '../../restore/aligned-window.ts';
import { eyeRegions } from '../../restore/expressive-regions.ts';
import { boxBlur } from './box-blur.ts';
import { doubled, halved } from './half-size.ts';

/** A window's mean, and how it came about. */
export interface TemporalMean {
  /** `Float32Array` of 3·size², planar RGB; the centre's own outside the window's `where`. */
  readonly rgb: Float32Array;
  /** Frames that were averaged, by weight, a mean over the face. */
  readonly averaged: number;
}

/** Distance at which a neighbour counts e⁻¹, in deviations of the grain, and the least of it, 0 … 1. */
const TOLERANCE = 0.67;
const LEAST = 1.2 / 255;
/** Blur of differences, and of their squares, plate pixels: a patch distance without patches. */
const BLUR = 1.5;
const SPREAD = 4;
/** Distance up to which frames count as alike, in that of an ordinary place: without the margin the mean leans towards the centre's grain. */
const ORDINARY = 1.7;
/** How much more a difference counts in the eyes, without that margin: a lid that sinks differs by little. */
const IN_EYES = 3;

/**
 * The mean over the centre and its aligned neighbours, every pixel weighted by how alike the frames are around it: exp(−d² / h²) of
 * the patch distance d beyond what grain makes (Buades, Coll and Morel 2005, in time). `own` (size², 0 … 1) is the centre's weight:
 * 0 where it holds dirt, which the neighbours then fill. `trust` (0 … 1) scales the neighbours' weights.
 */
export function temporalMean(
  window: AlignedWindow,
  own: Float32Array,
  grain: number,
  pixel: number,
  trust: number,
): TemporalMean {
  const { size, where, centre, neighbours, luma, look } = window;
  const area = size * size;
  const rgb = Float32Array.from(centre);
  const weights = Float32Array.from(own);
  for (let i = 0; i < area; i++) {
    const w = own[i] as number;
    if (w === 1) continue;
    for (let o = i; o < 3 * area; o += area) rgb[o] = w * (centre[o] as number);
  }
  const half = size >> 1;
  const good = halved(own, size);
  const eyes = eyeRegions(
    window.landmarks.map((v) => v / 2),
    half,
  );
  const h = Math.max(LEAST, TOLERANCE * grain);
  for (const neighbour of neighbours) {
    const distance = patchDistance(luma, neighbour.luma, good, look, half, pixel / 2);
    const ordinary = middle(distance, look);
    const scale = -1 / (h * h);
    for (let i = 0; i < distance.length; i++) {
      const beyond = (distance[i] as number) - (eyes[i] === 1 ? ordinary : ORDINARY * ordinary);
      distance[i] = beyond > 0 ? trust * Math.exp((eyes[i] === 1 ? IN_EYES * scale : scale) * beyond) : trust;
    }
    const likeness = doubled(distance, half);
    for (let i = 0; i < area; i++) {
      const w = likeness[i] as number;
      if (!((where[i] as number) > 0) || w < 0.01) continue;
      weights[i] = (weights[i] as number) + w;
      rgb[i] = (rgb[i] as number) + w * (neighbour.rgb[i] as number);
      rgb[area + i] = (rgb[area + i] as number) + w * (neighbour.rgb[area + i] as number);
      rgb[2 * area + i] = (rgb[2 * area + i] as number) + w * (neighbour.rgb[2 * area + i] as number);
    }
  }
  let sum = 0;
  let count = 0;
  for (let i = 0; i < area; i++) {
    const w = weights[i] as number;
    if ((where[i] as number) > 0) {
      sum += w;
      count += 1;
    }
    if (w === 1) continue;
    for (let o = i; o < 3 * area; o += area) rgb[o] = w > 0.02 ? (rgb[o] as number) / w : (centre[o] as number);
  }
  return { rgb, averaged: count > 0 ? sum / count : 1 };
}

/** Mean squared difference around each pixel, the frames' grain blurred away first. Dirt does not count. */
function patchDistance(
  a: Float32Array,
  b: Float32Array,
  own: Float32Array,
  look: Uint8Array,
  size: number,
  pixel: number,
): Float32Array {
  const difference = new Float32Array(a.length);
  for (let i = 0; i < a.length; i++) {
    if (look[i] === 1) difference[i] = (own[i] as number) * ((a[i] as number) - (b[i] as number));
  }
  const soft = boxBlur(difference, size, BLUR * pixel, 1);
  for (let i = 0; i < soft.length; i++) soft[i] = (soft[i] as number) * (soft[i] as number);
  return boxBlur(soft, size, SPREAD * pixel);
}

/** What an ordinary place differs by: grain, and no motion. */
function middle(distance: Float32Array, look: Uint8Array): number {
  const found: number[] = [];
  for (let i = 0; i < distance.length; i += 5) if (look[i] === 1) found.push(distance[i] as number);
  return Float32Array.from(found).sort()[found.length >> 1] ?? 0;
}

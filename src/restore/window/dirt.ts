import type { Compute } from '../../compute/compute.ts';
import type { Image } from '../../compute/image.ts';
import { PATCH_INTER_OCULAR } from '../../face/patch.ts';
import type { AlignedWindow } from './aligned-window.ts';
import { expressiveRegions } from './expressive-regions.ts';
import { dilated, keepSpecks, meanAround } from './specks.ts';

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
/**
 * How far around neighbours are searched for a speck, plate pixels: a lid, a brow or a hand's edge that moved so far lies there, dirt lies
 * nowhere. How many times the threshold a speck must stand out of all that they show there.
 */
const MOVED = 4;
const STANDS_OUT = 0.5;
/**
 * The same where a side has fewer than two neighbours, which is half the evidence; there the ring's own change is added, less what grain
 * changes, deviations. On clean talking faces no lid, brow or light that came into view stood out so far; of grainy film's specks it
 * costs the faintest.
 */
const STANDS_OUT_ONE_SIDED = 1.3;
const GRAIN_CHANGES = 1.2;
const ENOUGH_ON_A_SIDE = 2;
/** Width of the ring around a speck, plate pixels, and its least difference to any neighbour where it lies alone, 0 … 1. */
const RING = 6;
const CALM = 1.5 / 255;
/** How far beyond the found core a speck is filled, plate pixels. */
const RIM = 3;

/**
 * Where the centre holds dirt, at half size: 1 = dirt, else 0.
 *
 * Dirt lies on one frame only. It is brighter or darker, the same way, than both neighbours on both sides once they are aligned (the
 * spike detection index with sign constraint, SDIp, Kokaram 1998), by more than the neighbours differ among themselves: moving
 * lips and lids differ there too, and than all that any of them shows a little around it: a feature that moved is still there. At a
 * shot's end the neighbours of one side must do, and more is asked. Its shape is judged here, not by the backend.
 */
export async function dirtMask(compute: Compute, window: AlignedWindow, { grain, pixel }: DirtOptions): Promise<Image> {
  const size = window.size >> 1;
  const area = size * size;
  const coarse = pixel / 2;
  const near = nearest(window.offsets);
  if (near.length < 2) return compute.image(new Float32Array(area), size, size, 1);
  const distance = PATCH_INTER_OCULAR * size;
  using expressive = expressiveRegions(compute, window.landmarks, {
    size,
    scale: 2,
    margin: AROUND_EXPRESSIVE * distance,
  });
  const threshold = LEAST + OF_GRAIN * grain;
  using lumas = compute.planes(window.lumas, [0, ...near.map((k) => k + 1)]);
  using candidates = compute.dirtCandidates({ lumas, look: window.look }, expressive, {
    sigma: BLUR * coarse,
    threshold,
    expressiveFactor: EXPRESSIVE,
    ofDisagreement: OF_DISAGREEMENT,
    reach: MOVED * coarse,
  });
  const [found, isExpressive] = await Promise.all([compute.read(candidates), compute.read(expressive)]);
  // Least difference to any neighbour, −1: not looked at; the largest; and by how much candidates stand out of what lies around.
  const plane = (k: number) => found.subarray(k * area, (k + 1) * area);
  const [mask, unrest, change, standing] = [plane(0), plane(1), plane(2), plane(3)];
  const looked = unrest.reduce((count, v) => (v >= 0 ? count + 1 : count), 0);
  const evidence = evidenceOf(near.map((k) => window.offsets[k] as number));
  const largest = (evidence === 'one side' ? LARGEST_ONE_SIDED : LARGEST) * looked;
  const calm = CALM + OF_GRAIN * grain;
  const ring = Math.max(1, Math.round(RING * coarse));
  keepSpecks(mask, size, { smallest: SMALLEST * coarse * coarse, largest }, (region) => {
    const changing = region.filter((i) => isExpressive[i] === 1).length;
    if (2 * changing > region.length && region.length > LARGEST_EXPRESSIVE * distance * distance) return false;
    if (meanAround(region, { values: unrest, mask, size }, ring) >= calm) return false;
    const stands = region.reduce((most, i) => Math.max(most, standing[i] as number), 0);
    if (evidence === 'both sides') return stands > STANDS_OUT * threshold;
    const moving = meanAround(region, { values: change, mask, size }, ring) - GRAIN_CHANGES * grain;
    return stands > STANDS_OUT_ONE_SIDED * threshold + Math.max(0, moving);
  });
  return compute.image(dilated(mask, size, RIM * coarse), size, size, 1);
}

/** Two neighbours on each side, by their number; where one side has fewer, more of the other. */
function nearest(offsets: readonly number[]): readonly number[] {
  const on = (side: number) => offsets.flatMap((offset, k) => (offset * side > 0 ? [k] : []));
  const [before, after] = [on(-1).slice(0, 2), on(1).slice(0, 2)];
  return before.length > 0 && after.length > 0 ? [...before, ...after] : [...offsets.keys()].slice(0, 3);
}

/** What neighbours at these offsets can say of a speck. */
function evidenceOf(offsets: readonly number[]): 'both sides' | 'hardly both' | 'one side' {
  const on = (side: number) => offsets.filter((offset) => offset * side > 0).length;
  const fewer = Math.min(on(-1), on(1));
  return fewer === 0 ? 'one side' : fewer < ENOUGH_ON_A_SIDE ? 'hardly both' : 'both sides';
}

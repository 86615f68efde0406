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
 * lips and lids differ there too. At a shot's end the neighbours of one side must do. Its shape is judged here, not by the backend.
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
  using lumas = compute.planes(window.lumas, [0, ...near.map((k) => k + 1)]);
  using candidates = compute.dirtCandidates({ lumas, look: window.look }, expressive, {
    sigma: BLUR * coarse,
    threshold: LEAST + OF_GRAIN * grain,
    expressiveFactor: EXPRESSIVE,
    ofDisagreement: OF_DISAGREEMENT,
  });
  const [found, isExpressive] = await Promise.all([compute.read(candidates), compute.read(expressive)]);
  const mask = found.subarray(0, area);
  // Least difference to any neighbour; −1: not looked at.
  const unrest = found.subarray(area);
  const looked = unrest.reduce((count, v) => (v >= 0 ? count + 1 : count), 0);
  const largest = (isTwoSided(near.map((k) => window.offsets[k] as number)) ? LARGEST : LARGEST_ONE_SIDED) * looked;
  const calm = CALM + OF_GRAIN * grain;
  keepSpecks(mask, size, { smallest: SMALLEST * coarse * coarse, largest }, (region) => {
    const changing = region.filter((i) => isExpressive[i] === 1).length;
    if (2 * changing > region.length && region.length > LARGEST_EXPRESSIVE * distance * distance) return false;
    return meanAround(region, { values: unrest, mask, size }, Math.max(1, Math.round(RING * coarse))) < calm;
  });
  return compute.image(dilated(mask, size, RIM * coarse), size, size, 1);
}

/** Two neighbours on each side, by their number; where one side has fewer, more of the other. */
function nearest(offsets: readonly number[]): readonly number[] {
  const on = (side: number) => offsets.flatMap((offset, k) => (offset * side > 0 ? [k] : []));
  const [before, after] = [on(-1).slice(0, 2), on(1).slice(0, 2)];
  return before.length > 0 && after.length > 0 ? [...before, ...after] : [...offsets.keys()].slice(0, 3);
}

function isTwoSided(offsets: readonly number[]): boolean {
  return offsets.some((offset) => offset < 0) && offsets.some((offset) => offset > 0);
}

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plate } from '../../src/film/plate.ts';
import { differingOutside } from '../../src/metrics/fidelity.ts';
import { decoded, stillNames } from './decoded.ts';
import { readMattes } from './mattes.ts';

/** What plain decoding of a reel before and after its restoration shows. */
export interface Proof {
  readonly framesBefore: number;
  readonly framesAfter: number;
  /** Frames that have a matte, from 0. */
  readonly restored: readonly number[];
  /** Samples outside the mattes, over all frames, that are not the same bits; in frames without one every sample is outside. */
  readonly differingOutside: number;
  /** Smallest share, over the restored frames, of the samples under a full matte that are not the same bits. */
  readonly leastChanged: number;
}

/** A matte of this or more is full: 16 bits without the last rounding. */
const FULL = 65_000;

/**
 * Compares two reels frame by frame. `first` is what people call the first frame, `mattes` the folder of the run's mattes; where
 * blocks of `block` × `block` pixels change as a whole (JPEG), a block with a matte in it counts as inside.
 */
export async function proveReel(
  before: string,
  after: string,
  mattes: string,
  first: number,
  block = 1,
): Promise<Proof> {
  const known = await readMattes(mattes);
  const old = decoded(before);
  const now = decoded(after);
  const restored: number[] = [];
  let outside = 0;
  let leastChanged = 1;
  let framesBefore = 0;
  let framesAfter = 0;
  try {
    for (let frame = 0; ; frame++) {
      const [a, b] = await Promise.all([old.next(), now.next()]);
      if (!a.done) framesBefore += 1;
      if (!b.done) framesAfter += 1;
      if (a.done && b.done) break;
      if (a.done || b.done) continue;
      const matte = known.get(first + frame) ?? null;
      outside += differingOutside(a.value, b.value, matte && inBlocks(matte, a.value.width, block));
      if (!matte) continue;
      restored.push(frame);
      leastChanged = Math.min(leastChanged, changedInside(a.value, b.value, matte));
    }
  } finally {
    await Promise.all([old.return(undefined), now.return(undefined)]);
  }
  return { framesBefore, framesAfter, restored, differingOutside: outside, leastChanged };
}

/** The matte with every block that it touches filled. */
function inBlocks(matte: Uint16Array, width: number, block: number): Uint16Array {
  if (block === 1) return matte;
  const across = Math.ceil(width / block);
  const blockAt = (i: number) => Math.floor(Math.floor(i / width) / block) * across + Math.floor((i % width) / block);
  const touched = new Set<number>();
  for (let i = 0; i < matte.length; i++) if ((matte[i] as number) > 0) touched.add(blockAt(i));
  return matte.map((_, i) => (touched.has(blockAt(i)) ? 65_535 : 0));
}

/** Share of the samples under a full matte that differ, by counting what differs outside its complement. */
function changedInside(before: Plate, after: Plate, matte: Uint16Array): number {
  const elsewhere = matte.map((value) => (value >= FULL ? 0 : 1));
  const full = elsewhere.reduce((sum, value) => sum + 1 - value, 0);
  return full === 0 ? 0 : differingOutside(before, after, elsewhere) / (full * samplesPerPixel(before));
}

function samplesPerPixel({ format }: Plate): number {
  return format.planes
    .filter(({ component }) => component !== 'A')
    .reduce((sum, { shiftX, shiftY }) => sum + 2 ** -(shiftX + shiftY), 0);
}

/** Names of the files of a folder of stills that are not, byte for byte, those of another. */
export async function differingFiles(before: string, after: string): Promise<string[]> {
  const differing: string[] = [];
  for (const name of await stillNames(before)) {
    const [a, b] = await Promise.all([readFile(join(before, name)), readFile(join(after, name)).catch(() => null)]);
    if (!b || !a.equals(b)) differing.push(name);
  }
  return differing;
}

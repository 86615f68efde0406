import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ShotKind } from '../../samples/acting.ts';
import { sampleDpx, sampleFileName } from '../../samples/make-reel.ts';
import { openReelTruth } from '../../samples/reel-truth.ts';

export interface TinyReel {
  readonly width: number;
  readonly height: number;
  /** Number of the first file. */
  readonly first: number;
  readonly frames: number;
  /** The frames, from 0, in which the actor speaks; the others show a room without a face. */
  readonly talking: number;
}

/** Number of the first file. */
const FIRST = 1001;
/** Small enough to be quick; the eyes of the talking face are still 40 pixels apart. */
const SIZE = { width: 320, height: 180 } as const;

/** Writes two shots as 10-bit DPX into `folder`: the actor speaks, then an empty room. */
export async function makeTinyReel(
  folder: string,
  talking: number,
  empty: number,
  size: { readonly width: number; readonly height: number } = SIZE,
): Promise<TinyReel> {
  const shots = [
    ['talking', talking],
    ['empty', empty],
  ] as const;
  await writeShots(folder, shots, size);
  return { ...size, first: FIRST, frames: talking + empty, talking };
}

/** Writes shots of so many frames each as 10-bit DPX into `folder`, one after another. */
export async function writeShots(
  folder: string,
  shots: readonly (readonly [only: ShotKind, length: number])[],
  size: { readonly width: number; readonly height: number } = SIZE,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  let first = FIRST;
  for (const [only, length] of shots) {
    if (length === 0) continue;
    const truth = await openReelTruth({ ...size, only, length, first });
    for (let frame = 0; frame < truth.frames; frame++) {
      await writeFile(join(folder, sampleFileName(truth, frame)), sampleDpx(truth, frame));
    }
    first += length;
  }
}

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
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

/** Small enough to be quick; the eyes of the talking face are still 40 pixels apart. */
const SIZE = { width: 320, height: 180 } as const;

/** Writes two shots as 10-bit DPX into `folder`: the actor speaks, then an empty room. */
export async function makeTinyReel(
  folder: string,
  talking: number,
  empty: number,
  size: { readonly width: number; readonly height: number } = SIZE,
): Promise<TinyReel> {
  await mkdir(folder, { recursive: true });
  const first = 1001;
  const shots = [
    { only: 'talking', length: talking, first },
    { only: 'empty', length: empty, first: first + talking },
  ] as const;
  for (const shot of shots) {
    if (shot.length === 0) continue;
    const truth = await openReelTruth({ ...size, ...shot });
    for (let frame = 0; frame < truth.frames; frame++) {
      await writeFile(join(folder, sampleFileName(truth, frame)), sampleDpx(truth, frame));
    }
  }
  return { ...size, first, frames: talking + empty, talking };
}

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Plate, planesOf } from '../../../src/film/plate.ts';
import type { CodePicture } from '../../../src/media/still/code-picture.ts';

/** Codes that look like noise, from the least to the largest. */
export function drawCodes(size: Pick<CodePicture, 'width' | 'height' | 'bits'>, count: number): CodePicture {
  let state = 7 + count + size.bits;
  const planes = Array.from({ length: count }, () =>
    Uint16Array.from({ length: size.width * size.height }, () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state >>> (32 - size.bits);
    }),
  );
  return { ...size, planes };
}

/** How many samples of a plate, whose planes are in ffmpeg's order, are not a picture's codes. */
export function differingCodes({ planes, width, height }: CodePicture, { format, bytes }: Plate): number {
  const order = planes.length === 1 ? [0] : [1, 2, 0, 3].slice(0, planes.length);
  const read = planesOf(format, bytes, width, height);
  if (read.length !== planes.length) throw new Error(`${read.length} planes were read, ${planes.length} written.`);
  return read.reduce((sum, { samples }, k) => {
    const codes = planes[order[k] as number] as Uint16Array;
    for (let i = 0; i < codes.length; i++) if (samples[i] !== codes[i]) sum += 1;
    return sum;
  }, 0);
}

interface KnownFile {
  readonly file: string;
  readonly samples: string;
}

/** What other programs read in files of our writers, by name: `dpx-3-10.dpx` is RGB of 10 bits. */
export function readByOthers(): Readonly<Record<string, KnownFile>> {
  const path = join(import.meta.dirname, '../../fixtures/written-stills/readers.json');
  return JSON.parse(readFileSync(path, 'utf8')).files;
}

/** A file's hash, and that of its picture's codes, as `readByOthers` has them. */
export function hashesOf(file: Buffer, { planes }: CodePicture): KnownFile {
  const count = planes.length;
  const codes = new Uint16Array((planes[0] as Uint16Array).length * count);
  planes.forEach((plane, k) => {
    for (let i = 0; i < plane.length; i++) codes[i * count + k] = plane[i] as number;
  });
  const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
  return { file: hash(file), samples: hash(new Uint8Array(codes.buffer)) };
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { drawStill } from '../still/footage.ts';
import { HEIGHT, type RefusedCase, type StillCase, WIDTH } from './still-case.ts';

const SIZE = `${WIDTH}x${HEIGHT}`;
const FORMATS = { Y: 'grayf32le', RGB: 'gbrpf32le', RGBA: 'gbrapf32le' } as const;
const COMPRESSIONS = { none: 'none', RLE: 'rle', ZIPS: 'zip1', ZIP: 'zip16' } as const;
const FIXTURES = join(import.meta.dirname, '../../fixtures/exr');

const drawn = (samples: keyof typeof FORMATS, depth: string, compression: keyof typeof COMPRESSIONS) =>
  drawStill('exr', FORMATS[samples], SIZE, ['-format', depth, '-compression', COMPRESSIONS[compression]]);

export const EXR_CASES: readonly StillCase[] = [
  ...(Object.keys(FORMATS) as (keyof typeof FORMATS)[]).flatMap((samples) =>
    ['half', 'float'].flatMap((depth) =>
      (Object.keys(COMPRESSIONS) as (keyof typeof COMPRESSIONS)[]).map((compression) => ({
        kind: 'exr' as const,
        claim: [samples, depth, compression, '–'] as const,
        draw: () => drawn(samples, depth, compression),
        rounded: depth === 'half',
      })),
    ),
  ),
  // ffmpeg writes none of these; OpenEXR 3.5 did.
  ...['PIZ', 'PXR24', 'B44', 'B44A', 'DWAA', 'DWAB'].map((compression) => ({
    kind: 'exr' as const,
    claim: ['RGB', 'half', compression, '–'] as const,
    draw: () => readFileSync(join(FIXTURES, `${compression.toLowerCase()}.exr`)),
    rounded: true,
  })),
];

/** A file whose header says that it is of another make, its picture aside. */
function flagged(flag: number): Buffer {
  const file = drawn('RGB', 'half', 'none');
  file.writeUInt32LE(file.readUInt32LE(4) | flag, 4);
  return file;
}

export const EXR_REFUSED: readonly RefusedCase[] = [{ kind: 'exr', claim: 'deep', draw: () => flagged(0x800) }];

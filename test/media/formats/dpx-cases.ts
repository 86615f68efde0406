import { drawDpx } from '../still/dpx/dpx-writer.ts';
import { HEIGHT, type RefusedCase, type StillCase, WIDTH } from './still-case.ts';

/** Descriptors of SMPTE ST 268-1. */
const DESCRIPTORS = {
  ...{ luma: 6, RGB: 50, RGBA: 51, ABGR: 52, BGR: 53, BGRA: 54, ARGB: 55 },
  ...{ CbYCrY: 100, CbYACrYA: 101, CbYCr: 102, CbYCrA: 103 },
} as const;
const PACKINGS = { packed: 0, 'filled A': 1, 'filled B': 2, '–': 0 } as const;
const PLAIN = {
  bigEndian: true,
  descriptor: 50,
  bits: 8,
  packing: 0,
  offset: 2048,
  rows: 'filled',
  seed: 0.7,
} as const;

type Packing = keyof typeof PACKINGS;

const drawn = (layout: Partial<Parameters<typeof drawDpx>[0]>): Buffer =>
  drawDpx({ ...PLAIN, width: WIDTH, height: HEIGHT, ...layout }).file;

function cases(bits: 8 | 10 | 12 | 16, packings: readonly Packing[]): StillCase[] {
  return Object.entries(DESCRIPTORS).flatMap(([samples, descriptor]) =>
    packings.flatMap((packing) =>
      (['big-endian', 'little-endian'] as const).map((order) => ({
        kind: 'dpx' as const,
        claim: [samples, String(bits), packing, order] as const,
        draw: () => drawn({ descriptor, bits, packing: PACKINGS[packing], bigEndian: order === 'big-endian' }),
      })),
    ),
  );
}

export const DPX_CASES: readonly StillCase[] = [
  ...cases(8, ['–']),
  ...cases(10, ['packed', 'filled A', 'filled B']),
  ...cases(12, ['packed', 'filled A', 'filled B']),
  ...cases(16, ['–']),
];

/** A file whose header calls its samples of 16 bits something else. */
function called(name: number, at: number): Buffer {
  const file = drawn({ bits: 16 });
  file.writeUInt8(name, at);
  return file;
}

export const DPX_REFUSED: readonly RefusedCase[] = [
  { kind: 'dpx', claim: 'run-length encoded', draw: () => drawn({ encoding: 1 }) },
  { kind: 'dpx', claim: 'float', draw: () => called(32, 803) },
  { kind: 'dpx', claim: '4:2:0', draw: () => called(104, 800) },
  { kind: 'dpx', claim: 'composite video', draw: () => called(9, 800) },
  { kind: 'dpx', claim: 'colours in elements of their own', draw: () => drawn({ descriptor: 1, elements: 3 }) },
];

import type { Component } from '../../../film/sample-format.ts';
import type { DpxWords } from './dpx-samples.ts';

/** What a DPX image element holds. */
export interface DpxLayout {
  /** Pixels of a group: 2 where two share their colour. */
  readonly pixels: 1 | 2;
  /** Of a group's samples, in file order. */
  readonly components: readonly Component[];
}

const one = (...components: Component[]): DpxLayout => ({ pixels: 1, components });
const two = (...components: Component[]): DpxLayout => ({ pixels: 2, components });

/** By descriptor: SMPTE ST 268-1 table 1, and 53 to 55 of ST 268-2. A single colour is shown as grey. */
const LAYOUTS: Readonly<Record<number, DpxLayout>> = {
  1: one('Y'),
  2: one('Y'),
  3: one('Y'),
  6: one('Y'),
  50: one('R', 'G', 'B'),
  51: one('R', 'G', 'B', 'A'),
  52: one('A', 'B', 'G', 'R'),
  53: one('B', 'G', 'R'),
  54: one('B', 'G', 'R', 'A'),
  55: one('A', 'R', 'G', 'B'),
  100: two('Cb', 'Y', 'Cr', 'Y'),
  101: two('Cb', 'Y', 'A', 'Cr', 'Y', 'A'),
  102: one('Cb', 'Y', 'Cr'),
  103: one('Cb', 'Y', 'Cr', 'A'),
};

/** What other descriptors say is there. */
const NAMES: Readonly<Record<number, string>> = {
  0: 'samples that only their writer knows (descriptor 0)',
  4: 'alpha alone',
  7: 'colour differences alone',
  8: 'depth instead of a picture',
  9: 'composite video',
  104: '4:2:0 samples',
  105: '4:2:0 samples with alpha',
};

export function dpxLayoutOf(descriptor: number): DpxLayout | undefined {
  return LAYOUTS[descriptor];
}

/** What a descriptor says is there; continues the sentence "`name` holds …". */
export function nameOfDescriptor(descriptor: number): string {
  if (NAMES[descriptor]) return NAMES[descriptor];
  if (descriptor >= 150 && descriptor <= 156) return `${descriptor - 148} components without names`;
  return `samples of a kind that the standard does not know (descriptor ${descriptor})`;
}

/** ffmpeg's name of the planes that hold such samples. */
export function planarName({ pixels, components }: DpxLayout, bits: number): string {
  const alpha = components.includes('A') ? 'a' : '';
  const depth = bits === 8 ? '' : `${bits}le`;
  if (components.includes('R')) return `gbr${alpha}p${depth}`;
  return components.includes('Cb') ? `yuv${alpha}${pixels === 2 ? 422 : 444}p${depth}` : `gray${depth}`;
}

/** ffmpeg's pixel formats by descriptor and bits, as its decoder gives them; `%` is the file's byte order. */
const DECODED: Readonly<Record<string, string>> = {
  '1/8': 'gray',
  '2/8': 'gray',
  '3/8': 'gray',
  '6/8': 'gray',
  '6/10': 'gray10le',
  '6/12': 'gray12le',
  '6/16': 'gray16%',
  '50/8': 'rgb24',
  '50/10': 'gbrp10le',
  '50/12': 'gbrp12le',
  '50/16': 'rgb48%',
  '51/8': 'rgba',
  '51/10': 'gbrap10le',
  '51/12': 'gbrap12le',
  '51/16': 'rgba64%',
  '52/8': 'abgr',
  '100/8': 'uyvy422',
  '102/8': 'yuv444p',
  '103/8': 'yuva444p',
};
/** Descriptors that ffmpeg knows in big-endian files alone. */
const BIG_ENDIAN_ALONE = [100, 102, 103];

/**
 * ffmpeg's name of the samples as its decoder gives them; undefined where it does not know such words, or reads them wrongly: of 10
 * bits filled by method B it takes the gap for a part of the samples.
 */
export function decodedName(descriptor: number, { bits, packing, bigEndian }: DpxWords): string | undefined {
  if (bits === 10 && packing !== 'A') return undefined;
  if (!bigEndian && BIG_ENDIAN_ALONE.includes(descriptor)) return undefined;
  return DECODED[`${descriptor}/${bits}`]?.replace('%', bigEndian ? 'be' : 'le');
}

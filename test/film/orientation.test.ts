import { describe, expect, it } from 'vitest';
import {
  fillOf,
  type Orientation,
  orientationOf,
  orientationOfMatrix,
  storedRows,
  swapsSides,
  uprightChroma,
  uprightFormat,
  uprightSize,
} from '../../src/film/orientation.ts';
import { type Plane, planesOf } from '../../src/film/plate.ts';
import { pictureBytes, type SampleFormat, sampleFormat } from '../../src/film/sample-format.ts';
import { type Picture, turnBack, turnPixels, turnUpright } from '../../src/film/turn-picture.ts';

const ALL: readonly Orientation[] = [1, 2, 3, 4, 5, 6, 7, 8];

/** Where the first row and the first column are seen, in the words of CIPA DC-008 §4.6.4 A. */
const SEEN: Readonly<Record<Orientation, readonly [row: string, column: string]>> = {
  1: ['top', 'left'],
  2: ['top', 'right'],
  3: ['bottom', 'right'],
  4: ['bottom', 'left'],
  5: ['left', 'top'],
  6: ['right', 'top'],
  7: ['right', 'bottom'],
  8: ['left', 'bottom'],
};

function pictureOf(format: SampleFormat, width: number, height: number): Picture {
  const bytes = new Uint8Array(pictureBytes(format, width, height));
  let k = 0;
  for (const { samples } of planesOf(format, bytes, width, height))
    for (let i = 0; i < samples.length; i++) samples[i] = k++;
  return { format, width, height, bytes };
}

function turned(stored: Picture, orientation: Orientation): Picture {
  const format = uprightFormat(stored.format, orientation);
  const size = uprightSize(stored.format, { ...stored, orientation });
  const upright = { format, ...size, bytes: new Uint8Array(pictureBytes(format, size.width, size.height)) };
  turnUpright(stored, orientation, upright);
  return upright;
}

const planesIn = ({ format, bytes, width, height }: Picture) => planesOf(format, bytes, width, height);

describe('A picture that is turned upright', () => {
  it.each(ALL)('by orientation %i has its first row and column where EXIF says', (orientation) => {
    const stored = pictureOf(sampleFormat('gray16le'), 5, 3);
    const [plane] = planesIn(turned(stored, orientation)) as [Plane];
    const row = (k: number) => [...plane.samples.subarray(k * plane.width, (k + 1) * plane.width)];
    const column = (k: number) => Array.from({ length: plane.height }, (_, y) => plane.samples[y * plane.width + k]);
    const sides: Readonly<Record<string, () => (number | undefined)[]>> = {
      top: () => row(0),
      bottom: () => row(plane.height - 1),
      left: () => column(0),
      right: () => column(plane.width - 1),
    };
    const [first, second] = SEEN[orientation];
    expect(sides[first]?.().sort((a, b) => Number(a) - Number(b))).toEqual([0, 1, 2, 3, 4]);
    expect(sides[second]?.().sort((a, b) => Number(a) - Number(b))).toEqual([0, 5, 10]);
  });

  const formats = [
    'gray',
    'gbrp',
    'gbrpf32le',
    'yuv420p',
    'yuv422p10le',
    'yuva444p16le',
    'yuv440p',
    'yuv411p',
    'yuv410p',
  ];
  it.each(formats)(
    'in %s keeps every sample, and comes back with the same bits in every orientation and odd size',
    (name) => {
      const format = sampleFormat(name);
      for (const orientation of ALL) {
        for (const [width, height] of [
          [1, 1],
          [8, 4],
          [70, 131],
          [7, 5],
          [6, 9],
        ] as const) {
          const stored = pictureOf(format, width, height);
          const upright = turned(stored, orientation);
          const kept = planesIn(upright).map(({ samples }) => new Set<number>(samples));
          planesIn(stored).forEach(({ samples }, k) => {
            expect(samples.every((sample: number) => kept[k]?.has(sample))).toBe(true);
          });
          const back = { ...stored, bytes: new Uint8Array(stored.bytes.length) };
          turnBack(upright, orientation, back);
          expect(Buffer.from(back.bytes).equals(stored.bytes)).toBe(true);
        }
      }
    },
  );

  it('has its chroma under the pixels that it was stored under, also where a flipped side ends within a site', () => {
    const format = sampleFormat('yuv420p');
    const stored = pictureOf(format, 5, 3);
    const [luma, chroma] = planesIn(stored) as [Plane, Plane];
    // Each chroma sample names the first luma sample of its site.
    for (let y = 0; y < 2; y++)
      for (let x = 0; x < 3; x++) chroma.samples[y * 3 + x] = luma.samples[2 * y * 5 + 2 * x] as number;
    for (const orientation of ALL) {
      const upright = turned(stored, orientation);
      const [seenLuma, seenChroma] = planesIn(upright) as [Plane, Plane];
      seenLuma.samples.forEach((value: number, at: number) => {
        const x = at % upright.width;
        const y = Math.floor(at / upright.width);
        const under = seenChroma.samples[(y >> 1) * seenChroma.width + (x >> 1)] as number;
        const [column, row] = [value % 5, Math.floor(value / 5)];
        expect(under).toBe((row & ~1) * 5 + (column & ~1));
      });
    }
    expect(uprightSize(format, { width: 5, height: 3, orientation: 6 })).toEqual({ width: 4, height: 5 });
    expect(fillOf(format, { width: 5, height: 3, orientation: 6 })).toEqual({ width: 0, height: 1 });
    expect(uprightSize(sampleFormat('gbrp'), { width: 5, height: 3, orientation: 6 })).toEqual({ width: 3, height: 5 });
  });

  it('swaps the steps of its chroma with its sides', () => {
    expect(uprightFormat(sampleFormat('yuv422p10le'), 6)).toEqual(sampleFormat('yuv440p10le'));
    expect(uprightFormat(sampleFormat('yuva422p'), 3)).toEqual(sampleFormat('yuva422p'));
    expect(uprightFormat(sampleFormat('yuv411p'), 8).planes[1]).toEqual({ component: 'Cb', shiftX: 0, shiftY: 2 });
    expect(uprightFormat(sampleFormat('yuv420p'), 5).name).toBe('yuv420p');
    expect(uprightFormat(sampleFormat('gbrp16le'), 5).name).toBe('gbrp16le');
  });

  it('has chroma sited where it was sampled', () => {
    expect(ALL.map((orientation) => uprightChroma('topleft', orientation))).toEqual([
      'topleft',
      'topright',
      'bottomright',
      'bottomleft',
      'topleft',
      'topright',
      'bottomright',
      'bottomleft',
    ]);
    expect(ALL.map((orientation) => uprightChroma('left', orientation))).toEqual([
      'left',
      'right',
      'right',
      'left',
      'top',
      'top',
      'bottom',
      'bottom',
    ]);
    expect(ALL.every((orientation) => uprightChroma('center', orientation) === 'center')).toBe(true);
  });

  it('has changes in the stored rows that they came from', () => {
    for (const orientation of ALL) {
      const stored = pictureOf(sampleFormat('gray16le'), 11, 7);
      const upright = turned(stored, orientation);
      const changed = { in: 1, out: 3, columns: { in: 2, out: 5 } };
      const rows = new Set<number>();
      const [plane] = planesIn(upright) as [Plane];
      for (let y = 1; y < 3; y++) {
        for (let x = 2; x < 5; x++) rows.add(Math.floor((plane.samples[y * plane.width + x] as number) / 11));
      }
      const { in: from, out } = storedRows(changed, upright, { ...stored, orientation });
      expect(Array.from({ length: out - from }, (_, k) => from + k)).toEqual([...rows].sort((a, b) => a - b));
      if (swapsSides(orientation)) {
        expect(storedRows({ in: 1, out: 3 }, upright, { ...stored, orientation })).toEqual({ in: 0, out: 7 });
      }
    }
  });

  it('as interleaved pixels lies as its planes do', () => {
    const rgb = Uint8Array.from({ length: 5 * 3 * 3 }, (_, k) => k);
    for (const orientation of ALL) {
      const upright = turned(pictureOf(sampleFormat('gray'), 5, 3), orientation);
      const pixels = new Uint8Array(rgb.length);
      turnPixels(rgb, { width: 5, height: 3 }, orientation, pixels);
      expect([...pixels]).toEqual([...upright.bytes].flatMap((pixel) => [3 * pixel, 3 * pixel + 1, 3 * pixel + 2]));
    }
  });
});

describe('An orientation', () => {
  it('of no known number is that of a picture as stored', () => {
    expect([undefined, 0, 9, -1, 2.5, Number.NaN].map(orientationOf)).toEqual([1, 1, 1, 1, 1, 1]);
    expect(ALL.map(orientationOf)).toEqual(ALL);
  });

  it('is read from the signs of a display matrix, whatever its scale', () => {
    const of = (a: number, b: number, c: number, d: number) => orientationOfMatrix([a, b, 0, c, d, 0, 0, 0, 1]);
    expect([of(1, 0, 0, 1), of(-1, 0, 0, 1), of(-1, 0, 0, -1), of(1, 0, 0, -1)]).toEqual([1, 2, 3, 4]);
    expect([of(0, 1, 1, 0), of(0, 1, -1, 0), of(0, -1, -1, 0), of(0, -1, 1, 0)]).toEqual([5, 6, 7, 8]);
    expect([of(2, 0, 0, 3), of(46340, -46340, 46340, 46340), of(0, 0, 0, 0)]).toEqual([1, null, null]);
  });
});

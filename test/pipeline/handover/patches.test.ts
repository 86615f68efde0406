import { describe, expect, it } from 'vitest';
import { planesOf } from '../../../src/film/plate.ts';
import { sampleFormat } from '../../../src/film/sample-format.ts';
import { bytesInMemory } from '../../../src/media/still/byte-source.ts';
import { parseExr } from '../../../src/media/still/exr/exr.ts';
import { patches } from '../../../src/pipeline/handover/patches.ts';
import { drawnPlate } from '../../compute/plates.ts';
import { reelOf } from '../reel-of.ts';
import { codesOf, greatestError, KINDS, laidOver, patchFileOf, readPatch } from './rebuilt.ts';
import { restoredFrame } from './restored-frame.ts';

/** One code of ten bits. */
const CODE = 1 / 1023;

describe('plate and patch, laid over each other,', () => {
  it.each(KINDS.map((kind) => [nameOf(kind), kind] as const))('are the restored frame: %s', async (_, kind) => {
    expect(await greatestError(kind, 'premultiplied')).toBeLessThan(CODE);
    expect(await greatestError(kind, 'straight')).toBeLessThan(CODE);
  });

  it('are the restored code of ten bits in every pixel', async () => {
    const frame = restoredFrame({ format: 'gbrp10le', transfer: 'log' });
    const patch = await readPatch(await patchFileOf(frame, 'premultiplied'));
    const [was, is] = [codesOf(frame.before, frame), codesOf(frame.after, frame)];
    is.forEach((channel, c) => {
      const others = channel.filter((value, i) => {
        const rebuilt = laidOver(
          was[c]?.[i] as number,
          patch[c]?.[i] as number,
          patch[3][i] as number,
          'premultiplied',
        );
        return Math.round(1023 * rebuilt) !== Math.round(1023 * value);
      });
      expect(others).toHaveLength(0);
    });
  });

  it('keep what is no number, or has no end, in a plate of floats', async () => {
    const odd = [Number.NaN, Infinity, -Infinity];
    const frame = restoredFrame({ format: 'gbrpf32le', transfer: 'linear' }, ({ format, bytes, width, height }) => {
      const [green] = planesOf(format, bytes, width, height);
      odd.forEach((value, k) => {
        (green?.samples as Float32Array)[(70 + k) * width + 85] = value;
      });
    });
    const patch = await readPatch(await patchFileOf(frame, 'premultiplied'));
    const [was, is] = [codesOf(frame.before, frame), codesOf(frame.after, frame)];
    odd.forEach((value, k) => {
      const at = (70 + k) * frame.before.width + 85;
      const alpha = patch[3][at] as number;
      const rebuilt = [0, 1, 2].map((c) =>
        laidOver(was[c]?.[at] as number, patch[c]?.[at] as number, alpha, 'premultiplied'),
      );
      expect(rebuilt[1]).toBe(value);
      for (const c of [0, 2]) expect(Math.abs((rebuilt[c] as number) - (is[c]?.[at] as number))).toBeLessThan(3 * CODE);
    });
  });
});

describe('a patch', () => {
  it('has the matte as alpha, and what both leave of the plate where two faces lie over each other', async () => {
    const frame = restoredFrame({ format: 'gbrp16le' });
    const [, , , alpha] = await readPatch(await patchFileOf(frame, 'straight'));
    const { width, height } = frame.before;
    let both = 0;
    for (let i = 0; i < width * height; i++) {
      const [x, y] = [i % width, Math.floor(i / width)];
      const own = frame.faces.map(({ comped: { region, matte } }) => {
        const { roi } = region;
        const isIn = x >= roi.x && x < roi.x + roi.width && y >= roi.y && y < roi.y + roi.height;
        return isIn ? (matte[(y - roi.y) * roi.width + x - roi.x] as number) / 65535 : 0;
      });
      const covered = own.reduce((sum, value) => sum + value - sum * value, 0);
      if (own.every((value) => value > 0.2 && value < 0.8)) both += 1;
      // A half between ½ and 1 has eleven bits.
      expect(Math.abs((alpha[i] as number) - covered)).toBeLessThan(2 ** -11);
    }
    expect(both).toBeGreaterThan(10);
  });

  it('has a little alpha, and no colour beyond the plate by more than white from black, where chroma reaches out of the matte', async () => {
    const frame = restoredFrame({ format: 'yuv420p' });
    const patch = await readPatch(await patchFileOf(frame, 'straight'));
    const [was] = [codesOf(frame.before, frame)];
    const { width, height } = frame.before;
    const matted = new Set<number>();
    for (const { comped } of frame.faces) {
      const { roi } = comped.region;
      comped.matte.forEach((value, k) => {
        if (value > 0) matted.add((roi.y + Math.floor(k / roi.width)) * width + roi.x + (k % roi.width));
      });
    }
    let beyond = 0;
    for (let i = 0; i < width * height; i++) {
      const alpha = patch[3][i] as number;
      if (alpha > 0 && !matted.has(i)) beyond += 1;
      for (let c = 0; c < 3; c++) {
        const [colour, plate] = [patch[c]?.[i] as number, was[c]?.[i] as number];
        if (alpha === 0) expect(colour).toBe(0);
        else expect(Math.abs(colour - plate)).toBeLessThan(1.01 * Math.max(1, Math.abs(plate), Math.abs(colour)));
      }
    }
    expect(beyond).toBeGreaterThan(10);
  });

  it('has the plate as its frame, and a data window around what is not transparent', async () => {
    const frame = restoredFrame({ format: 'yuv420p' });
    const file = await patchFileOf(frame, 'premultiplied');
    const [, , , alpha] = await readPatch(file);
    const seen = [...alpha.keys()].filter((i) => (alpha[i] as number) > 0);
    const [columns, rows] = [seen.map((i) => i % 151), seen.map((i) => Math.floor(i / 151))];
    const [left, top] = [Math.min(...columns), Math.min(...rows)];
    const { part } = (await parseExr(bytesInMemory(file))).picture;
    expect(part.display).toEqual({ left: 0, top: 0, width: 151, height: 131 });
    expect(part.data).toEqual({
      left,
      top,
      width: Math.max(...columns) + 1 - left,
      height: Math.max(...rows) + 1 - top,
    });
    expect(left).toBeGreaterThan(10);
    expect(part.channels.map(({ name, type }) => `${name} ${type}`)).toEqual(['A half', 'B half', 'G half', 'R half']);
  });

  it('is one transparent pixel where a person let nothing of its faces be restored', async () => {
    const frame = restoredFrame({ format: 'gbrp10le' });
    const held = frame.faces.map(({ track, comped }) => ({
      track,
      comped: { ...comped, matte: comped.matte.map(() => 0) },
    }));
    const file = await patchFileOf({ ...frame, after: frame.before, faces: held }, 'straight');
    const { part } = (await parseExr(bytesInMemory(file))).picture;
    expect([part.data.width, part.data.height]).toEqual([1, 1]);
    expect((await readPatch(file)).flatMap((channel) => [...channel]).every((value) => value === 0)).toBe(true);
  });

  it('says how it is to be laid over, and of which frame and values it is', async () => {
    const kind = { format: 'yuv420p10le', tags: { range: 'tv', primaries: 'bt709', matrix: 'bt709' } } as const;
    const file = await patchFileOf(restoredFrame(kind), 'straight', {
      rate: { num: 24000, den: 1001 },
      timecode: '01:00:00:00',
      pixelAspect: { num: 2, den: 1 },
    });
    const { attributes } = (await parseExr(bytesInMemory(file))).picture.part;
    const text = (name: string) => attributes.get(name)?.value.toString();
    expect(text('comments')).toBe(
      "Restored faces on transparency. In the plate's own code values, plate * (1 - A) + RGB * A is the restored frame.",
    );
    expect(text('reelmend/alpha')).toBe('straight');
    expect(text('reelmend/encoding')).toBe('rec709');
    expect(text('reelmend/frame')).toBe('1001');
    expect(text('reelmend/orientation')).toBe("1 (the plate's file lies as it is seen)");
    expect(text('reelmend/values')).toBe(
      'RGB of 10-bit YUV with Kr 0.2126 and Kb 0.0722: 0 is code 64, 1 is code 940; chroma bilinear',
    );
    expect(attributes.get('pixelAspectRatio')?.value.readFloatLE()).toBe(2);
    expect(attributes.get('timeCode')?.value.readUInt32LE().toString(16)).toBe('1000000');
    expect(attributes.get('chromaticities')?.value.readFloatLE()).toBeCloseTo(0.64);
  });

  it('is the same bytes for the same frame', async () => {
    const frame = restoredFrame({ format: 'gbrp10le' });
    const [one, other] = [await patchFileOf(frame, 'premultiplied'), await patchFileOf(frame, 'premultiplied')];
    expect(one.equals(other)).toBe(true);
  });

  it('of YUV has the colours that BT.709 says of codes', () => {
    // Red, green and white of full strength (ITU-R BT.709-6 §3, §4), each 4 × 4 pixels.
    const codes = [
      [63, 173, 235],
      [102, 42, 128],
      [240, 26, 128],
    ] as const;
    const plate = drawnPlate('yuv444p', 12, 4, (k, x) => codes[k as 0 | 1 | 2][Math.floor(x / 4) as 0 | 1 | 2]);
    const colour = { tags: { matrix: 'bt709', range: 'tv' }, transfer: 'rec709', plateHeight: 4 } as const;
    const [red, green, blue] = codesOf(plate, { colour }) as [Float32Array, Float32Array, Float32Array];
    [
      [1, 0, 0],
      [0, 1, 0],
      [1, 1, 1],
    ].forEach((rgb, k) => {
      [red, green, blue].forEach((channel, c) => {
        expect(Math.abs((channel[4 * k + 1] as number) - (rgb[c] as number))).toBeLessThan(1 / 100);
      });
    });
  });
});

describe('a patch file', () => {
  const files = (...names: (string | null)[]) => names.map((name) => (name === null ? null : `/film/scan/${name}`));
  const nameOfFrame = (reel: Parameters<typeof reelOf>[0], frame: number) =>
    patches('/patches', 'premultiplied').nameOf(reelOf(reel), frame);

  it.each([
    [files('scan.1001.dpx', 'scan.1002.dpx'), 1001, 1, 'scan.1002.exr'],
    [files('scan_000101.exr', 'scan_000102.exr'), 101, 1, 'scan.000102.exr'],
    [files('s01_1001_v2.dpx', 's01_1002_v2.dpx'), 1001, 0, 's01_v2.1001.exr'],
    [files(null, '7.png', '8.png'), 6, 2, 'scan.0008.exr'],
    [files('take 2 - 0099.tif', 'take 2 - 0100.tif'), 99, 1, 'take 2.0100.exr'],
  ])('of %j is named after the reel and numbered as it is', (names, first, frame, expected) => {
    expect(nameOfFrame({ files: names, first, frames: names.length }, frame)).toBe(expected);
  });

  it('of a movie is named after it, its frames counted from 1', () => {
    const movie = { ...reelOf(), kind: 'movie', path: '/film/the.film.mov', first: 1 } as unknown as ReturnType<
      typeof reelOf
    >;
    expect(patches('/patches', 'premultiplied').nameOf(movie, 11)).toBe('the.film.0012.exr');
  });
});

function nameOf({ format, transfer, tags }: (typeof KINDS)[number]): string {
  expect(sampleFormat(format).name).toBe(format);
  return [format, transfer, tags?.range, tags?.matrix].filter((part) => part !== undefined).join(', ');
}

import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { ColourTags, Transfer } from '../../../../src/film/colour.ts';
import { type Plate, planesOf } from '../../../../src/film/plate.ts';
import { pictureBytes, sampleFormat } from '../../../../src/film/sample-format.ts';
import { frameConverter } from '../../../../src/media/write/frames/convert-frame.ts';
import { type FrameFormatName, frameFormat } from '../../../../src/media/write/frames/frame-format.ts';

interface Drawn {
  readonly pixelFormat: string;
  readonly size?: readonly [width: number, height: number];
  readonly tags?: ColourTags;
  readonly transfer?: Transfer;
  readonly isInterlaced?: boolean;
}

/** A plate whose samples are drawn, and its conversion. */
function converted(
  { pixelFormat, size: [width, height] = [16, 12], tags = {}, transfer = 'rec709', isInterlaced = false }: Drawn,
  to: FrameFormatName,
  sample: (component: string, at: number) => number,
) {
  const format = sampleFormat(pixelFormat);
  const plate: Plate = { frame: 0, format, width, height, bytes: new Uint8Array(pictureBytes(format, width, height)) };
  planesOf(format, plate.bytes, width, height).forEach(({ samples }, k) => {
    for (let i = 0; i < samples.length; i++) samples[i] = sample(format.planes[k]?.component as string, i);
  });
  const colour = { tags, transfer, plateHeight: 1080 };
  const converter = frameConverter({ format, width, height, colour, isInterlaced }, frameFormat(to));
  const { components, planes, clipped } = converter.convert(plate);
  const first = Object.fromEntries(components.map((component, k) => [component, planes[k]?.[0]]));
  return { components, planes, clipped, first, trip: converter.roundTrip(plate) };
}

const flat = (codes: Readonly<Record<string, number>>) => (component: string) => codes[component] as number;

/** Noise of samples whose RGB lies within black and white: luma in the middle, chroma about its zero. */
function inside(pixelFormat: string) {
  const bits = Number(/(\d+)le$/.exec(pixelFormat)?.[1] ?? 8);
  let state = 99;
  return (component: string): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const at = state / 2 ** 32;
    return Math.floor(
      2 ** bits * (component.startsWith('C') ? 0.4 + 0.2 * at : component === 'Y' ? 0.4 + 0.2 * at : at),
    );
  };
}

describe('A converted frame', () => {
  it.each([
    // ITU-R BT.709-6 table 4: black, white and the primaries' codes of 10 bits.
    ['bt709', { Y: 64, Cb: 512, Cr: 512 }, [0, 0, 0]],
    ['bt709', { Y: 940, Cb: 512, Cr: 512 }, [1023, 1023, 1023]],
    ['bt709', { Y: 250, Cb: 409, Cr: 960 }, [1023, 0, 0]],
    ['bt709', { Y: 691, Cb: 167, Cr: 105 }, [0, 1023, 0]],
    ['bt709', { Y: 127, Cb: 960, Cr: 471 }, [0, 0, 1023]],
    ['smpte170m', { Y: 326, Cb: 361, Cr: 960 }, [1023, 0, 0]],
    ['bt2020nc', { Y: 294, Cb: 387, Cr: 960 }, [1023, 0, 0]],
  ] as const)('by %s of %j has the codes %j', (matrix, codes, rgb) => {
    const { planes } = converted({ pixelFormat: 'yuv444p10le', tags: { matrix, range: 'tv' } }, 'dpx10', flat(codes));
    // A code of luma and chroma is up to half a code off, and so 1.3 codes of RGB.
    for (const [k, plane] of planes.entries()) {
      expect(Math.abs((plane[0] as number) - (rgb[k] as number))).toBeLessThan(1.5);
    }
  });

  it('takes untagged YUV for video range, and RGB for full range', () => {
    expect(converted({ pixelFormat: 'yuv444p' }, 'dpx8', flat({ Y: 235, Cb: 128, Cr: 128 })).first).toEqual({
      R: 255,
      G: 255,
      B: 255,
    });
    expect(converted({ pixelFormat: 'gbrp' }, 'dpx8', flat({ R: 235, G: 16, B: 0 })).first).toEqual({
      R: 235,
      G: 16,
      B: 0,
    });
  });

  it('spreads full-range samples and those of video range over all codes', () => {
    const full = { pixelFormat: 'yuv444p', tags: { range: 'pc' } } as const;
    expect(converted(full, 'tiff16', flat({ Y: 255, Cb: 128, Cr: 128 })).first).toEqual({
      R: 65535,
      G: 65535,
      B: 65535,
    });
    expect(converted({ pixelFormat: 'gray10le', tags: { range: 'tv' } }, 'dpx16', flat({ Y: 940 })).first).toEqual({
      Y: 65535,
    });
  });

  it('keeps the codes of a log scan, whatever range it is tagged with', () => {
    const scan = { pixelFormat: 'gbrp10le', tags: { range: 'tv' }, transfer: 'log' } as const;
    expect(converted(scan, 'dpx10', flat({ R: 685, G: 95, B: 1023 })).first).toEqual({ R: 685, G: 95, B: 1023 });
  });

  it('keeps alpha, which is of full range in both', () => {
    const { first, components } = converted(
      { pixelFormat: 'yuva444p10le' },
      'dpx10',
      flat({ Y: 64, Cb: 512, Cr: 512, A: 1023 }),
    );
    expect([components, first]).toEqual([['R', 'G', 'B', 'A'], { R: 0, G: 0, B: 0, A: 1023 }]);
  });

  it('counts what lies beyond black and white, which codes cut off and floats keep', () => {
    const source = { pixelFormat: 'yuv444p10le' } as const;
    const white = flat({ Y: 1019, Cb: 512, Cr: 512 });
    const pixels = 16 * 12;
    const codes = converted(source, 'dpx10', white);
    expect([codes.first, codes.clipped]).toEqual([{ R: 1023, G: 1023, B: 1023 }, 3 * pixels]);
    expect(codes.trip).toMatchObject({ greatest: 1019 - 940, unclipped: { samples: 0 } });
    const floats = converted(source, 'exr', white);
    expect([floats.first['R'], floats.clipped]).toEqual([Math.fround((1019 - 64) / 876), 0]);
    expect(floats.trip.greatest).toBe(0);
  });

  it('measures what comes back beside what was cut off', () => {
    // One pixel in the corner is whiter than white; chroma of 4:2:0 that no cut-off pixel made comes back.
    const noise = inside('yuv420p10le');
    const { clipped, trip } = converted({ pixelFormat: 'yuv420p10le' }, 'dpx10', (component, at) =>
      component === 'Y' && at === 0 ? 1019 : noise(component),
    );
    expect(clipped).toBeGreaterThan(0);
    expect(trip.greatest).toBeGreaterThan(0);
    expect(trip.unclipped.greatest).toBe(0);
    expect(trip.samples - trip.unclipped.samples).toBe(3);
  });

  const EXACT = [
    ...['yuv420p', 'yuv422p', 'yuv444p', 'yuv440p', 'yuv411p', 'yuv410p'].map((one) => [one, 'dpx8'] as const),
    ...['yuv420p10le', 'yuv422p10le', 'yuv444p10le', 'yuva444p10le'].map((one) => [one, 'dpx10'] as const),
    ...['yuv420p12le', 'yuv444p12le', 'gbrp12le', 'gray12le'].map((one) => [one, 'dpx12'] as const),
    ...['yuv420p10le', 'yuv444p12le', 'gbrp', 'gbrap16le', 'gray', 'gray10le'].map((one) => [one, 'tiff16'] as const),
    ...['gbrp', 'gbrp10le', 'yuv422p10le', 'gray10le', 'gbrpf32le'].map((one) => [one, 'exr-float'] as const),
    ...['gbrp', 'yuv420p', 'yuv422p10le'].map((one) => [one, 'exr-half'] as const),
  ] as const;
  it.each(EXACT)('of %s as %s comes back sample for sample', (pixelFormat, to) => {
    for (const size of [
      [16, 12],
      [15, 11],
      [5, 7],
    ] as const) {
      for (const chromaLocation of ['left', 'center', 'topleft', 'bottomleft']) {
        for (const isInterlaced of [false, true]) {
          const drawn = { pixelFormat, size, isInterlaced, tags: { chromaLocation } };
          const { clipped, trip } = converted(drawn, to, inside(pixelFormat));
          expect([drawn, clipped, trip.greatest]).toEqual([drawn, 0, 0]);
        }
      }
    }
  });

  it.each([
    ['yuv420p', 'dpx10', false, '7cfe0e768d6689c4'],
    ['yuv420p', 'dpx10', true, '3771ef7606851901'],
    ['yuv422p10le', 'tiff16', false, 'b51400b461bcabad'],
    ['yuv411p', 'dpx8', false, '8ce570cf4293fdc9'],
    ['gbrp12le', 'dpx10', false, 'cc7fee82ad70c718'],
    ['yuv444p12le', 'exr-float', false, '7e394f33b059c6d5'],
  ] as const)(
    'of %s as %s has the samples that it has had (else raise CONVERSION_VERSION)',
    (pixelFormat, to, isInterlaced, pinned) => {
      const { planes } = converted({ pixelFormat, isInterlaced, size: [15, 11] }, to, inside(pixelFormat));
      const hash = createHash('sha256');
      for (const plane of planes) hash.update(new Uint8Array(plane.buffer));
      expect(hash.digest('hex').slice(0, 16)).toBe(pinned);
    },
  );

  it('of fewer bits than its source says by how much it differs', () => {
    const { trip } = converted({ pixelFormat: 'gbrp12le' }, 'dpx10', inside('gbrp12le'));
    // 4095 over 1023 is a little over four codes a code.
    expect(trip.greatest).toBe(2);
    expect(Math.sqrt(trip.sumOfSquares / trip.samples)).toBeCloseTo(1.2, 1);
  });
});

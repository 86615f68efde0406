import { describe, expect, it } from 'vitest';
import { upscaledTiles } from '../../src/model/upscaled-tiles.ts';

/** Every pixel becomes four of itself; what it is shown is told. */
const doubler = (shown: [number, number][] = []) => {
  return async (rgb: Float32Array, width: number, height: number) => {
    shown.push([width, height]);
    return Float32Array.from({ length: 4 * rgb.length }, (_, o) => {
      const [x, y] = [o % (2 * width), Math.floor(o / (2 * width))];
      return rgb[(y >> 1) * width + (x >> 1)] as number;
    });
  };
};
const picture = (width: number, height: number) =>
  Float32Array.from({ length: 3 * width * height }, (_, i) => ((29 * i) % 83) / 82);
const any = { tile: Number.POSITIVE_INFINITY, isFixed: false, multiple: 1 };
const open = (tile: number, multiple = 1) => ({ tile, isFixed: false, multiple });
const fixed = (tile: number) => ({ tile, isFixed: true, multiple: 1 });

async function farthest(width: number, height: number, axes: [typeof any, typeof any], shown: [number, number][]) {
  const rgb = picture(width, height);
  const [across, down] = axes;
  const tiled = await upscaledTiles(rgb, { width, height }, { across, down, factor: 2, overlap: 8 }, doubler(shown));
  const whole = await doubler()(rgb, width, height);
  expect(tiled).toHaveLength(whole.length);
  return tiled.reduce((most, v, i) => Math.max(most, Math.abs(v - (whole[i] as number))), 0);
}

describe('a picture that is enlarged in tiles', () => {
  it.each<[string, number, number, [typeof any, typeof any], [number, number][]]>([
    ['any size, shown once', 21, 13, [any, any], [[21, 13]]],
    ['smaller than a fixed size, its edge repeated', 21, 13, [fixed(32), fixed(32)], [[32, 32]]],
    ['of an odd side for a network that halves, its edge repeated', 21, 13, [open(64, 4), open(64, 4)], [[24, 16]]],
    [
      'larger than a fixed size',
      40,
      32,
      [fixed(32), fixed(32)],
      [
        [32, 32],
        [32, 32],
      ],
    ],
  ])('of %s, is the network’s answer to the whole', async (_, width, height, axes, expected) => {
    const shown: [number, number][] = [];
    expect(await farthest(width, height, axes, shown)).toBeLessThan(1e-6);
    expect(shown).toEqual(expected);
  });

  it('is so in however many tiles, those that share more than two included', async () => {
    for (const width of [33, 45, 57, 70, 101, 200]) {
      const shown: [number, number][] = [];
      expect(await farthest(width, 40, [open(32), open(32)], shown)).toBeLessThan(1e-6);
      expect(shown.every(([across, down]) => across === 32 && down === 32)).toBe(true);
    }
  });

  it('has no step where tiles meet that do not agree', async () => {
    let light = 0;
    const width = 100;
    const tiled = await upscaledTiles(
      new Float32Array(3 * width * 16).fill(0.5),
      { width, height: 16 },
      { across: open(40), down: any, factor: 1, overlap: 16 },
      async (rgb) => {
        light += 0.1;
        const own = light;
        return rgb.map((v) => v + own);
      },
    );
    let steepest = 0;
    for (let x = 0; x + 1 < width; x++) {
      steepest = Math.max(steepest, Math.abs((tiled[x + 1] as number) - (tiled[x] as number)));
    }
    // Two tiles differ by 0.1; over what they share, 16 pixels or more, they are faded over.
    expect(steepest).toBeLessThan(0.1 / 8);
  });
});

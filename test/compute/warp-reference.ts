import type { DenseMap } from '../../src/face/dense-map.ts';
import { eachPlane, median, type Plane } from './reference.ts';

/** Three planes, one after another. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly rgb: Plane;
}

/** Keys 1981, a = −½. */
function catmullRom(x: number): number {
  const d = Math.abs(x);
  if (d < 1) return 1.5 * d ** 3 - 2.5 * d ** 2 + 1;
  return d < 2 ? -0.5 * d ** 3 + 2.5 * d ** 2 - 4 * d + 2 : 0;
}

const clamp = (i: number, length: number): number => Math.min(length - 1, Math.max(0, i));

/** The sum of samples around a place, weighted by the kernel `stretch` times as wide; the weights of a row and of a column sum to 1. */
function sampled(plane: Plane, width: number, height: number, u: number, v: number, stretch: number): number {
  const taps = (at: number) => {
    const first = Math.ceil(at - 2 * stretch);
    const count = Math.floor(at + 2 * stretch) - first + 1;
    const all = Array.from({ length: count }, (_, k) => ({ i: first + k, w: catmullRom((first + k - at) / stretch) }));
    const total = all.reduce((sum, { w }) => sum + w, 0);
    return all.map(({ i, w }) => ({ i, w: w / total }));
  };
  const across = taps(u);
  return taps(v).reduce((sum, { i: y, w }) => {
    const row = clamp(y, height) * width;
    return sum + w * across.reduce((line, { i: x, w }) => line + w * (plane[row + clamp(x, width)] as number), 0);
  }, 0);
}

/** At half its size, by the kernel twice as wide. */
function halvedOnce({ width, height, rgb }: Picture): Picture {
  const [across, down] = [Math.ceil(width / 2), Math.ceil(height / 2)];
  return {
    width: across,
    height: down,
    rgb: eachPlane(rgb, (plane) =>
      Float64Array.from({ length: across * down }, (_, o) =>
        sampled(plane, width, height, 2 * (o % across) + 0.5, 2 * Math.floor(o / across) + 0.5, 2),
      ),
    ),
  };
}

/** Source pixels a pixel of the map at (`i`, `j`), in the direction in which it is more. */
function localScale({ size, xy }: DenseMap, i: number, j: number): number {
  const between = (a: readonly [number, number], b: readonly [number, number]) => {
    const [p, q] = [a, b].map(([x, y]) => 2 * (y * size + x)) as [number, number];
    const apart = Math.hypot(b[0] - a[0], b[1] - a[1]);
    return Math.hypot((xy[q] as number) - (xy[p] as number), (xy[q + 1] as number) - (xy[p + 1] as number)) / apart;
  };
  return Math.max(
    between([clamp(i - 1, size), j], [clamp(i + 1, size), j]),
    between([i, clamp(j - 1, size)], [i, clamp(j + 1, size)]),
  );
}

/** A picture seen through a map: halved while it is twice as fine as the map's pixels on the whole, then sampled pixel by pixel. */
export function warped(picture: Picture, map: DenseMap): Float64Array {
  const { size, xy } = map;
  const scales = Float64Array.from({ length: size * size }, (_, o) => localScale(map, o % size, Math.floor(o / size)));
  const times = Math.max(0, Math.floor(Math.log2(median(scales))));
  let level = picture;
  for (let k = 0; k < times; k++) level = halvedOnce(level);
  const { width, height, rgb } = level;
  const shrink = 2 ** -times;
  return eachPlane(rgb, (plane) =>
    scales.map((scale, o) => {
      const [u, v] = [(xy[2 * o] as number) * shrink - 0.5, (xy[2 * o + 1] as number) * shrink - 0.5];
      return sampled(plane, width, height, u, v, Math.max(1, scale * shrink));
    }),
  );
}

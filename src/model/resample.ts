import type { RgbPicture } from '../face/networks.ts';
import { applyX, applyY, type Similarity, scaleOf } from '../face/similarity.ts';
import { type Roi, roiAround } from '../film/roi.ts';
import type { PicturePort } from './port.ts';

/** What lies beyond the picture's edge: black, or its last row and column. */
export type Edge = 'black' | 'repeat';

/**
 * A square of the picture as a network's input, in the port's layout, channel order and range; its side is the port's.
 *
 * `toPicture` carries input pixels to picture pixels; both count from the top-left edge of the top-left pixel. Where it shrinks, the
 * picture is averaged over whole blocks first and sampled four times a pixel, so that detail too fine for the input does not alias;
 * otherwise it is interpolated bilinearly.
 */
export function resample(picture: RgbPicture, toPicture: Similarity, port: PicturePort, edge: Edge): Float32Array {
  const side = sideOf(port);
  const scale = scaleOf(toPicture);
  const block = Math.max(1, Math.floor(scale));
  const source = reduced(picture, coveredRoi(picture, toPicture, side), block);
  const taps = scale > block * 1.001 ? 2 : 1;
  // All positions are in pixels of the reduced source, counted from the middle of its first one.
  const grid: Grid = {
    side,
    taps,
    perU: toPicture.a / block,
    perV: toPicture.b / block,
    fromX: (toPicture.tx - source.x) / block - 0.5,
    fromY: (toPicture.ty - source.y) / block - 0.5,
  };
  const target = targetOf(port);
  if (source.width === 0 || source.height === 0) placeBlack(target, side);
  else if (toPicture.b === 0) sampleUpright(source, grid, edge === 'black', target);
  else sampleTurned(source, grid, edge === 'black', target);
  return target.input;
}

/** Where the input's pixels lie in a source: each is sampled `taps`² times. */
interface Grid {
  readonly side: number;
  readonly taps: 1 | 2;
  readonly perU: number;
  readonly perV: number;
  readonly fromX: number;
  readonly fromY: number;
}

function sampleTurned(source: Reduced, grid: Grid, isBlackBeyond: boolean, target: Target): void {
  const { side, taps, perU, perV, fromX, fromY } = grid;
  const share = 1 / (taps * taps);
  const lastX = source.width - 1;
  const lastY = source.height - 1;
  const { rgb, stride, offset } = source;
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      let red = 0;
      let green = 0;
      let blue = 0;
      for (let tap = 0; tap < taps * taps; tap++) {
        const u = column + tapOf(tap & 1, taps);
        const v = row + tapOf(tap >> 1, taps);
        const x = perU * u - perV * v + fromX;
        const y = perV * u + perU * v + fromY;
        if (isBlackBeyond && (x < -0.5 || y < -0.5 || x > lastX + 0.5 || y > lastY + 0.5)) continue;
        // Bilinear at pixel centres; beyond the edge the last row and column repeat.
        const cx = Math.min(Math.max(x, 0), lastX);
        const cy = Math.min(Math.max(y, 0), lastY);
        const left = cx | 0;
        const top = cy | 0;
        const fx = cx - left;
        const fy = cy - top;
        const p = offset + top * stride + 3 * left;
        const q = left < lastX ? p + 3 : p;
        const down = top < lastY ? stride : 0;
        const w11 = fx * fy;
        const w10 = fx - w11;
        const w01 = fy - w11;
        const w00 = 1 - fx - w01;
        red +=
          w00 * (rgb[p] as number) +
          w10 * (rgb[q] as number) +
          w01 * (rgb[p + down] as number) +
          w11 * (rgb[q + down] as number);
        green +=
          w00 * (rgb[p + 1] as number) +
          w10 * (rgb[q + 1] as number) +
          w01 * (rgb[p + down + 1] as number) +
          w11 * (rgb[q + down + 1] as number);
        blue +=
          w00 * (rgb[p + 2] as number) +
          w10 * (rgb[q + 2] as number) +
          w01 * (rgb[p + down + 2] as number) +
          w11 * (rgb[q + down + 2] as number);
      }
      place(target, row * side + column, red * share, green * share, blue * share);
    }
  }
}

/** `sampleTurned` of a square that is not turned: columns and rows are the same for all of its lines. It gives the same numbers. */
function sampleUpright(source: Reduced, grid: Grid, isBlackBeyond: boolean, target: Target): void {
  const { side, taps, perU, fromX, fromY } = grid;
  const share = 1 / (taps * taps);
  const across = positions(source.width - 1, { side, taps, perU, from: fromX, isBlackBeyond });
  const along = positions(source.height - 1, { side, taps, perU, from: fromY, isBlackBeyond });
  const { rgb, stride, offset } = source;
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      let red = 0;
      let green = 0;
      let blue = 0;
      for (let v = row * taps; v < (row + 1) * taps; v++) {
        const top = along.first[v] as number;
        if (top < 0) continue;
        const fy = along.fraction[v] as number;
        const down = stride * (along.step[v] as number);
        for (let u = column * taps; u < (column + 1) * taps; u++) {
          const left = across.first[u] as number;
          if (left < 0) continue;
          const fx = across.fraction[u] as number;
          const p = offset + top * stride + 3 * left;
          const q = p + 3 * (across.step[u] as number);
          const w11 = fx * fy;
          const w10 = fx - w11;
          const w01 = fy - w11;
          const w00 = 1 - fx - w01;
          red +=
            w00 * (rgb[p] as number) +
            w10 * (rgb[q] as number) +
            w01 * (rgb[p + down] as number) +
            w11 * (rgb[q + down] as number);
          green +=
            w00 * (rgb[p + 1] as number) +
            w10 * (rgb[q + 1] as number) +
            w01 * (rgb[p + down + 1] as number) +
            w11 * (rgb[q + down + 1] as number);
          blue +=
            w00 * (rgb[p + 2] as number) +
            w10 * (rgb[q + 2] as number) +
            w01 * (rgb[p + down + 2] as number) +
            w11 * (rgb[q + down + 2] as number);
        }
      }
      place(target, row * side + column, red * share, green * share, blue * share);
    }
  }
}

/** Where the taps along one side lie: the first pixel of the two that each is between, how far it is on, and the way to the second. */
interface Positions {
  /** −1 where the tap is beyond the picture and black. */
  readonly first: Int32Array;
  readonly fraction: Float64Array;
  /** 0 at the last pixel, else 1. */
  readonly step: Uint8Array;
}

function positions(
  last: number,
  along: { side: number; taps: 1 | 2; perU: number; from: number; isBlackBeyond: boolean },
): Positions {
  const { side, taps, perU, from, isBlackBeyond } = along;
  const first = new Int32Array(side * taps);
  const fraction = new Float64Array(side * taps);
  const step = new Uint8Array(side * taps);
  for (let k = 0; k < side * taps; k++) {
    const at = perU * (Math.floor(k / taps) + tapOf(k % taps, taps)) + from;
    if (isBlackBeyond && (at < -0.5 || at > last + 0.5)) {
      first[k] = -1;
      continue;
    }
    const within = Math.min(Math.max(at, 0), last);
    const whole = within | 0;
    first[k] = whole;
    fraction[k] = within - whole;
    step[k] = whole < last ? 1 : 0;
  }
  return { first, fraction, step };
}

/** Where a tap is in its pixel, along one side. */
function tapOf(tap: number, taps: 1 | 2): number {
  return taps === 1 ? 0.5 : 0.25 + 0.5 * tap;
}

/** Height and width of the port, which must be equal. */
function sizeOf({ name, shape, layout }: PicturePort): [number, number] {
  const [height, width] = (layout === 'NHWC' ? shape.slice(1, 3) : shape.slice(2, 4)) as [number, number];
  if (height !== width || height < 1)
    throw new RangeError(`The input "${name}" is ${width} × ${height}; a square of a stated size was expected.`);
  return [height, width];
}

/** Side of the port's square, pixels. */
export function sideOf(port: PicturePort): number {
  return sizeOf(port)[0];
}

/** The port's tensor, and how pixels are placed into it: layout, channel order, range. */
interface Target {
  readonly input: Float32Array;
  /** From one pixel to the next, and from one channel to the next. */
  readonly pixel: number;
  readonly plane: number;
  readonly isRgb: boolean;
  /** By channel of the port. */
  readonly low: readonly [number, number, number];
  readonly gain: readonly [number, number, number];
}

function targetOf(port: PicturePort): Target {
  const side = sideOf(port);
  const [pixel, plane] = port.layout === 'NHWC' ? [3, 1] : [1, side * side];
  const ranges = [0, 1, 2].map((k) => (Array.isArray(port.range[0]) ? port.range[k] : port.range) as [number, number]);
  return {
    input: new Float32Array(3 * side * side),
    pixel,
    plane,
    isRgb: port.channels === 'RGB',
    low: ranges.map(([from]) => from) as [number, number, number],
    gain: ranges.map(([from, to]) => (to - from) / 255) as [number, number, number],
  };
}

/** Places pixel `index`, 0 … 255 a channel. */
function place(target: Target, index: number, red: number, green: number, blue: number): void {
  const { input, plane, isRgb, low, gain } = target;
  const at = index * target.pixel;
  input[at] = low[0] + gain[0] * (isRgb ? red : blue);
  input[at + plane] = low[1] + gain[1] * green;
  input[at + 2 * plane] = low[2] + gain[2] * (isRgb ? blue : red);
}

function placeBlack(target: Target, side: number): void {
  for (let index = 0; index < side * side; index++) place(target, index, 0, 0, 0);
}

/** The part of the picture that the square touches, with a pixel to spare for interpolation. */
function coveredRoi(picture: RgbPicture, toPicture: Similarity, side: number): Roi {
  const corners = [0, 0, side, 0, side, side, 0, side];
  const points = corners.map((_, k) => {
    const [u, v] = corners.slice(k & ~1, (k & ~1) + 2) as [number, number];
    return k % 2 === 0 ? applyX(toPicture, u, v) : applyY(toPicture, u, v);
  });
  return roiAround(points, picture, { margin: 2 * Math.max(1, scaleOf(toPicture)) });
}

/** A part of a picture, each pixel the mean of a block; `x`, `y` is where its top-left edge lies in the picture. */
interface Reduced {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Interleaved RGB, 0 … 255. */
  readonly rgb: Float32Array | Uint8Array;
  readonly stride: number;
  readonly offset: number;
}

function reduced(picture: RgbPicture, roi: Roi, block: number): Reduced {
  if (block === 1) {
    const offset = 3 * (roi.y * picture.width + roi.x);
    return { ...roi, rgb: picture.rgb, stride: 3 * picture.width, offset };
  }
  const width = Math.ceil(roi.width / block);
  const height = Math.ceil(roi.height / block);
  const rgb = new Float32Array(3 * width * height);
  for (let row = 0; row < height; row++) {
    // A block at the right or lower edge may be cut short.
    const bottom = Math.min(roi.y + roi.height, roi.y + (row + 1) * block);
    for (let column = 0; column < width; column++) {
      const left = roi.x + column * block;
      const right = Math.min(roi.x + roi.width, left + block);
      let red = 0;
      let green = 0;
      let blue = 0;
      for (let y = roi.y + row * block; y < bottom; y++) {
        let at = 3 * (y * picture.width + left);
        for (let x = left; x < right; x++, at += 3) {
          red += picture.rgb[at] as number;
          green += picture.rgb[at + 1] as number;
          blue += picture.rgb[at + 2] as number;
        }
      }
      const share = 1 / ((right - left) * (bottom - roi.y - row * block));
      const to = 3 * (row * width + column);
      rgb[to] = red * share;
      rgb[to + 1] = green * share;
      rgb[to + 2] = blue * share;
    }
  }
  return { x: roi.x, y: roi.y, width, height, rgb, stride: 3 * width, offset: 0 };
}

import type { RgbPicture } from '../face/networks.ts';
import { applyX, applyY, type Similarity, scaleOf } from '../face/similarity.ts';
import { intersect, type Roi, roiAround } from '../film/roi.ts';
import type { PicturePort } from './contract.ts';

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
  const [side] = sizeOf(port);
  const scale = scaleOf(toPicture);
  const block = Math.max(1, Math.floor(scale));
  const source = reduced(picture, coveredRoi(picture, toPicture, side), block);
  const taps = scale > block * 1.001 ? 2 : 1;
  const sample = edge === 'black' ? sampleBlack : sampleRepeat;
  const write = writerOf(port);
  const rgb = new Float32Array(3);
  const sum = new Float32Array(3);
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      sum.fill(0);
      for (let tap = 0; tap < taps * taps; tap++) {
        const u = column + ((tap % taps) + 0.5) / taps;
        const v = row + (Math.floor(tap / taps) + 0.5) / taps;
        const x = (applyX(toPicture, u, v) - source.x) / block - 0.5;
        const y = (applyY(toPicture, u, v) - source.y) / block - 0.5;
        sample(source, x, y, rgb);
        for (let c = 0; c < 3; c++) sum[c] = (sum[c] as number) + (rgb[c] as number);
      }
      write(row * side + column, sum, taps * taps);
    }
  }
  return write.input;
}

/** Height and width of the port, which must be equal. */
function sizeOf({ name, shape, layout }: PicturePort): [number, number] {
  const [height, width] = (layout === 'NHWC' ? shape.slice(1, 3) : shape.slice(2, 4)) as [number, number];
  if (height !== width) throw new RangeError(`The input "${name}" is ${width} × ${height}; a square was expected.`);
  return [height, width];
}

/** Side of the port's square, pixels. */
export function sideOf(port: PicturePort): number {
  return sizeOf(port)[0];
}

/** Places pixels into the port's tensor: channel order, layout, range. */
function writerOf(port: PicturePort) {
  const side = sideOf(port);
  const input = new Float32Array(3 * side * side);
  const [pixel, plane] = port.layout === 'NHWC' ? [3, 1] : [1, side * side];
  const order = port.channels === 'RGB' ? [0, 1, 2] : [2, 1, 0];
  const ranges = order.map((_, k) => (Array.isArray(port.range[0]) ? port.range[k] : port.range) as [number, number]);
  const low = ranges.map(([from]) => from);
  const gain = ranges.map(([from, to]) => (to - from) / 255);
  const write = (index: number, sum: Float32Array, count: number): void => {
    for (let k = 0; k < 3; k++) {
      const value = (sum[order[k] as number] as number) / count;
      input[index * pixel + k * plane] = (low[k] as number) + (gain[k] as number) * value;
    }
  };
  return Object.assign(write, { input });
}

/** The part of the picture that the square touches, with a pixel to spare for interpolation. */
function coveredRoi(picture: RgbPicture, toPicture: Similarity, side: number): Roi {
  const corners = [0, 0, side, 0, side, side, 0, side];
  const points = corners.map((_, k) => {
    const [u, v] = corners.slice(k & ~1, (k & ~1) + 2) as [number, number];
    return k % 2 === 0 ? applyX(toPicture, u, v) : applyY(toPicture, u, v);
  });
  return roiAround(points, 2 * Math.max(1, scaleOf(toPicture)), 1, picture.width, picture.height);
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
    for (let column = 0; column < width; column++) {
      // A block at the right or lower edge may be cut short.
      const part = intersect(roi, { x: roi.x + column * block, y: roi.y + row * block, width: block, height: block });
      let [r, g, b] = [0, 0, 0];
      for (let y = part.y; y < part.y + part.height; y++) {
        const start = 3 * (y * picture.width + part.x);
        for (let at = start; at < start + 3 * part.width; at += 3) {
          r += picture.rgb[at] as number;
          g += picture.rgb[at + 1] as number;
          b += picture.rgb[at + 2] as number;
        }
      }
      const count = part.width * part.height;
      rgb.set([r / count, g / count, b / count], 3 * (row * width + column));
    }
  }
  return { x: roi.x, y: roi.y, width, height, rgb, stride: 3 * width, offset: 0 };
}

/** Bilinear at pixel centres; beyond the edge the last row and column repeat. A part of no size is black. */
function sampleRepeat(source: Reduced, x: number, y: number, out: Float32Array): void {
  const { width, height, rgb, stride, offset } = source;
  if (width === 0 || height === 0) {
    out.fill(0);
    return;
  }
  const cx = Math.min(Math.max(x, 0), width - 1);
  const cy = Math.min(Math.max(y, 0), height - 1);
  const left = Math.floor(cx);
  const top = Math.floor(cy);
  const fx = cx - left;
  const fy = cy - top;
  const a = offset + top * stride + 3 * left;
  const right = left + 1 < width ? 3 : 0;
  const below = top + 1 < height ? stride : 0;
  for (let c = 0; c < 3; c++) {
    const upper = (rgb[a + c] as number) * (1 - fx) + (rgb[a + right + c] as number) * fx;
    const lower = (rgb[a + below + c] as number) * (1 - fx) + (rgb[a + below + right + c] as number) * fx;
    out[c] = upper * (1 - fy) + lower * fy;
  }
}

/** As `sampleRepeat`, but black beyond the edge. */
function sampleBlack(source: Reduced, x: number, y: number, out: Float32Array): void {
  if (x < -0.5 || y < -0.5 || x > source.width - 0.5 || y > source.height - 0.5) out.fill(0);
  else sampleRepeat(source, x, y, out);
}

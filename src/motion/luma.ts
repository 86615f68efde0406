import { BLUE_SHARE, GREEN_SHARE, RED_SHARE } from '../film/luma.ts';

/** A picture of luma: `Float32Array` of width·height, rows from the top, display-referred, 0 = black … 1 = white. */
export interface Luma {
  readonly width: number;
  readonly height: number;
  readonly samples: Float32Array;
}

/** An interleaved 8-bit RGB picture, 3·width·height bytes. */
interface RgbBytes {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
}

/** A rectangle in picture pixels; may lie between pixels and reach over the picture's edge. */
interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Over 255: the proxy is display-referred RGB whatever the source was. */
const RED = RED_SHARE / 255;
const GREEN = GREEN_SHARE / 255;
const BLUE = BLUE_SHARE / 255;

/**
 * Luma of a rectangle of a picture, averaged down (or, between pixels, interpolated up) to `width` × `height`. Beyond the
 * picture's edge its outermost pixels are repeated.
 */
export function lumaOfRegion(picture: RgbBytes, region: Rectangle, width: number, height: number): Luma {
  const columns = coverage(region.x, region.width, width, picture.width);
  const rows = coverage(region.y, region.height, height, picture.height);
  const firstRow = Math.min(...rows.first);
  const lastRow = Math.max(...rows.last);
  const firstColumn = Math.min(...columns.first);
  const lastColumn = Math.max(...columns.last);
  const part: Luma = {
    width: lastColumn - firstColumn + 1,
    height: lastRow - firstRow + 1,
    samples: new Float32Array((lastColumn - firstColumn + 1) * (lastRow - firstRow + 1)),
  };
  for (let y = firstRow, i = 0; y <= lastRow; y++) {
    let k = 3 * (y * picture.width + firstColumn);
    for (let x = firstColumn; x <= lastColumn; x++, i++, k += 3) {
      part.samples[i] = RED * picture.rgb[k] + GREEN * picture.rgb[k + 1] + BLUE * picture.rgb[k + 2];
    }
  }
  return average(part, shifted(columns, firstColumn), shifted(rows, firstRow));
}

/**
 * Luma of a whole picture at a small size, each sample the mean of up to nine pixels evenly spread over its area: for telling
 * pictures apart, at a third of the price of averaging all of them.
 */
export function sampledLuma(picture: RgbBytes, width: number, height: number): Luma {
  const { rgb } = picture;
  const columns = spreadOver(width, picture.width).map((x) => 3 * x);
  const rows = spreadOver(height, picture.height);
  const samples = new Float32Array(width * height);
  const [red, green, blue] = [RED / 9, GREEN / 9, BLUE / 9];
  for (let y = 0; y < 3 * height; y++) {
    const row = 3 * picture.width * rows[y];
    const out = Math.floor(y / 3) * width;
    for (let x = 0, i = 0; x < width; x++, i += 3) {
      const a = row + columns[i];
      const b = row + columns[i + 1];
      const c = row + columns[i + 2];
      samples[out + x] =
        samples[out + x] +
        red * (rgb[a] + rgb[b] + rgb[c]) +
        green * (rgb[a + 1] + rgb[b + 1] + rgb[c + 1]) +
        blue * (rgb[a + 2] + rgb[b + 2] + rgb[c + 2]);
    }
  }
  return { width, height, samples };
}

/** Three positions for each of `count` cells along an axis of `length` pixels. */
function spreadOver(count: number, length: number): Int32Array {
  return Int32Array.from({ length: 3 * count }, (_, i) => Math.floor(((i + 0.5) * length) / (3 * count)));
}

/** The picture averaged over areas to another size; meant for making it smaller. */
export function shrinkLuma(luma: Luma, width: number, height: number): Luma {
  return average(luma, coverage(0, luma.width, width, luma.width), coverage(0, luma.height, height, luma.height));
}

/** For each output sample along one axis: the first and last input sample it covers, and how much of each of the two. */
interface Coverage {
  readonly first: Int32Array;
  readonly last: Int32Array;
  readonly firstWeight: Float32Array;
  readonly lastWeight: Float32Array;
}

function coverage(start: number, length: number, count: number, limit: number): Coverage {
  const first = new Int32Array(count);
  const last = new Int32Array(count);
  const firstWeight = new Float32Array(count);
  const lastWeight = new Float32Array(count);
  const step = length / count;
  // An output sample narrower than an input one still covers a whole input pixel: that is linear interpolation.
  const span = Math.max(1, step);
  for (let i = 0; i < count; i++) {
    const from = start + (i + 0.5) * step - span / 2;
    const to = from + span;
    const a = Math.floor(from + 1e-9);
    const b = Math.ceil(to - 1e-9) - 1;
    first[i] = Math.min(limit - 1, Math.max(0, a));
    last[i] = Math.min(limit - 1, Math.max(0, b));
    firstWeight[i] = a === b ? 1 : a + 1 - from;
    lastWeight[i] = a === b ? 1 : to - b;
    if (a < 0 && first[i] === 0) firstWeight[i] = 1;
    if (b >= limit) lastWeight[i] = 1;
  }
  return { first, last, firstWeight, lastWeight };
}

function shifted(part: Coverage, by: number): Coverage {
  return { ...part, first: part.first.map((v) => v - by), last: part.last.map((v) => v - by) };
}

function average(luma: Luma, columns: Coverage, rows: Coverage): Luma {
  const width = columns.first.length;
  const height = rows.first.length;
  const across = new Float32Array(width * luma.height);
  for (let y = 0; y < luma.height; y++) {
    const row = y * luma.width;
    for (let x = 0; x < width; x++) {
      const first = columns.first[x];
      const last = columns.last[x];
      let weight = columns.firstWeight[x];
      let sum = weight * luma.samples[row + first];
      for (let i = first + 1; i < last; i++) sum += luma.samples[row + i];
      if (last > first) {
        const end = columns.lastWeight[x];
        sum += end * luma.samples[row + last];
        weight += end + (last - first - 1);
      }
      across[y * width + x] = sum / weight;
    }
  }
  const samples = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    const first = rows.first[y];
    const last = rows.last[y];
    let total = 0;
    for (let i = first; i <= last; i++) {
      const weight = i === first ? rows.firstWeight[y] : i === last ? rows.lastWeight[y] : 1;
      total += weight;
      for (let x = 0; x < width; x++) {
        samples[y * width + x] = samples[y * width + x] + weight * across[i * width + x];
      }
    }
    for (let x = 0; x < width; x++) samples[y * width + x] = samples[y * width + x] / total;
  }
  return { width, height, samples };
}

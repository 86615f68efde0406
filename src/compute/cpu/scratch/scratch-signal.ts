import { lumaOfColour } from '../../../film/luma.ts';
import { ROW_STEP } from './ridges.ts';

/** A picture in which lines are looked for: planar R, G, B, `Float32Array` of 3·width·height, display-referred. */
export interface LinePicture {
  readonly width: number;
  readonly height: number;
  readonly rgb: Float32Array;
}

/** A line in its picture: `Scratch` in pixels. */
export interface LineSignal {
  readonly x: Float32Array;
  readonly profile: Float32Array;
  readonly amount: Float32Array;
}

/** How far a profile may reach from the middle, pixels, and where the ground lies by which it is measured. */
const REACH = 5;
const GROUND = 4;
/** A profile ends where it falls to this share of its largest value. */
const ENDS = 0.12;
/** Half the rows over which a line's strength is alike, and over which its way is smoothed, pixels. */
const ALONG = 10;
const STRAIGHT = 8;
/** A line is at most so many pixels wide: fingers, strands and poles are wider. */
const WIDEST = 5;
/** A line adds at least this much to the luma, a mean over its rows, 0 … 1. */
const LEAST_AMOUNT = 2 / 255;
/** Least distance of the ground from what a line tends to (black or white), 0 … 1: nearer than that a line is not seen. */
const LEAST_ROOM = 0.04;

/**
 * What lines add to a picture. A line takes every sample a share of the way to black, or to white, where its dye or its layer was scraped
 * off: the share changes slowly along it, and its profile across is the same all along. The ground beneath is what lies beside it, other
 * lines left out. Each line is measured on what those before it have left, and what then hardly adds anything, or is wide, is none.
 *
 * @param ways of the lines, the surest first: a column for every `ROW_STEP` rows
 */
export function lineSignals(picture: LinePicture, ways: readonly Int32Array[]): LineSignal[] {
  const { width, height } = picture;
  const middles = ways.map((way) => middleOf(way, height));
  const covered = coveredBy(middles, width);
  const rest = { width, height, rgb: picture.rgb.slice() };
  return middles.flatMap((x) => {
    const { above, ground } = aboveGround(rest, x, covered);
    const profile = profileOf(above, height);
    if (profile.length > WIDEST) return [];
    const signal = { x, profile, amount: amountOf({ above, ground, profile }, height) };
    if (meanLuma(signal.amount) < LEAST_AMOUNT) return [];
    takeAway(signal, rest);
    return [signal];
  });
}

/** Mean size of the luma of planes R, G, B. */
function meanLuma(planes: Float32Array): number {
  const count = planes.length / 3;
  let sum = 0;
  for (let i = 0; i < count; i++) sum += Math.abs(lumaOfColour(planes[i], planes[count + i], planes[2 * count + i]));
  return sum / count;
}

function takeAway({ x, profile, amount }: LineSignal, { width, height, rgb }: LinePicture): void {
  const half = profile.length >> 1;
  for (let c = 0; c < 3; c++) {
    for (let y = 0; y < height; y++) {
      const first = Math.max(0, Math.ceil(x[y] - 0.5 - half - 1));
      const last = Math.min(width - 1, Math.floor(x[y] - 0.5 + half + 1));
      for (let u = first; u <= last; u++) {
        const across = u + 0.5 - x[y] + half;
        const k = Math.floor(across);
        const share = (1 - across + k) * (profile[k] ?? 0) + (across - k) * (profile[k + 1] ?? 0);
        rgb[(c * height + y) * width + u] -= share * amount[c * height + y];
      }
    }
  }
}

/** The line's middle in every row. */
function middleOf(way: Int32Array, height: number): Float32Array {
  const last = way.length - 1;
  const raw = Float32Array.from({ length: height }, (_, y) => {
    const at = Math.min(last, Math.max(0, (y + 0.5) / ROW_STEP - 0.5));
    const k = Math.min(last, Math.floor(at));
    const next = Math.min(last, k + 1);
    return way[k] + (at - k) * (way[next] - way[k]) + 0.5;
  });
  return smoothed(raw, STRAIGHT);
}

/** Number of lines over each pixel of their picture. */
function coveredBy(middles: readonly Float32Array[], width: number): (x: number, y: number) => number {
  const height = middles[0]?.length ?? 0;
  const counts = new Uint8Array(width * height);
  for (const middle of middles) {
    middle.forEach((at, y) => {
      const from = Math.max(0, Math.round(at - 0.5) - 2);
      for (let x = from; x <= Math.min(width - 1, from + 4); x++) counts[y * width + x] += 1;
    });
  }
  return (x, y) => counts[y * width + x];
}

/** Taps of a profile while it is measured. */
const TAPS = 2 * REACH + 1;

interface Above {
  /** What the picture has above its ground: planes R, G, B of height · TAPS. */
  readonly above: Float32Array;
  /** The ground under the line's middle: planes of `height`. */
  readonly ground: Float32Array;
}

function aboveGround(
  { width, height, rgb }: LinePicture,
  middle: Float32Array,
  covered: ReturnType<typeof coveredBy>,
): Above {
  const area = width * height;
  const above = new Float32Array(3 * height * TAPS);
  const ground = new Float32Array(3 * height);
  for (let y = 0; y < height; y++) {
    const own = Math.round(middle[y] - 0.5);
    for (let c = 0; c < 3; c++) {
      const row = rgb.subarray(c * area + y * width, c * area + (y + 1) * width);
      const left = meanBeside(row, own, -1, (x) => covered(x, y));
      const right = meanBeside(row, own, 1, (x) => covered(x, y));
      const slope = (right.mean - left.mean) / (right.at - left.at);
      const under = left.mean + (own - left.at) * slope;
      ground[c * height + y] = under;
      for (let d = -REACH; d <= REACH; d++) {
        const at = middle[y] - 0.5 + d;
        const x = Math.min(width - 2, Math.max(0, Math.floor(at)));
        const f = Math.min(1, Math.max(0, at - x));
        const value = row[x] + f * (row[x + 1] - row[x]);
        above[(c * height + y) * TAPS + d + REACH] = value - (under + (at - own) * slope);
      }
    }
  }
  return { above, ground };
}

/** Mean of the nearest samples on one side that no line covers, and where they lie on the mean. */
function meanBeside(
  row: Float32Array,
  own: number,
  side: 1 | -1,
  covered: (x: number) => number,
): { readonly mean: number; readonly at: number } {
  let sum = 0;
  let place = 0;
  let count = 0;
  for (let d = 3; count < GROUND && d < 4 * REACH; d++) {
    const x = own + side * d;
    if (x < 0 || x >= row.length) break;
    if (covered(x) > 0) continue;
    sum += row[x];
    place += x;
    count += 1;
  }
  if (count > 0) return { mean: sum / count, at: place / count };
  const x = Math.min(row.length - 1, Math.max(0, own + side * 3));
  return { mean: row[x], at: own + side * 3 };
}

/** The mean over all rows of the luma above ground, the largest made 1; odd in number, and 0 beyond its ends. */
function profileOf(above: Float32Array, height: number): Float32Array {
  const plane = height * TAPS;
  const mean = new Float32Array(TAPS);
  for (let i = 0; i < plane; i++) {
    mean[i % TAPS] += lumaOfColour(above[i], above[plane + i], above[2 * plane + i]) / height;
  }
  const peak = [REACH - 1, REACH, REACH + 1].reduce((best, d) => (Math.abs(mean[d]) > Math.abs(mean[best]) ? d : best));
  const most = mean[peak];
  const reaches = (step: 1 | -1) => {
    let d = peak;
    // Where it rises again another line begins.
    while (d + step >= 0 && d + step < TAPS && mean[d + step] / most > ENDS && mean[d + step] / mean[d] <= 1) d += step;
    return d;
  };
  const [first, last] = [reaches(-1), reaches(1)];
  const half = Math.max(REACH - first, last - REACH);
  return Float32Array.from({ length: 2 * half + 1 }, (_, k) => {
    const d = k - half + REACH;
    return d >= first && d <= last ? mean[d] / most : 0;
  });
}

/** What the line adds in each row: its share of the way to black or white, by least squares over the rows around, times that way. */
function amountOf(
  { above, ground, profile }: Above & { readonly profile: Float32Array },
  height: number,
): Float32Array {
  const half = profile.length >> 1;
  const out = new Float32Array(3 * height);
  for (let c = 0; c < 3; c++) {
    const signal = new Float32Array(height);
    let sum = 0;
    for (let y = 0; y < height; y++) {
      const at = (c * height + y) * TAPS + REACH - half;
      for (let k = 0; k < profile.length; k++) signal[y] += profile[k] * above[at + k];
      sum += signal[y];
    }
    const tone = sum > 0 ? 1 : 0;
    const room = Float32Array.from({ length: height }, (_, y) => {
      const left = tone - ground[c * height + y];
      return Math.sign(tone - 0.5) * Math.max(LEAST_ROOM, Math.abs(left));
    });
    const power = profile.reduce((total, p) => total + p * p, 0);
    const made = smoothed(
      signal.map((v, y) => v * room[y]),
      ALONG,
    );
    const possible = smoothed(
      room.map((v) => power * v * v),
      ALONG,
    );
    const way = smoothed(room, 2);
    for (let y = 0; y < height; y++) out[c * height + y] = Math.max(0, made[y] / possible[y]) * way[y];
  }
  return out;
}

/** Means over 2 · reach + 1 neighbours, fewer at both ends. */
function smoothed(values: Float32Array, reach: number): Float32Array {
  const sums = new Float64Array(values.length + 1);
  values.forEach((v, i) => {
    sums[i + 1] = sums[i] + v;
  });
  return values.map((_, i) => {
    const first = Math.max(0, i - reach);
    const end = Math.min(values.length, i + reach + 1);
    return (sums[end] - sums[first]) / (end - first);
  });
}

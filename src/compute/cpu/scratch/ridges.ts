/** How far each place stands out as a line down the film, in deviations of what the picture's own texture does; rows lie `STEP` pixels apart. */
export interface Ridges {
  readonly width: number;
  readonly rows: number;
  /** `Float32Array` of width·rows: above 0 = brighter than both sides, below = darker, 0 = no line. */
  readonly deviations: Float32Array;
}

export const ROW_STEP = 4;
/** Half the rows over which a place is averaged before it is compared with its sides, pixels: grain goes, a line stays. */
const ALONG = 6;
/** Half widths of lines that are looked for, how far their sides begin from the middle, and how wide those are, pixels. */
const WIDTHS = [
  { half: 0, gap: 1, side: 2 },
  { half: 1, gap: 2, side: 3 },
  { half: 3, gap: 4, side: 4 },
] as const;
/**
 * The gap between two lines is none: a place differs this much from what lies further out, and its middle from its sides, as a share of
 * what all of it does from its sides.
 */
const FURTHER = 0.4;
const MIDDLE = 0.5;
const FURTHER_WIDTH = 5;
/** The least that counts as a picture's own texture, 0 … 1. */
const LEAST_TEXTURE = 0.6 / 255;
/** A median of absolute deviations to a standard deviation (Gaussian). */
const OF_MEDIAN = 1 / 0.6745;

/**
 * A line is brighter, or darker, than both of its sides, the weaker of which counts (as in Newson et al. 2014, whose sides must agree),
 * at one of three widths. The texture of the picture is the median of the same figure over all of it.
 */
export function ridgesOf(luma: Float32Array, width: number, height: number): Ridges {
  const rows = Math.floor(height / ROW_STEP);
  const deviations = new Float32Array(rows * width);
  const sums = new Float64Array(width + 1);
  const found = WIDTHS.map(() => new Float32Array(rows * width));
  for (let row = 0; row < rows; row++) {
    sumsAcross(luma, { width, height }, row * ROW_STEP + (ROW_STEP >> 1), sums);
    WIDTHS.forEach((scale, k) => {
      overSides(sums, width, scale, found[k].subarray(row * width, (row + 1) * width));
    });
  }
  for (const ridges of found) {
    const rate = 1 / Math.max(LEAST_TEXTURE, textureOf(ridges));
    for (let i = 0; i < ridges.length; i++) {
      const v = rate * ridges[i];
      if (Math.abs(v) > Math.abs(deviations[i])) deviations[i] = v;
    }
  }
  return { width, rows, deviations };
}

/** Writes sums along a row, from its start up to each column, of what was averaged over the rows around it. */
function sumsAcross(
  luma: Float32Array,
  { width, height }: { readonly width: number; readonly height: number },
  y: number,
  sums: Float64Array,
): void {
  const first = Math.max(0, y - ALONG);
  const last = Math.min(height - 1, y + ALONG);
  sums.fill(0);
  for (let v = first; v <= last; v++) for (let x = 0; x < width; x++) sums[x + 1] += luma[v * width + x];
  for (let x = 0; x < width; x++) sums[x + 1] = sums[x] + sums[x + 1] / (last - first + 1);
}

function overSides(sums: Float64Array, width: number, scale: (typeof WIDTHS)[number], out: Float32Array): void {
  const { half, gap, side } = scale;
  const reach = gap + side;
  const end = reach + FURTHER_WIDTH;
  for (let x = end; x < width - end; x++) {
    const core = (sums[x + half + 1] - sums[x - half]) / (2 * half + 1);
    const left = core - (sums[x - gap] - sums[x - reach]) / side;
    const right = core - (sums[x + reach + 1] - sums[x + gap + 1]) / side;
    if (left * right <= 0) continue;
    const near = Math.abs(left) < Math.abs(right) ? left : right;
    const middle = (sums[x + 2] - sums[x - 1]) / 3 - core + (left + right) / 2;
    if (middle * Math.sign(near) < MIDDLE * Math.abs(near)) continue;
    const beyond = sums[x - reach] - sums[x - end] + sums[x + end + 1] - sums[x + reach + 1];
    const far = core - beyond / (2 * FURTHER_WIDTH);
    if (far * Math.sign(near) > FURTHER * Math.abs(near)) out[x] = near;
  }
}

/** Of what is above 0 or below it. */
function textureOf(ridges: Float32Array): number {
  const sizes = ridges.filter((v) => v !== 0).map(Math.abs);
  sizes.sort();
  return sizes.length > 0 ? OF_MEDIAN * sizes[sizes.length >> 1] : 0;
}

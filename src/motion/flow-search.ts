/** Side of a patch and distance between patches, pixels of a level (Kroeger 2016, §2.1, with half overlap). */
export const SEARCH_SIDE = 8;
export const SEARCH_STEP = 4;
const AREA = SEARCH_SIDE * SEARCH_SIDE;
/** Steps of the search on a patch; it ends earlier where a step is below `CLOSE` pixels. */
export const MOST_STEPS = 6;
export const CLOSE = 0.03;
/** Trust below which a patch is not searched. */
const LEAST_TRUST = 0.01;

const f32 = Math.fround;

/** What is summed over a patch: four sums each, of every fourth column. */
const sums = new Float32Array(4);
const alongX = new Float32Array(4);
const alongY = new Float32Array(4);
const squares = new Float32Array(4);

/**
 * Inverse search over patches of 8 × 8 pixels, one a node of a lattice of `columns` × `rows` (DIS, Kroeger, Timofte, Dai and Van Gool 2016):
 * the change of each patch's displacement beyond `guess` + `start` / `scale` to `xy`, level pixels, and its trust to `trust`; both are 0 where
 * nothing was found.
 *
 * Every operation is rounded to 32 bits at once and stands in the order in which its twin in WebAssembly carries it out: both give the same bits.
 *
 * @param from template, and `dx`, `dy` its slopes: `width` × `height`
 * @param to target, the same size
 * @param inverse of the damped normal matrix (a b; b c), three a node
 * @param slopes their sums, two a node
 * @param sure trust that a node's texture deserves
 * @param limit differences count in full up to it
 * @param perError 1 over the mean squared difference that noise makes of two pictures: twice that halves trust
 */
export function searchedLevel(
  from: Float32Array,
  dx: Float32Array,
  dy: Float32Array,
  to: Float32Array,
  width: number,
  height: number,
  inverse: Float32Array,
  slopes: Float32Array,
  sure: Float32Array,
  guess: Float32Array,
  start: Float32Array,
  scale: number,
  columns: number,
  rows: number,
  limit: number,
  perError: number,
  xy: Float32Array,
  trust: Float32Array,
): void {
  const share = f32(1 / scale);
  const bound = f32(limit);
  const rate = f32(perError);
  const close = f32(CLOSE * CLOSE);
  for (let j = 0, n = 0; j < rows; j++) {
    const y0 = searchPlace(j, height);
    for (let i = 0; i < columns; i++, n++) {
      xy[2 * n] = 0;
      xy[2 * n + 1] = 0;
      trust[n] = 0;
      if (sure[n] < f32(LEAST_TRUST)) continue;
      const x0 = searchPlace(i, width);
      const u0 = f32(guess[2 * n] + f32(start[2 * n] * share));
      const v0 = f32(guess[2 * n + 1] + f32(start[2 * n + 1] * share));
      const [a, b, c] = [inverse[3 * n], inverse[3 * n + 1], inverse[3 * n + 2]];
      let u = u0;
      let v = v0;
      let mean = 0;
      let error = Infinity;
      for (let step = 0; step <= MOST_STEPS; step++) {
        // The whole part and the fraction are those of the displacement alone: added to the place first, it would lose digits to it.
        const ix = x0 + Math.floor(u);
        const iy = y0 + Math.floor(v);
        if (!(ix >= 0 && iy >= 0 && ix + SEARCH_SIDE < width && iy + SEARCH_SIDE < height)) {
          error = Infinity;
          break;
        }
        // In the first step the difference of brightness is not known, and no difference is bounded.
        const isFirst = step === 0;
        const most = isFirst ? Infinity : bound;
        sumPatch(
          from,
          dx,
          dy,
          y0 * width + x0,
          to,
          iy * width + ix,
          width,
          f32(u - Math.floor(u)),
          f32(v - Math.floor(v)),
          mean,
          most,
        );
        const rest = f32(sumOf(sums) / AREA);
        mean = f32(mean + rest);
        if (!isFirst) error = f32(sumOf(squares) / AREA);
        if (step === MOST_STEPS) break;
        const bx = f32(sumOf(alongX) - f32(rest * slopes[2 * n]));
        const by = f32(sumOf(alongY) - f32(rest * slopes[2 * n + 1]));
        const du = f32(f32(a * bx) + f32(b * by));
        const dv = f32(f32(b * bx) + f32(c * by));
        u = f32(u - du);
        v = f32(v - dv);
        if (!isFirst && f32(f32(du * du) + f32(dv * dv)) < close) break;
      }
      const du = f32(u - u0);
      const dv = f32(v - v0);
      // A patch that moved farther than its own side is dropped.
      if (!(error < Infinity) || f32(f32(du * du) + f32(dv * dv)) > AREA) continue;
      xy[2 * n] = du;
      xy[2 * n + 1] = dv;
      const times = f32(error * rate);
      trust[n] = sure[n] / f32(1 + f32(f32(times * times) * 0.25));
    }
  }
}

/** First pixel of the i-th patch of `length` pixels. */
export function searchPlace(i: number, length: number): number {
  return Math.max(0, Math.min(length - SEARCH_SIDE, i * SEARCH_STEP + SEARCH_STEP / 2 - SEARCH_SIDE / 2));
}

/** Sums over a patch of the difference less `mean`, up to `most`: itself, times the slopes, and its square. */
function sumPatch(
  from: Float32Array,
  dx: Float32Array,
  dy: Float32Array,
  p: number,
  to: Float32Array,
  q: number,
  width: number,
  fx: number,
  fy: number,
  mean: number,
  most: number,
): void {
  const w11 = f32(fx * fy);
  const w10 = f32(fy - w11);
  const w01 = f32(fx - w11);
  const w00 = f32(f32(1 - fx) - w10);
  for (const lanes of [sums, alongX, alongY, squares]) lanes.fill(0);
  for (let row = 0; row < SEARCH_SIDE; row++, p += width, q += width) {
    for (let k = 0; k < SEARCH_SIDE; k++) {
      const upper = f32(f32(w00 * to[q + k]) + f32(w01 * to[q + k + 1]));
      const lower = f32(f32(w10 * to[q + width + k]) + f32(w11 * to[q + width + k + 1]));
      const d = Math.min(most, Math.max(-most, f32(f32(f32(upper + lower) - from[p + k]) - mean)));
      sums[k & 3] += d;
      alongX[k & 3] += f32(d * dx[p + k]);
      alongY[k & 3] += f32(d * dy[p + k]);
      squares[k & 3] += f32(d * d);
    }
  }
}

function sumOf(lanes: Float32Array): number {
  return f32(f32(lanes[0] + lanes[1]) + f32(lanes[2] + lanes[3]));
}

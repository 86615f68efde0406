/** What sizes of pictures a network can be shown, along one axis. */
export interface TileAxis {
  /** Pixels shown at once: always so many where `isFixed`, at most so many else. Infinity: any. */
  readonly tile: number;
  readonly isFixed: boolean;
  /** What sizes are divisible by. */
  readonly multiple: number;
}

export interface TileOptions {
  readonly across: TileAxis;
  readonly down: TileAxis;
  /** Sides of its answers over sides of its pictures. */
  readonly factor: number;
  /** Pixels that neighbouring tiles share at the least, where one is twice as large; they are faded over there. */
  readonly overlap: number;
}

/** A planar picture of three planes. */
interface PlanarSize {
  readonly width: number;
  readonly height: number;
}

/** One stretch of an axis: where it begins, how long it is, and how much its answer counts at each pixel of the whole answer. */
interface Stretch {
  readonly from: number;
  readonly length: number;
  /** Of the stretch's own answer; those of all stretches add up to 1 at each pixel of the picture. */
  readonly weights: Float32Array;
}

/**
 * What a network answers to a picture that is larger than it takes, or of another size: it is shown tiles, the picture's edge repeated
 * where one reaches over it, and their answers are faded over into each other. One run a tile.
 *
 * @param rgb `Float32Array` of 3·width·height, planar; the answer likewise, `factor` times as wide and high
 */
export async function upscaledTiles(
  rgb: Float32Array,
  { width, height }: PlanarSize,
  { across, down, factor, overlap }: TileOptions,
  run: (rgb: Float32Array, width: number, height: number) => Promise<Float32Array>,
): Promise<Float32Array> {
  const columns = stretches(width, across, { factor, overlap });
  const rows = stretches(height, down, { factor, overlap });
  const whole = { width: factor * width, height: factor * height };
  const out = new Float32Array(3 * whole.width * whole.height);
  for (const row of rows) {
    for (const column of columns) {
      const shown = cutTile(rgb, { width, height }, column, row);
      addTile(out, whole, await run(shown, column.length, row.length), { column, row, factor });
    }
  }
  return out;
}

/** How an axis of `length` pixels is shown. */
function stretches(
  length: number,
  { tile, isFixed, multiple }: TileAxis,
  { factor, overlap }: Pick<TileOptions, 'factor' | 'overlap'>,
): Stretch[] {
  if (length <= tile) {
    const shown = isFixed ? tile : multiple * Math.ceil(length / multiple);
    return [{ from: 0, length: shown, weights: new Float32Array(factor * shown).fill(1) }];
  }
  const steps = Math.ceil((length - tile) / (tile - Math.min(overlap, tile >> 1)));
  const starts = Array.from({ length: steps + 1 }, (_, k) => Math.round((k * (length - tile)) / steps));
  const ramps = starts.map((from, k) => ramp(factor * tile, factor * overlap, k === 0, from + tile === length));
  const sums = new Float32Array(factor * length);
  starts.forEach((from, k) => {
    (ramps[k] as Float32Array).forEach((weight, i) => {
      sums[factor * from + i] = (sums[factor * from + i] as number) + weight;
    });
  });
  return starts.map((from, k) => {
    const weights = (ramps[k] as Float32Array).map((weight, i) => weight / (sums[factor * from + i] as number));
    return { from, length: tile, weights };
  });
}

/** 1 in the middle, falling towards the ends that others share. */
function ramp(length: number, overlap: number, isFirst: boolean, isLast: boolean): Float32Array {
  return Float32Array.from({ length }, (_, i) => {
    const rising = isFirst ? 1 : (i + 0.5) / overlap;
    const falling = isLast ? 1 : (length - i - 0.5) / overlap;
    return Math.min(1, rising, falling);
  });
}

function cutTile(rgb: Float32Array, { width, height }: PlanarSize, column: Stretch, row: Stretch): Float32Array {
  const out = new Float32Array(3 * column.length * row.length);
  for (let c = 0, o = 0; c < 3; c++) {
    for (let y = 0; y < row.length; y++) {
      const line = (c * height + Math.min(height - 1, row.from + y)) * width;
      for (let x = 0; x < column.length; x++, o++) {
        out[o] = rgb[line + Math.min(width - 1, column.from + x)] as number;
      }
    }
  }
  return out;
}

function addTile(
  out: Float32Array,
  { width, height }: PlanarSize,
  answer: Float32Array,
  { column, row, factor }: { readonly column: Stretch; readonly row: Stretch; readonly factor: number },
): void {
  const [left, top] = [factor * column.from, factor * row.from];
  const [across, down] = [factor * column.length, factor * row.length];
  for (let c = 0; c < 3; c++) {
    for (let y = 0; y < Math.min(down, height - top); y++) {
      const to = (c * height + top + y) * width + left;
      const from = (c * down + y) * across;
      const weight = row.weights[y] as number;
      for (let x = 0; x < Math.min(across, width - left); x++) {
        const share = weight * (column.weights[x] as number);
        out[to + x] = (out[to + x] as number) + share * (answer[from + x] as number);
      }
    }
  }
}

/** Spacing of the grid on which depth is computed, pixels of the view; between its nodes depth is bilinear. */
const STEP = 10;

/**
 * Depth of each given pixel of a face, `Float32Array`, pixels. It is the mean of the known depths, weighted by inverse distance
 * (Shepard 1968), and level where no point is near.
 *
 * @param pixels indices into a picture of that size
 * @param points x, y, z triples, pixels of that picture
 * @param softness distance below which weights no longer rise, pixels
 */
export function faceDepth(
  pixels: Int32Array,
  { width, height }: { readonly width: number; readonly height: number },
  points: Float32Array,
  softness: number,
): Float32Array {
  const columns = Math.ceil(width / STEP) + 2;
  const rows = Math.ceil(height / STEP) + 2;
  const nodes = new Float32Array(columns * rows).fill(Number.NaN);
  const nodeAt = (column: number, row: number): number => {
    const key = row * columns + column;
    if (Number.isNaN(nodes[key])) nodes[key] = depthAt(column * STEP, row * STEP, points, softness);
    return nodes[key] as number;
  };
  const out = new Float32Array(pixels.length);
  for (let k = 0; k < out.length; k++) {
    const p = pixels[k] as number;
    const y = Math.floor(p / width);
    const [u, v] = [(p - y * width + 0.5) / STEP, (y + 0.5) / STEP];
    const [column, row] = [Math.floor(u), Math.floor(v)];
    const [fx, fy] = [u - column, v - row];
    const above = (1 - fx) * nodeAt(column, row) + fx * nodeAt(column + 1, row);
    const below = (1 - fx) * nodeAt(column, row + 1) + fx * nodeAt(column + 1, row + 1);
    out[k] = above + fy * (below - above);
  }
  return out;
}

function depthAt(x: number, y: number, points: Float32Array, softness: number): number {
  let total = 0;
  let sum = 0;
  for (let i = 0; i + 2 < points.length; i += 3) {
    const square = (x - (points[i] as number)) ** 2 + (y - (points[i + 1] as number)) ** 2 + softness * softness;
    const weight = 1 / (square * square);
    total += weight;
    sum += weight * (points[i + 2] as number);
  }
  return sum / total;
}

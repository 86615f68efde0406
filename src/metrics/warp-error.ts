/** Motion of every pixel to the next frame, pixels: `Float32Array`s of width·height. */
export interface FlowField {
  readonly width: number;
  readonly height: number;
  readonly dx: Float32Array;
  readonly dy: Float32Array;
}

/**
 * E_warp of one pair of frames (Lai et al. 2018, *Learning blind video temporal consistency*, eq. 9): mean squared difference of
 * this frame and the next one warped back by the flow, over the pixels at which `valid` is above 0, the mean of the planes.
 *
 * Frames are planar, 0 … 1. It is blind to slow gain flicker and prefers missing grain, so it never stands alone. NaN where no
 * pixel counts.
 */
export function warpError(frame: Float32Array, next: Float32Array, flow: FlowField, valid?: ArrayLike<number>): number {
  const count = flow.width * flow.height;
  let sum = 0;
  let samples = 0;
  for (let i = 0; i < count; i++) {
    if (valid && !(valid[i] > 0)) continue;
    const x = (i % flow.width) + flow.dx[i];
    const y = Math.floor(i / flow.width) + flow.dy[i];
    if (x < 0 || y < 0 || x > flow.width - 1 || y > flow.height - 1) continue;
    for (let base = 0; base < frame.length; base += count) {
      const d = frame[base + i] - bilinear(next, base, flow, x, y);
      sum += d * d;
      samples += 1;
    }
  }
  return sum / samples;
}

/**
 * 1 where the flow is valid, 0 where the pixel is occluded in the next frame or lies on a motion boundary (Lai et al. 2018, after
 * Ruder, Dosovitskiy and Brox 2016, eq. 5 and 6): forward and backward flow must cancel, and forward flow be smooth.
 */
export function unoccluded(forward: FlowField, backward: FlowField): Uint8Array {
  const { width, height } = forward;
  return Uint8Array.from({ length: width * height }, (_, i) => {
    const x = i % width;
    const y = Math.floor(i / width);
    const u = forward.dx[i];
    const v = forward.dy[i];
    if (x + u < 0 || y + v < 0 || x + u > width - 1 || y + v > height - 1) return 0;
    const backU = bilinear(backward.dx, 0, backward, x + u, y + v);
    const backV = bilinear(backward.dy, 0, backward, x + u, y + v);
    const there = u * u + v * v;
    const back = backU * backU + backV * backV;
    if ((u + backU) ** 2 + (v + backV) ** 2 > 0.01 * (there + back) + 0.5) return 0;
    return slope(forward.dx, forward, x, y) + slope(forward.dy, forward, x, y) > 0.01 * there + 0.002 ? 0 : 1;
  });
}

/** Squared gradient by differences to the next pixel right and below. */
function slope(values: Float32Array, { width, height }: FlowField, x: number, y: number): number {
  const here = values[y * width + x];
  const right = values[y * width + Math.min(width - 1, x + 1)];
  const below = values[Math.min(height - 1, y + 1) * width + x];
  return (right - here) ** 2 + (below - here) ** 2;
}

function bilinear(
  plane: Float32Array,
  base: number,
  { width, height }: { readonly width: number; readonly height: number },
  x: number,
  y: number,
): number {
  const left = Math.floor(x);
  const top = Math.floor(y);
  const right = Math.min(width - 1, left + 1);
  const bottom = Math.min(height - 1, top + 1);
  const fx = x - left;
  const fy = y - top;
  const at = (i: number, j: number) => plane[base + j * width + i];
  const above = at(left, top) + fx * (at(right, top) - at(left, top));
  const below = at(left, bottom) + fx * (at(right, bottom) - at(left, bottom));
  return above + fy * (below - above);
}

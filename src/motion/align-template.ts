import type { Slopes } from './normal-equations.ts';
import type { PyramidLevel } from './pyramid.ts';

/** What inverse search computes once: of each pixel its place and value, and how each unknown would change it. */
export interface AlignTemplate {
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly z: Float32Array;
  readonly value: Float32Array;
  /** By growth and roll, of which 1 moves the outer pixels by one, right, down, and yaw and pitch, of which 1 so moves the deeper ones. */
  readonly slopes: Slopes;
  /** Middle of the pixels, and their root mean square distance from it in the plane and in depth. */
  readonly centre: readonly [number, number, number];
  readonly radius: number;
  readonly relief: number;
}

export function alignTemplate(
  { width, samples, dx, dy }: PyramidLevel,
  pixels: Int32Array,
  depth?: Float32Array,
): AlignTemplate {
  const count = pixels.length;
  const part = () => new Float32Array(count);
  const [x, y, value] = [part(), part(), part()];
  const z = depth ?? part();
  let [mx, my, mz] = [0, 0, 0];
  for (let i = 0; i < count; i++) {
    const p = pixels[i];
    const row = Math.floor(p / width);
    x[i] = p - row * width + 0.5;
    y[i] = row + 0.5;
    value[i] = samples[p];
    mx += x[i] / count;
    my += y[i] / count;
    mz += z[i] / count;
  }
  let squares = 0;
  let deep = 0;
  for (let i = 0; i < count; i++) {
    squares += (x[i] - mx) ** 2 + (y[i] - my) ** 2;
    deep += (z[i] - mz) ** 2;
  }
  const radius = Math.sqrt(squares / count);
  const relief = Math.sqrt(deep / count) || 1;
  const [growth, roll, right, down, yaw, pitch] = [part(), part(), part(), part(), part(), part()];
  for (let i = 0; i < count; i++) {
    const p = pixels[i];
    const u = (x[i] - mx) / radius;
    const v = (y[i] - my) / radius;
    const w = (z[i] - mz) / relief;
    const sx = dx[p];
    const sy = dy[p];
    growth[i] = sx * u + sy * v;
    roll[i] = sy * u - sx * v;
    right[i] = sx;
    down[i] = sy;
    yaw[i] = sx * w;
    pitch[i] = sy * w;
  }
  return { x, y, z, value, slopes: [growth, roll, right, down, yaw, pitch], centre: [mx, my, mz], radius, relief };
}

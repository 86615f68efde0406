import type { Raster } from './resample.ts';

/** Bilinear sample of four channels at raster coordinates whose pixel centres are whole numbers; nothing beyond the edge. */
export function sample(texture: Raster, x: number, y: number, out: Float64Array): void {
  const i = Math.floor(x);
  const j = Math.floor(y);
  if (i < 0 || j < 0 || i >= texture.width - 1 || j >= texture.height - 1) {
    out.fill(0);
    return;
  }
  const fx = x - i;
  const fy = y - j;
  const a = (1 - fx) * (1 - fy);
  const b = fx * (1 - fy);
  const c = (1 - fx) * fy;
  const d = fx * fy;
  const p = 4 * (j * texture.width + i);
  const q = p + 4 * texture.width;
  const { data } = texture;
  for (let k = 0; k < 4; k++) {
    out[k] =
      a * (data[p + k] as number) +
      b * (data[p + 4 + k] as number) +
      c * (data[q + k] as number) +
      d * (data[q + 4 + k] as number);
  }
}

/** A picture of premultiplied RGBA and where its top-left corner lies on the plate. */
export interface Placed {
  readonly stamp: Raster;
  readonly left: number;
  readonly top: number;
}

/** Lays the stamp over the planar picture `rgb`; with `coverage` given, writes its alpha there instead. */
export function drawStamp(
  placed: Placed,
  rgb: Float32Array | undefined,
  width: number,
  height: number,
  coverage?: Float32Array,
): void {
  const { stamp, left, top } = placed;
  const pixels = width * height;
  const colour = new Float64Array(4);
  for (let y = Math.max(0, Math.ceil(top)); y < Math.min(height, top + stamp.height); y++) {
    for (let x = Math.max(0, Math.ceil(left)); x < Math.min(width, left + stamp.width); x++) {
      sample(stamp, x - left, y - top, colour);
      const alpha = colour[3] as number;
      if (alpha === 0) continue;
      const at = y * width + x;
      if (coverage) coverage[at] = alpha;
      if (!rgb) continue;
      for (let k = 0; k < 3; k++)
        rgb[k * pixels + at] = (rgb[k * pixels + at] as number) * (1 - alpha) + (colour[k] as number);
    }
  }
}

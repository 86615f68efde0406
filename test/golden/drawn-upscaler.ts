import type { Upscaler } from '../../src/face/networks.ts';

/** An upscaler without a network: every pixel becomes four, drawn apart from the mean of its neighbours. */
export const DRAWN_UPSCALER: Upscaler = {
  id: 'drawn',
  factor: 2,
  reach: 1,
  async upscale(rgb, width, height) {
    const out = new Float32Array(4 * rgb.length);
    const area = width * height;
    for (let o = 0; o < rgb.length; o++) {
      const [x, y] = [o % width, Math.floor((o % area) / width)];
      const at = (dx: number, dy: number) => {
        const [u, v] = [Math.min(width - 1, Math.max(0, x + dx)), Math.min(height - 1, Math.max(0, y + dy))];
        return rgb[o - (o % area) + v * width + u] as number;
      };
      const own = at(0, 0);
      const finer = own - (at(-1, 0) + at(1, 0) + at(0, -1) + at(0, 1)) / 4;
      const first = Math.floor(o / area) * 4 * area + 2 * y * 2 * width + 2 * x;
      for (const [k, share] of [0.5, 0.75, 1, 1.25].entries()) {
        out[first + (k % 2) + (k >> 1) * 2 * width] = own + share * finer;
      }
    }
    return out;
  },
};

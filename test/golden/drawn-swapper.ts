import type { FivePoints } from '../../src/face/landmarks.ts';
import type { Enhancer, Swapper } from '../../src/face/networks.ts';
import { PATCH_TEMPLATE } from '../../src/face/patch.ts';
import { fivePointsOfTemplate } from '../../src/model/template.ts';

/** A swapper without a network: half of the face is its own mirror image, and red and blue are taken for each other. */
export const DRAWN_SWAPPER: Swapper = {
  id: 'drawn',
  side: 64,
  five: fivePointsOfTemplate({ name: 'arcface_128', padding: 0 }, 1) as FivePoints,
  identity: async () => Float32Array.of(1),
  async swap(rgb) {
    const area = 64 * 64;
    return rgb.map((_, i) => {
      const from = i % area;
      const plane = rgb.subarray((2 - Math.floor(i / area)) * area);
      return ((plane[from] as number) + (plane[from - (from % 64) + 63 - (from % 64)] as number)) / 2;
    });
  },
};

/** A network that makes a face finer, without a network: every pixel is drawn apart from the next one. */
export const DRAWN_ENHANCER: Enhancer = {
  id: 'drawn',
  side: 128,
  five: PATCH_TEMPLATE,
  async enhance(rgb) {
    return rgb.map((v, i) => v + ((v - (rgb[i + 1] ?? v)) as number) / 2);
  },
};

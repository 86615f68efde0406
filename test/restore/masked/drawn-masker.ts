import type { Masker } from '../../../src/face/networks.ts';
import { PATCH_TEMPLATE } from '../../../src/face/patch.ts';

/** A masker without a network, and the times that it was asked. */
export interface DrawnMasker extends Masker {
  readonly runs: () => number;
}

/**
 * Takes what is greener than red and blue by more than a quarter for something before the face.
 *
 * @param unrest how far the edge of its answer moves from one run to the next, pixels
 */
export function drawnMasker({ side = 128, unrest = 0 } = {}): DrawnMasker {
  let runs = 0;
  return {
    id: 'drawn',
    side,
    five: PATCH_TEMPLATE,
    runs: () => runs,
    async mask(rgb) {
      const area = side * side;
      const shift = Math.round(unrest * Math.sin(2.4 * runs));
      runs += 1;
      return Float32Array.from({ length: area }, (_, i) => {
        const at = (c: number) => rgb[c * area + Math.min(area - 1, Math.max(0, i + shift))] as number;
        return at(1) - (at(0) + at(2)) / 2 > 0.25 ? 0 : 1;
      });
    },
  };
}

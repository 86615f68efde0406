import type { Enhancer } from '../../src/face/networks.ts';
import { PATCH_TEMPLATE } from '../../src/face/patch.ts';

/**
 * A restorer of faces without a network: it draws every pixel apart from its neighbours two pixels away, makes the face brighter, and
 * leaves it greyer, none of which but the first may show.
 */
export function drawnEnhancer(side: number, five: Enhancer['five'] = PATCH_TEMPLATE): Enhancer {
  const area = side * side;
  return {
    id: 'drawn',
    side,
    five,
    async enhance(rgb) {
      return rgb.map((own, o) => {
        const [x, y] = [o % side, Math.floor((o % area) / side)];
        const at = (dx: number, dy: number) => {
          const [u, v] = [Math.min(side - 1, Math.max(0, x + dx)), Math.min(side - 1, Math.max(0, y + dy))];
          return rgb[o - (o % area) + v * side + u] as number;
        };
        const finer = own - (at(-2, 0) + at(2, 0) + at(0, -2) + at(0, 2)) / 4;
        const green = rgb[area + (o % area)] as number;
        return 0.0625 + 0.75 * own + 0.25 * green + 1.5 * finer;
      });
    },
  };
}

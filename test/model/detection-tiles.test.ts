import { describe, expect, it } from 'vitest';
import { detectionTiles } from '../../src/model/detection-tiles.ts';

describe('the tiles of a picture', () => {
  it('are all of it, and all of it at half the size for close-ups, where the smallest face covers 20 pixels', () => {
    expect(detectionTiles(960, 540, 100, 192)).toEqual([
      { x: 0, y: -210, side: 960, smallest: 0 },
      { x: -480, y: -690, side: 1920, smallest: 288 },
    ]);
  });

  it.each([
    [960, 540, 40, 192],
    [960, 540, 20, 192],
    [1920, 1080, 24, 192],
    [480, 368, 12, 192],
    [700, 2000, 30, 256],
    [100, 80, 6, 192],
  ])('show every face of %i × %i from %i pixels up whole, with 20 pixels or more', (width, height, smallest, input) => {
    const tiles = detectionTiles(width, height, smallest, input);
    for (let face = smallest; face < Math.min(width, height); face *= 1.23) {
      for (let x = 0; x + face <= width; x += Math.max(1, (width - face) / 37)) {
        for (let y = 0; y + face <= height; y += Math.max(1, (height - face) / 29)) {
          const seen = tiles.some(
            (tile) =>
              face >= tile.smallest &&
              x >= tile.x - 1e-6 &&
              y >= tile.y - 1e-6 &&
              x + face <= tile.x + tile.side + 1e-6 &&
              y + face <= tile.y + tile.side + 1e-6 &&
              (face * input) / tile.side >= 20 - 1e-6,
          );
          if (!seen) expect.fail(`A face of ${face} at ${x}, ${y} is in no tile.`);
        }
      }
    }
  });

  it('cost little more than they must', () => {
    expect(detectionTiles(960, 540, 40, 192).length).toBeLessThanOrEqual(11);
    expect(detectionTiles(960, 540, 20, 192).length).toBeLessThanOrEqual(41);
  });
});

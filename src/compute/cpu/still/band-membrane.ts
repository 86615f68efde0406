import { BAND_DIRECTIONS } from '../../../face/observation.ts';
import { enlarged } from '../filter/enlarge.ts';
import { type FloatPool, FRESH } from '../float-pool.ts';
import { type MembraneGrid, membraneGrid, solveMembrane } from './membrane.ts';

/** Where a band lies on a patch. */
export interface BandPlace {
  /** The centre of its directions, patch pixels. */
  readonly x: number;
  readonly y: number;
  /** Side of the patch, pixels. */
  readonly size: number;
}

/** The grid over a patch's matte (`Float32Array` of size²): unknown wherever a grid pixel meets a matte above 0. */
export function membraneGridOf(matte: Float32Array, size: number, gridSize: number): MembraneGrid {
  const inside = new Uint8Array(gridSize * gridSize);
  for (let y = 0; y < size; y++) {
    const row = Math.floor((y * gridSize) / size) * gridSize;
    for (let x = 0; x < size; x++) {
      if (matte[y * size + x] > 0) inside[row + Math.floor((x * gridSize) / size)] = 1;
    }
  }
  return membraneGrid(inside, gridSize);
}

/**
 * The membrane that takes the values of a band at the matte's edge: `Float32Array` of 3·size², planar RGB, lent by the pool.
 *
 * `band` holds r, g, b for `BAND_DIRECTIONS` directions about the centre, evenly spaced clockwise on the screen from the picture's
 * right. For a seamless paste it is the plate's band less the pasted picture's (both `Light.band`).
 */
export function membraneOfBand(
  grid: MembraneGrid,
  band: Float32Array,
  { x, y, size }: BandPlace,
  pool: FloatPool = FRESH,
): Float32Array {
  const values = bandOnContour(grid, band, (x * grid.size) / size, (y * grid.size) / size);
  return enlarged(solveMembrane(grid, values), grid.size, size, pool);
}

function bandOnContour(grid: MembraneGrid, band: Float32Array, centreX: number, centreY: number): Float32Array {
  const count = grid.size * grid.size;
  const values = new Float32Array(3 * count);
  for (let i = 0; i < count; i++) {
    if (grid.contour[i] === 0) continue;
    const dx = (i % grid.size) + 0.5 - centreX;
    const dy = Math.floor(i / grid.size) + 0.5 - centreY;
    const turn = Math.atan2(dy, dx) / (2 * Math.PI);
    const at = (turn < 0 ? turn + 1 : turn) * BAND_DIRECTIONS;
    const before = Math.floor(at) % BAND_DIRECTIONS;
    const after = (before + 1) % BAND_DIRECTIONS;
    const t = at - Math.floor(at);
    for (let k = 0; k < 3; k++) {
      values[k * count + i] = (1 - t) * band[3 * before + k] + t * band[3 * after + k];
    }
  }
  return values;
}

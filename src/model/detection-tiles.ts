/** A square of a picture that the detector looks at in one run; may reach over the picture's edge, where it is black. */
export interface Tile {
  readonly x: number;
  readonly y: number;
  /** Picture pixels. */
  readonly side: number;
}

/** Width of the smallest face that a detector of BlazeFace's kind finds reliably, pixels of its input. */
const SMALLEST_SEEN = 20;

/** How much of a face's surroundings must be in the same tile, in widths of the face. */
const SURROUNDINGS = 1.25;

/** More levels than this never pay. */
const MOST_LEVELS = 5;

/**
 * The squares in which a detector of `input` × `input` pixels must look to find every face of `smallestFace` picture pixels or more.
 *
 * The first holds the whole picture, enlarged where it is small. Where that shows the smallest face with fewer than 20 pixels,
 * levels of smaller tiles follow: each level overlaps its tiles by the largest face that the level before could miss, so that every
 * face lies whole in one tile. Of all numbers of levels the one with the fewest runs is taken.
 */
export function detectionTiles(width: number, height: number, smallestFace: number, input: number): Tile[] {
  const whole = Math.max(width, height);
  const centred = { x: (width - whole) / 2, y: (height - whole) / 2, side: whole };
  const finest = (smallestFace * input) / SMALLEST_SEEN;
  if (finest >= whole) return [centred];
  let best: Tile[] | null = null;
  for (let levels = 1; levels <= MOST_LEVELS; levels++) {
    const ratio = (whole / finest) ** (1 / levels);
    const overlap = (SURROUNDINGS * SMALLEST_SEEN * ratio) / input;
    // Beyond half the tile most of every run would be spent on what another one sees.
    if (overlap > 0.5 && levels < MOST_LEVELS) continue;
    const tiles = Array.from({ length: levels }, (_, k) =>
      level(width, height, whole / ratio ** (k + 1), overlap),
    ).flat();
    if (!best || tiles.length < best.length) best = tiles;
  }
  return [centred, ...(best ?? [])];
}

/** Tiles of one size over the picture, evenly spaced, overlapping by at least the share `overlap` of their side. */
function level(width: number, height: number, side: number, overlap: number): Tile[] {
  return starts(height, side, overlap).flatMap((y) => starts(width, side, overlap).map((x) => ({ x, y, side })));
}

function starts(length: number, side: number, overlap: number): number[] {
  if (length <= side) return [(length - side) / 2];
  const steps = Math.ceil((length - side) / (side * (1 - Math.min(overlap, 0.9))));
  return Array.from({ length: steps + 1 }, (_, k) => ((length - side) * k) / steps);
}

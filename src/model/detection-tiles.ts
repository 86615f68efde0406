/** A square of a picture, the input of one detector run; may reach over the picture's edge, where it is black. */
export interface Tile {
  readonly x: number;
  readonly y: number;
  /** Picture pixels. */
  readonly side: number;
  /** Faces narrower than this are for other tiles, picture pixels; 0 = none are. */
  readonly smallest: number;
}

/** Width of the smallest face that a detector of BlazeFace's kind finds reliably, pixels of its input. */
const SMALLEST_SEEN = 20;

/** How much of a face's surroundings must be in the same tile, in widths of the face. */
const SURROUNDINGS = 1.25;

/**
 * A close-up: a face wider than this share of the picture is also searched in a picture of half the size. BlazeFace's full-range
 * net was trained on faces farther off: one that fills two fifths of its input scores 0.6, at half the size 0.9.
 */
const CLOSE_UP = 0.3;
const FARTHER_OFF = 2;

/** Most levels: more never pay. */
const MOST_LEVELS = 5;

/**
 * The squares that a detector of `input` × `input` pixels must search to find every face of `smallestFace` picture pixels or
 * more.
 *
 * The first holds the whole picture, enlarged where it is small; the second, for close-ups, the same at half the size. Where the
 * first shows the smallest face with fewer than 20 pixels, levels of smaller tiles follow: each level overlaps its tiles by the
 * largest face that the level before could miss, so that every face lies whole in one tile. Of all numbers of levels the one with
 * the fewest runs is taken.
 */
export function detectionTiles(width: number, height: number, smallestFace: number, input: number): Tile[] {
  const whole = Math.max(width, height);
  const around = (side: number, smallest: number): Tile => ({
    x: (width - side) / 2,
    y: (height - side) / 2,
    side,
    smallest,
  });
  const wholes = [around(whole, 0), around(FARTHER_OFF * whole, CLOSE_UP * whole)];
  const finest = (smallestFace * input) / SMALLEST_SEEN;
  if (finest >= whole) return wholes;
  let best: Tile[] | null = null;
  for (let levels = 1; levels <= MOST_LEVELS; levels++) {
    const ratio = (whole / finest) ** (1 / levels);
    const overlap = (SURROUNDINGS * SMALLEST_SEEN * ratio) / input;
    // Beyond half the tile, most of every run would repeat another one's work.
    if (overlap > 0.5 && levels < MOST_LEVELS) continue;
    const tiles = Array.from({ length: levels }, (_, k) =>
      level(width, height, whole / ratio ** (k + 1), overlap),
    ).flat();
    if (!best || tiles.length < best.length) best = tiles;
  }
  return [...wholes, ...(best ?? [])];
}

/** Tiles of one size over the picture, evenly spaced, overlapping by at least the share `overlap` of their side. */
function level(width: number, height: number, side: number, overlap: number): Tile[] {
  return starts(height, side, overlap).flatMap((y) =>
    starts(width, side, overlap).map((x) => ({ x, y, side, smallest: 0 })),
  );
}

function starts(length: number, side: number, overlap: number): number[] {
  if (length <= side) return [(length - side) / 2];
  const steps = Math.ceil((length - side) / (side * (1 - Math.min(overlap, 0.9))));
  return Array.from({ length: steps + 1 }, (_, k) => ((length - side) * k) / steps);
}

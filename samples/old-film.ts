import { gaussianBlurred } from './blur.ts';
import {
  addHair,
  addLine,
  addSpeck,
  addSplice,
  addStreak,
  type FilmLine,
  type MarkedFrame,
  unitOf,
} from './film-marks.ts';
import { DEFAULT_WEAR, type Wear } from './projection.ts';
import { noiseAt, poisson, randomOf } from './random.ts';
import type { RgbFrame } from './rgb-frame.ts';
import type { ShotPlan } from './shots.ts';
import { addGrain, softened, TILE } from './wear.ts';

/** How the film of a shot has aged, beyond what every shot of the reel suffers. */
export interface OldFilm {
  /** It is black and white; its white, R, G, B of 0 … 1. */
  readonly tint: readonly [number, number, number];
  /** Factors on the reel's breathing and weave. */
  readonly breathing: number;
  readonly weave: number;
  /** Scratches that stand or wander for many frames. */
  readonly lines: readonly FilmLine[];
  /** Mean numbers a frame of 960 × 540, each on one frame: specks, hairs, and short scratches (rain). */
  readonly specks: number;
  readonly hairs: number;
  readonly rain: number;
  /** Frame of the shot before which the film was spliced: glue has stained it on both sides. */
  readonly splice: number;
}

/** What wears a reel: its wear, its tile of grain and its seed. */
export interface ReelWear {
  readonly wear: Wear;
  readonly tile: Float32Array;
  readonly seed: number;
}

/** Which frame of the reel it is, and which of its shot. */
export interface FramePlace {
  readonly index: number;
  readonly t: number;
}

/** The clean frame as a scanner sees it on film of long ago: out of focus, marked and grained. `mask` gets 1 where marks lie. */
export function agedFrame(
  clean: RgbFrame,
  plan: ShotPlan & { readonly old: OldFilm },
  { wear, tile, seed }: ReelWear,
  place: FramePlace,
  mask?: Uint8Array,
): RgbFrame {
  const { index, t } = place;
  // The film does not lie flat in the gate: its focus breathes.
  const focus = 0.85 + 0.3 * noiseAt(index / 6, seed, 70);
  const frame = softened(clean, focus * plan.softness * wear.softness * clean.height);
  addAge(plan.old, wear, { frame, t, index, seed, mask });
  addGrain(frame, { sigma: plan.grain * wear.grain, tile: coarseGrain(tile, clean.height), common: 1 }, index, seed);
  return frame;
}

/** Lays the marks of age over a softened frame: the splice's stain, lines, rain, specks and hairs. */
function addAge(film: OldFilm, wear: Wear, place: MarkedFrame): void {
  const dirt = wear.dirt / DEFAULT_WEAR.dirt;
  const scratches = wear.scratches / DEFAULT_WEAR.scratches;
  addUnevenness(place);
  if (dirt > 0) addSplice(film.splice, place);
  if (scratches > 0) for (const [k, line] of film.lines.entries()) addLine(line, k, place);
  const { frame, index, seed } = place;
  const area = (frame.width * frame.height) / (960 * 540) / unitOf(frame) ** 2;
  const random = randomOf(seed, 71, index);
  for (let n = poisson(random, scratches * film.rain * area); n > 0; n--) addStreak(random, place);
  for (let n = poisson(random, dirt * film.specks * area); n > 0; n--) addSpeck(random, place);
  for (let n = poisson(random, dirt * film.hairs * area); n > 0; n--) addHair(random, place);
}

/** Light that falls unevenly through film of uneven density, otherwise in every frame: 4 % either way. */
function addUnevenness({ frame, index, seed }: MarkedFrame): void {
  const { width, height, rgb } = frame;
  const pixels = width * height;
  const corner = (x: number, y: number) => 0.08 * (noiseAt(index / 1.7, seed, 72, x, y) - 0.5);
  const [a, b, c, d] = [corner(0, 0), corner(1, 0), corner(0, 1), corner(1, 1)];
  for (let y = 0; y < height; y++) {
    const v = y / height;
    for (let x = 0; x < width; x++) {
      const u = x / width;
      const gain = 1 + (1 - v) * (a + (b - a) * u) + v * (c + (d - c) * u);
      for (let at = y * width + x; at < 3 * pixels; at += pixels) rgb[at] = (rgb[at] as number) * gain;
    }
  }
}

/** Standard deviation of the blur that gives old grain its size, pixels of a plate 540 pixels high. */
const COARSE = 0.55;

/** The last coarse tile that was drawn. */
let last: { readonly of: Float32Array; readonly height: number; readonly tile: Float32Array } | undefined;

/** The tile of grain as an old stock has it, for a plate `height` pixels high. */
function coarseGrain(of: Float32Array, height: number): Float32Array {
  if (last?.of === of && last.height === height) return last.tile;
  const { data } = gaussianBlurred({ width: TILE, height: TILE, channels: 1, data: of }, (COARSE * height) / 540);
  let sum = 0;
  for (const v of data) sum += v * v;
  const scale = 1 / Math.sqrt(sum / data.length);
  last = { of, height, tile: data.map((v) => v * scale) };
  return last.tile;
}

import { CANONICAL_POINTS } from '../../src/face/canonical-face.ts';
import { fivePoints, interOcular, type Landmarks } from '../../src/face/landmarks.ts';
import type { RgbPicture } from '../../src/face/networks.ts';
import { applyX, applyY, invert, type Similarity, transformLandmarks } from '../../src/face/similarity.ts';
import { gaussianNoise, texture } from '../motion/texture.ts';

export const WIDTH = 320;
export const HEIGHT = 300;

/** The canonical face upright in the middle of the picture, 60 pixels between the eyes. */
export const HEAD: Landmarks = transformLandmarks(
  { a: 60 / interOcular(fivePoints(CANONICAL_POINTS)), b: 0, tx: WIDTH / 2, ty: HEIGHT / 2 - 10 },
  CANONICAL_POINTS,
);
export const INTER_OCULAR = interOcular(fivePoints(HEAD));

export interface Shown {
  /** Carries the head's own place to where it is shown. */
  readonly motion?: Similarity;
  /** Standard deviation of white grain, 0 … 255. */
  readonly grain?: number;
  /** Factor on the exposure. */
  readonly gain?: number;
  readonly seed?: number;
  /** How far the mouth is open, 0 … 1: a dark oval between the lips. */
  readonly mouth?: number;
  /** How far both eyes are closed, 0 … 1: the dark eye turns to skin. */
  readonly blink?: number;
  /** Share of the head's width that something flat covers from the left. */
  readonly covered?: number;
}

/** The skin's texture, known at every half pixel around the picture and bilinear between. */
const MARGIN = 40;
const COLUMNS = 2 * (WIDTH + 2 * MARGIN);
const ROWS = 2 * (HEIGHT + 2 * MARGIN);
const waves = texture(7);
const samples = Float32Array.from({ length: COLUMNS * ROWS }, (_, i) =>
  waves((i % COLUMNS) / 2 - MARGIN, Math.floor(i / COLUMNS) / 2 - MARGIN),
);

function skin(x: number, y: number): number {
  const u = Math.min(COLUMNS - 1.001, Math.max(0, 2 * (x + MARGIN)));
  const v = Math.min(ROWS - 1.001, Math.max(0, 2 * (y + MARGIN)));
  const p = Math.floor(v) * COLUMNS + Math.floor(u);
  const [fx, fy] = [u % 1, v % 1];
  const above = (samples[p] as number) * (1 - fx) + (samples[p + 1] as number) * fx;
  const below = (samples[p + COLUMNS] as number) * (1 - fx) + (samples[p + COLUMNS + 1] as number) * fx;
  return above + fy * (below - above);
}

/** A head of known place: textured skin, two dark eyes, a mouth. */
export function drawHead(shown: Shown = {}): RgbPicture {
  const {
    motion = { a: 1, b: 0, tx: 0, ty: 0 },
    grain = 0,
    gain = 1,
    seed = 1,
    mouth = 0,
    blink = 0,
    covered = 0,
  } = shown;
  const noise = gaussianNoise(seed);
  const back = invert(motion);
  const five = fivePoints(HEAD);
  const rgb = new Uint8Array(3 * WIDTH * HEIGHT);
  for (let y = 0, o = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++, o += 3) {
      const u = applyX(back, x + 0.5, y + 0.5);
      const v = applyY(back, x + 0.5, y + 0.5);
      let value = 0.25 + 0.5 * skin(u, v);
      for (const k of [0, 2]) {
        const d = Math.hypot((u - (five[k] as number)) / 12, (v - (five[k + 1] as number)) / 6);
        if (d < 1.2) value -= (1 - blink) * 0.35 * smooth(1.2 - d);
      }
      const mx = ((five[6] as number) + (five[8] as number)) / 2;
      const my = ((five[7] as number) + (five[9] as number)) / 2;
      const d = Math.hypot((u - mx) / 20, (v - my) / (2 + 12 * mouth));
      if (d < 1.2) value -= 0.35 * smooth(1.2 - d);
      if (covered > 0 && u < (five[4] as number) - 1.2 * INTER_OCULAR + 2.4 * INTER_OCULAR * covered) value = 0.5;
      const level = Math.min(255, Math.max(0, 255 * gain * value + grain * noise()));
      rgb[o] = level;
      rgb[o + 1] = level;
      rgb[o + 2] = level;
    }
  }
  return { width: WIDTH, height: HEIGHT, rgb };
}

function smooth(v: number): number {
  return Math.min(1, Math.max(0, v / 0.4));
}

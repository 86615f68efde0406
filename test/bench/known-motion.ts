import type { RgbPicture } from '../../src/face/networks.ts';
import { compose, invert, type Similarity } from '../../src/face/similarity.ts';
import { normal } from './seeded-noise.ts';

export type Motion = 'static' | 'slow' | 'fast';

export interface ClipOptions {
  readonly motion: Motion;
  /** Distance between the eyes, pixels. */
  readonly interOcular: number;
  /** Standard deviation of white grain, 8-bit levels. */
  readonly grain: number;
  readonly frames: number;
  readonly seed: number;
}

/** A still moved by a known similarity, as a film camera would show it. */
export interface KnownClip {
  readonly pictures: readonly RgbPicture[];
  /** Carries still pixels to pixels of each picture, weave included. */
  readonly toPicture: readonly Similarity[];
}

/** Weave of the gate, pixels, and breathing of the exposure, as standard deviations. */
const WEAVE = 0.3;
const BREATHING = 0.01;
/** Size of the pictures over inter-ocular distance. */
const WIDTH = 6;
const HEIGHT = 4.5;
/** Amplitudes at an inter-ocular distance of 80 pixels: shift in pixels, turn in radians, growth; and the period in frames. */
const MOTIONS: Readonly<Record<Motion, readonly [number, number, number, number]>> = {
  static: [0, 0, 0, 48],
  slow: [12, 0.05, 0.03, 48],
  fast: [60, 0.17, 0.08, 24],
};

/**
 * @param upright carries still pixels to a face upright around the origin with a distance of 1 between the eyes
 */
export function knownMotionClip(still: RgbPicture, upright: Similarity, options: ClipOptions): KnownClip {
  const { interOcular, grain, frames, seed } = options;
  const random = normal(seed);
  const width = 2 * Math.round((WIDTH * interOcular) / 2);
  const height = 2 * Math.round((HEIGHT * interOcular) / 2);
  const [shift, turn, growth, period] = MOTIONS[options.motion];
  const pictures: RgbPicture[] = [];
  const toPicture: Similarity[] = [];
  for (let t = 0; t < frames; t++) {
    const phase = (2 * Math.PI * t) / period;
    const scale = interOcular * (1 + growth * Math.sin(0.7 * phase + 1));
    const angle = turn * Math.sin(0.9 * phase);
    const moved: Similarity = {
      a: scale * Math.cos(angle),
      b: scale * Math.sin(angle),
      tx: width / 2 + (shift * interOcular * Math.sin(phase)) / 80 + WEAVE * random(),
      ty: height / 2 + (shift * interOcular * Math.sin(1.3 * phase)) / 160 + WEAVE * random(),
    };
    const place = compose(moved, upright);
    toPicture.push(place);
    pictures.push(render(still, invert(place), width, height, 1 + BREATHING * random(), () => grain * random()));
  }
  return { pictures, toPicture };
}

/** Every pixel is the mean of 2 × 2 bilinear samples: a bilinear phase would otherwise blur some frames more than others. */
function render(
  still: RgbPicture,
  toStill: Similarity,
  width: number,
  height: number,
  gain: number,
  grain: () => number,
): RgbPicture {
  const rgb = new Uint8Array(3 * width * height);
  const { a, b, tx, ty } = toStill;
  const clampX = (v: number) => Math.min(still.width - 1.001, Math.max(0, v));
  const clampY = (v: number) => Math.min(still.height - 1.001, Math.max(0, v));
  const stride = 3 * still.width;
  for (let y = 0, o = 0; y < height; y++) {
    for (let x = 0; x < width; x++, o += 3) {
      let red = 0;
      let green = 0;
      let blue = 0;
      for (let k = 0; k < 4; k++) {
        const u = x + 0.25 + 0.5 * (k & 1);
        const v = y + 0.25 + 0.5 * (k >> 1);
        const sx = clampX(a * u - b * v + tx - 0.5);
        const sy = clampY(b * u + a * v + ty - 0.5);
        const left = sx | 0;
        const top = sy | 0;
        const fx = sx - left;
        const fy = sy - top;
        const p = stride * top + 3 * left;
        const w00 = (1 - fx) * (1 - fy);
        const w10 = fx * (1 - fy);
        const w01 = (1 - fx) * fy;
        const w11 = fx * fy;
        const s = still.rgb;
        red +=
          w00 * (s[p] as number) +
          w10 * (s[p + 3] as number) +
          w01 * (s[p + stride] as number) +
          w11 * (s[p + stride + 3] as number);
        green +=
          w00 * (s[p + 1] as number) +
          w10 * (s[p + 4] as number) +
          w01 * (s[p + stride + 1] as number) +
          w11 * (s[p + stride + 4] as number);
        blue +=
          w00 * (s[p + 2] as number) +
          w10 * (s[p + 5] as number) +
          w01 * (s[p + stride + 2] as number) +
          w11 * (s[p + stride + 5] as number);
      }
      const noise = grain();
      rgb[o] = byte((gain * red) / 4 + noise);
      rgb[o + 1] = byte((gain * green) / 4 + noise);
      rgb[o + 2] = byte((gain * blue) / 4 + noise);
    }
  }
  return { width, height, rgb };
}

function byte(v: number): number {
  return v < 0 ? 0 : v > 255 ? 255 : Math.round(v);
}

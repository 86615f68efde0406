import type { Landmarks } from '../../src/face/landmarks.ts';
import type { RgbPicture } from '../../src/face/networks.ts';
import { applyX, applyY, invert } from '../../src/face/similarity.ts';
import { compose3, inSpace, motionAbout, type Similarity3 } from '../../src/motion/similarity3.ts';
import { type DepthMap, depthAt, depthMap } from './depth-map.ts';
import { normal } from './seeded-noise.ts';
import type { UprightFace } from './upright-face.ts';

export type Motion = 'static' | 'slow' | 'fast' | 'turning' | 'swing';

export interface ClipOptions {
  readonly motion: Motion;
  /** Distance between the eyes, pixels. */
  readonly interOcular: number;
  /** Standard deviation of white grain, 8-bit levels. */
  readonly grain: number;
  readonly frames: number;
  readonly seed: number;
  /** Width and height of the pictures over the distance between the eyes. */
  readonly size?: readonly [number, number];
}

/** A still moved in a known way, as a film camera would show it. */
export interface KnownClip {
  /** The upright face, one unit between its eyes, its depth that of what is shown. */
  readonly face: Landmarks;
  readonly pictures: readonly RgbPicture[];
  /** Carries the face to pixels of each picture, weave included. */
  readonly toPicture: readonly Similarity3[];
}

/** Weave of the gate, pixels, and breathing of the exposure, as standard deviations. */
const WEAVE = 0.3;
const BREATHING = 0.01;
/** Size of the pictures with one face over inter-ocular distance. */
const SIZE = [6, 4.5] as const;
/**
 * Amplitudes at an inter-ocular distance of 80 pixels: shift in pixels, turn in radians, growth; the period in frames; and the turn
 * out of the picture's plane, radians: a head that looks 15° to either side. `swing` crosses 1.7 distances within nine frames.
 */
const MOTIONS: Readonly<Record<Motion, readonly [number, number, number, number, number]>> = {
  static: [0, 0, 0, 48, 0],
  slow: [12, 0.05, 0.03, 48, 0],
  fast: [60, 0.17, 0.08, 24, 0],
  turning: [12, 0.05, 0.03, 48, 0.26],
  swing: [68, 0.17, 0.08, 18, 0],
};

/** The face moves with the picture around it; where it turns out of the plane, on a surface through the face's landmarks. */
export function knownMotionClip(face: UprightFace, options: ClipOptions): KnownClip {
  const { interOcular, grain, frames, seed, size = SIZE } = options;
  const random = normal(seed);
  const width = 2 * Math.round((size[0] * interOcular) / 2);
  const height = 2 * Math.round((size[1] * interOcular) / 2);
  const [shift, turn, growth, period, away] = MOTIONS[options.motion];
  const depth = away > 0 ? depthMap(face.landmarks) : null;
  const centre = [0, 0, depth ? depthAt(depth, 0, 0) : 0] as const;
  const pictures: RgbPicture[] = [];
  const toPicture: Similarity3[] = [];
  for (let t = 0; t < frames; t++) {
    const phase = (2 * Math.PI * t) / period;
    const scale = interOcular * (1 + growth * Math.sin(0.7 * phase + 1));
    const angle = turn * Math.sin(0.9 * phase);
    const moved = inSpace({
      a: scale * Math.cos(angle),
      b: scale * Math.sin(angle),
      tx: width / 2 + (shift * interOcular * Math.sin(phase)) / 80 + WEAVE * random(),
      ty: height / 2 + (shift * interOcular * Math.sin(1.3 * phase)) / 160 + WEAVE * random(),
    });
    const yaw = Math.sin(away * Math.sin(1.1 * phase));
    const pitch = Math.sin(0.4 * away * Math.sin(0.8 * phase + 2));
    const place = compose3(moved, motionAbout({ centre, growth: 0, roll: 0, yaw, pitch, right: 0, down: 0 }));
    toPicture.push(place);
    pictures.push(render(face, depth, place, width, height, 1 + BREATHING * random(), () => grain * random()));
  }
  const shown = face.landmarks.slice();
  for (let i = 0; i + 2 < shown.length; i += 3) {
    shown[i + 2] = depth ? depthAt(depth, shown[i] as number, shown[i + 1] as number) : 0;
  }
  return { face: shown, pictures, toPicture };
}

/** Steps towards the point of the surface that a pixel shows: its slope times the turn's tangent is well below 1. */
const SURFACE_STEPS = 6;

/** Every pixel is the mean of 2 × 2 bilinear samples: a bilinear phase would otherwise blur some frames more than others. */
function render(
  { still, upright }: UprightFace,
  depth: DepthMap | null,
  { m, t }: Similarity3,
  width: number,
  height: number,
  gain: number,
  grain: () => number,
): RgbPicture {
  const rgb = new Uint8Array(3 * width * height);
  const toStill = invert(upright);
  const clampX = (v: number) => Math.min(still.width - 1.001, Math.max(0, v));
  const clampY = (v: number) => Math.min(still.height - 1.001, Math.max(0, v));
  const stride = 3 * still.width;
  const det = m[0] * m[4] - m[1] * m[3];
  for (let y = 0, o = 0; y < height; y++) {
    for (let x = 0; x < width; x++, o += 3) {
      let red = 0;
      let green = 0;
      let blue = 0;
      for (let k = 0; k < 4; k++) {
        const u = x + 0.25 + 0.5 * (k & 1) - t[0];
        const v = y + 0.25 + 0.5 * (k >> 1) - t[1];
        let px = (m[4] * u - m[1] * v) / det;
        let py = (m[0] * v - m[3] * u) / det;
        for (let step = 0; depth && step < SURFACE_STEPS; step++) {
          const z = depthAt(depth, px, py);
          const [du, dv] = [u - m[2] * z, v - m[5] * z];
          px = (m[4] * du - m[1] * dv) / det;
          py = (m[0] * dv - m[3] * du) / det;
        }
        const sx = clampX(applyX(toStill, px, py) - 0.5);
        const sy = clampY(applyY(toStill, px, py) - 0.5);
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

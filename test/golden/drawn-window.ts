import { fivePoints } from '../../src/face/landmarks.ts';
import { PATCH_TEMPLATE } from '../../src/face/patch.ts';
import { fitSimilarity, invert, transformLandmarks } from '../../src/face/similarity.ts';
import type { FrameRange } from '../../src/film/range.ts';
import type { StillPatch } from '../../src/restore/stills/still-patch.ts';
import type { FloatPatch, FloatWindow } from '../restore/on-floats.ts';
import { drawnCodes } from './drawn-film.ts';
import { type DrawnPortrait, sampleAt } from './drawn-portrait.ts';

export const LAST_FRAME = 12;

export interface WindowOptions {
  readonly size: number;
  /** FloatPatch pixels a plate pixel. */
  readonly scale: number;
  readonly grain?: number;
  readonly worn?: boolean;
  /** Frames from `in` up to, but without, `out`; default: all. */
  readonly frames?: FrameRange;
}

/** The film's patches, frame 0 … 12, in the light of the portrait. */
export function drawnPatches(
  portrait: DrawnPortrait,
  { size, scale, grain = 14, worn = true, frames = { in: 0, out: LAST_FRAME + 1 } }: WindowOptions,
): readonly FloatPatch[] {
  const toPicture = placedIn(portrait, size);
  const landmarks = transformLandmarks(toPicture, portrait.landmarks);
  return Array.from({ length: frames.out - frames.in }, (_, k) => {
    const frame = frames.in + k;
    const codes = drawnCodes(portrait, { width: size, height: size, toPicture, frame, grain, worn });
    return {
      frame,
      size,
      rgb: codes.map((v) => v / 1023),
      toPatch: { a: scale, b: 0, tx: frame / 4, ty: -frame / 8 },
      landmarks,
      light: { exposure: 0.5, colour: SKIN, band: drawnBand(), blur: 1.25, grain: 0.0156 },
      scratches: [],
    };
  });
}

/** The window of a frame, at most `reach` of the patches to either side. */
export function windowOf(patches: readonly FloatPatch[], frame: number, reach: number): FloatWindow {
  const at = patches.findIndex((patch) => patch.frame === frame);
  return {
    centre: patches[at] as FloatPatch,
    before: patches.slice(Math.max(0, at - reach), at).reverse(),
    after: patches.slice(at + 1, at + 1 + reach),
  };
}

/** Sharper stills of the same face: as it is, in another light, and stretched, so that its shape differs too. */
export function drawnStills(portrait: DrawnPortrait, size = 256): readonly StillPatch[] {
  return [
    { name: 'plain', side: 0, stretch: 1 },
    { name: 'lit from the side', side: 0.5, stretch: 1 },
    { name: 'stretched', side: -0.25, stretch: 1.0625 },
  ].map(({ name, side, stretch }) => {
    const toPicture = placedIn(portrait, size);
    const fromPicture = invert(toPicture);
    const area = size * size;
    const portraitArea = portrait.width * portrait.height;
    const rgb = new Float32Array(3 * area);
    for (let o = 0; o < rgb.length; o++) {
      const c = Math.floor(o / area);
      const x = (((o % size) + 0.5 - size / 2) / stretch + size / 2) * fromPicture.a + fromPicture.tx;
      const y = (Math.floor((o % area) / size) + 0.5) * fromPicture.a + fromPicture.ty;
      const sharp = portrait.sharp.subarray(c * portraitArea, (c + 1) * portraitArea);
      const light = 1 + side * ((o % size) / size - 0.5);
      rgb[o] = Math.round(4 * light * sampleAt(portrait, sharp, x, y)) / 1023;
    }
    const landmarks = transformLandmarks(toPicture, portrait.landmarks).map((v, i) =>
      i % 3 === 0 ? (v - size / 2) * stretch + size / 2 : v,
    );
    return { name, size, rgb, landmarks };
  });
}

/** Portrait pixels to those of a patch, upright. */
function placedIn(portrait: DrawnPortrait, size: number) {
  const fitted = fitSimilarity(
    fivePoints(portrait.landmarks),
    PATCH_TEMPLATE.map((v) => v * size),
  );
  // Whole 1024ths and eighths: a last bit of the fit must not move the drawing.
  return {
    a: Math.round(fitted.a * 1024) / 1024,
    b: 0,
    tx: Math.round(fitted.tx * 8) / 8,
    ty: Math.round(fitted.ty * 8) / 8,
  };
}

/** Mean and deviation of a skin warmer and darker than the portrait's, in lαβ. */
const SKIN = [-0.75, 0.0625, 0.03125, 0.1875, 0.03125, 0.015625];

/** A light that falls from the right. */
function drawnBand(): Float32Array {
  return Float32Array.from({ length: 192 }, (_, i) => {
    const around = Math.abs(Math.floor(i / 3) - 32) / 32;
    return ([0.5, 0.375, 0.3125][i % 3] as number) * (0.75 + around / 2);
  });
}

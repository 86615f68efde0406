import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { fivePoints, interOcular, LANDMARK_COUNT, type Landmarks } from '../src/face/landmarks.ts';
import type { Similarity } from '../src/face/similarity.ts';
import { fitSimilarity, invert } from '../src/face/similarity.ts';
import { type Raster, resampled } from './resample.ts';

/** The NASA portrait, cut out of its background, with the landmarks of its face. */
export interface Portrait {
  readonly width: number;
  readonly height: number;
  /** `Float32Array` of 4·width·height, interleaved RGBA, 0 … 1, straight (not premultiplied) alpha. */
  readonly rgba: Float32Array;
  /** 468 points in portrait pixels. */
  readonly landmarks: Landmarks;
  /** Inter-ocular distance, portrait pixels. */
  readonly iod: number;
  /** Portrait pixels to face units: origin between the eyes, u along the eye line to the right, v down, inter-ocular distance 1. */
  readonly toFace: Similarity;
  readonly fromFace: Similarity;
}

/** A file of this folder, whether the code runs from its source or from where it was compiled to (`dist/samples`). */
export function sampleFile(name: string): string {
  const beside = fileURLToPath(new URL(name, import.meta.url));
  return existsSync(beside) ? beside : fileURLToPath(new URL(`../../samples/${name}`, import.meta.url));
}

export async function openPortrait(): Promise<Portrait> {
  const { data, info } = await sharp(sampleFile('portrait-cutout.png'))
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const landmarks = portraitLandmarks();
  const five = fivePoints(landmarks);
  const toFace = fitSimilarity(five.slice(0, 4), [-0.5, 0, 0.5, 0]);
  return {
    width: info.width,
    height: info.height,
    rgba: Float32Array.from(data, (value) => value / 255),
    landmarks,
    iod: interOcular(five),
    toFace,
    fromFace: invert(toFace),
  };
}

function portraitLandmarks(): Landmarks {
  const file: unknown = JSON.parse(readFileSync(sampleFile('portrait-landmarks.json'), 'utf8'));
  const points = (file as { readonly landmarks: readonly number[] }).landmarks;
  if (points.length !== 3 * LANDMARK_COUNT) {
    throw new Error(`portrait-landmarks.json should hold ${3 * LANDMARK_COUNT} numbers; it holds ${points.length}.`);
  }
  return Float32Array.from(points);
}

/** How a shot's light falls on the person. */
export interface Grade {
  /** Factor of each channel. */
  readonly gain: readonly [number, number, number];
  /** Exponent of the display values; above 1 darkens the middle. */
  readonly gamma: number;
  /** Change of brightness from the picture's left to its right, −1 … 1: 0.3 = 15 % darker left, 15 % brighter right. */
  readonly side: number;
}

/** `value` of `channel` under a grade, where `across` is 0 at the picture's left and 1 at its right. */
export function graded(grade: Grade, value: number, channel: 0 | 1 | 2, across: number): number {
  const light = 1 + grade.side * (across - 0.5);
  return Math.min(1, Math.max(0, value) ** grade.gamma * grade.gain[channel] * light);
}

/** The person ready to be sampled at one size of face: interleaved, premultiplied RGBA, 0 … 1. */
export interface PersonTexture extends Raster {
  /** Texture pixels a portrait pixel. */
  readonly scale: number;
  readonly grade: Grade;
}

/**
 * The portrait enlarged (Lanczos) for a face `magnification` times the portrait's size on the plate.
 *
 * The texture is finer than the plate, so that bilinear sampling neither aliases nor blurs by the sub-pixel phase of the weave.
 */
export function personTexture(portrait: Portrait, magnification: number, grade: Grade): PersonTexture {
  const scale = [0.25, 0.5, 1, 2, 3].find((step) => step >= 1.5 * magnification) ?? 3;
  const width = Math.round(portrait.width * scale);
  const height = Math.round(portrait.height * scale);
  const premultiplied = new Float32Array(portrait.rgba.length);
  for (let i = 0; i < premultiplied.length; i += 4) {
    const alpha = portrait.rgba[i + 3] as number;
    const across = ((i >> 2) % portrait.width) / portrait.width;
    for (const c of [0, 1, 2] as const) {
      premultiplied[i + c] = alpha * graded(grade, portrait.rgba[i + c] as number, c, across);
    }
    premultiplied[i + 3] = alpha;
  }
  const source = { width: portrait.width, height: portrait.height, channels: 4, data: premultiplied };
  const texture = resampled(source, width, height);
  // Lanczos overshoots at edges.
  for (let i = 0; i < texture.data.length; i++) texture.data[i] = Math.min(1, Math.max(0, texture.data[i] as number));
  return { ...texture, scale, grade };
}

import type { RgbFrame } from '../../samples/rgb-frame.ts';
import { applyX, applyY, type Similarity } from '../../src/face/similarity.ts';
import type { Plate } from '../../src/film/plate.ts';
import { meanSquaredError } from '../../src/metrics/psnr.ts';
import { type Shading, shadingFlicker, shadingOf } from '../../src/metrics/shading.ts';
import { gaussianBlur } from '../../src/motion/gaussian.ts';
import type { Luma } from '../../src/motion/luma.ts';
import { readMattes } from '../e2e/mattes.ts';
import { faceLuma, PATCH, patchToPlate, steadyFace } from './face-space.ts';
import { lumaOfFrame, rgbOfPlate } from './picture-score.ts';
import type { Clip } from './restore-clips.ts';
import { changedPixels, gainOf, type Region, type RegionErrors, stepsOf } from './restore-harm.ts';
import { together } from './together.ts';
import { truthRegions } from './truth-regions.ts';

/** What a version of a clip does to parts of frames, against the clean truth. */
export interface HarmFigures {
  /** Errors by frame and region, and those of the other versions in the same regions. */
  readonly regions: readonly RegionErrors[];
  readonly others: readonly (readonly RegionErrors[])[];
  /** Root mean square error of the face's luma, 8-bit levels: in damaged pixels, and away from damage. */
  readonly damaged: number;
  readonly away: number;
  /** The same away from damage against the truth blurred as the plate: of a repair without new detail, the grain that is left. */
  readonly grainLeft: number;
  /** How far the gain of the band that the plate's blur took steps from frame to frame in the eyes, and its mean. */
  readonly fineSteps: number;
  readonly fineGain: number;
  /** HF2-LP of the error in face space away from damage, 8-bit levels. */
  readonly flickerAway: number;
}

/** Compares versions of one clip with its truth, region by region. */
export interface HarmJudge {
  /** `mattes`: the folder of the version's mattes, in whose soft edge the boundary lies; without, there is none. */
  judge(folder: string, others: readonly string[], mattes?: string): Promise<HarmFigures>;
}

/** How far damage reaches beyond where it was drawn, pixels: in its neighbourhood no figure is one away from damage. */
const AROUND_DAMAGE = 3;
/** Between these shares of the matte a face is mixed with its plate. */
const SOFT = [0.02, 0.98] as const;

interface FrameFacts {
  readonly regions: Readonly<Record<Exclude<Region, 'boundary'>, Uint8Array>>;
  /** The face's pixels that are damaged, and those away from damage; both eyes', away from it: 1 = there. */
  readonly damaged: Uint8Array;
  readonly away: Uint8Array;
  readonly eyesAway: readonly [Uint8Array, Uint8Array];
  /** The face in its patch away from damage: PATCH². */
  readonly steadyAway: Uint8Array;
  readonly toPlate: Similarity;
}

export function openHarmJudge(clip: Clip): HarmJudge {
  const { truth, folders } = clip;
  const frames = Array.from({ length: truth.frames }, (_, frame) => frame);
  const steady = steadyFace(truth, frames);
  const facts = frames.map((frame) => factsOf(clip, frame, steady));
  // The finest that the plate's blur left; on a sharp plate the finest that a picture holds.
  const band = Math.max(1, clip.blur);
  return {
    async judge(folder, others, mattes) {
      const known = mattes === undefined ? null : await readMattes(mattes);
      const regions: RegionErrors[] = [];
      const ofOthers: RegionErrors[][] = others.map(() => []);
      const squares = { damaged: [0, 0], away: [0, 0], grainLeft: [0, 0] } satisfies Record<string, [number, number]>;
      const gains: [number[], number[]] = [[], []];
      const shadings: Shading[] = [];
      const flickers: number[] = [];
      for await (const plates of together([folders.clean, folders.ceiling, folder, ...others])) {
        const frame = regions.length;
        const { damaged, away, eyesAway, steadyAway, toPlate, regions: masks } = facts[frame] as FrameFacts;
        const [clean, ceiling, picture, ...rest] = plates.map(rgbOfPlate) as [RgbFrame, RgbFrame, RgbFrame];
        const matte = known?.get(truth.first + frame);
        const boundary = matte && boundaryOf(matte, masks);
        const errorsOf = (of: RgbFrame): RegionErrors => {
          const error = (mask: Uint8Array | undefined) =>
            mask ? meanSquaredError(of.rgb, clean.rgb, mask) : Number.NaN;
          return {
            'left eye': error(masks['left eye']),
            'right eye': error(masks['right eye']),
            mouth: error(masks.mouth),
            skin: error(masks.skin),
            boundary: error(boundary),
          };
        };
        regions.push(errorsOf(picture));
        for (const [k, other] of (rest as RgbFrame[]).entries()) ofOthers[k]?.push(errorsOf(other));
        const [mine, its] = [lumaOfFrame(picture), lumaOfFrame(clean)];
        add(squares.damaged, mine, its, damaged);
        add(squares.away, mine, its, away);
        add(squares.grainLeft, mine, lumaOfFrame(ceiling), away);
        const [fine, cleanFine] = [finerThan(mine, band), finerThan(its, band)];
        for (const k of [0, 1] as const) gains[k].push(gainOf(fine, cleanFine, eyesAway[k]));
        const there = faceLuma(clean, toPlate);
        const error = faceLuma(picture, toPlate).map((v, i) => v - (there[i] as number));
        shadings.push(shadingOf(error, steadyAway, PATCH));
        const [before, now, after] = shadings.slice(-3);
        if (before && now && after) flickers.push(shadingFlicker(before, now, after));
      }
      const level = ([sum, count]: readonly [number, number]) => 255 * Math.sqrt(sum / count);
      const all = gains.flat().filter((gain) => !Number.isNaN(gain));
      return {
        regions,
        others: ofOthers,
        damaged: level(squares.damaged),
        away: level(squares.away),
        grainLeft: level(squares.grainLeft),
        fineSteps: Math.hypot(...gains.map(stepsOf)) / Math.SQRT2,
        fineGain: all.reduce((sum, gain) => sum + gain, 0) / all.length,
        flickerAway: Math.sqrt(flickers.reduce((sum, v) => sum + v * v, 0) / flickers.length),
      };
    },
  };
}

/** Pixels that a run changed by more than eight levels, frame by frame. */
export async function changedBy(before: string, after: string): Promise<number[]> {
  const counts: number[] = [];
  for await (const [old, now] of together([before, after])) {
    const luma = (plate: Plate | undefined) => lumaOfFrame(rgbOfPlate(plate as Plate)).samples;
    counts.push(changedPixels(luma(old), luma(now)));
  }
  return counts;
}

function factsOf({ name, truth, dirt }: Clip, frame: number, steady: Uint8Array): FrameFacts {
  const found = truthRegions(truth, frame);
  const toPlate = patchToPlate(truth, frame);
  if (!found || !toPlate) throw new Error(`${name}: frame ${frame} shows no face.`);
  const { face, eyes, eachEye, mouth } = found;
  const { width, height } = truth;
  const damage = dirt[frame] ?? new Uint8Array(width * height);
  const near = grown(damage, width, height, AROUND_DAMAGE);
  const away = (mask: Uint8Array) => mask.map((v, i) => (v === 1 && near[i] === 0 ? 1 : 0));
  return {
    regions: {
      'left eye': eachEye[0],
      'right eye': eachEye[1],
      mouth,
      skin: face.map((v, i) => (v === 1 && eyes[i] === 0 && mouth[i] === 0 ? 1 : 0)),
    },
    damaged: face.map((v, i) => (v === 1 && damage[i] === 1 ? 1 : 0)),
    away: away(face),
    eyesAway: [away(eachEye[0]), away(eachEye[1])],
    steadyAway: steady.map((v, i) => {
      if (v === 0) return 0;
      const [u, w] = [(i % PATCH) + 0.5, Math.floor(i / PATCH) + 0.5];
      const [x, y] = [Math.floor(applyX(toPlate, u, w)), Math.floor(applyY(toPlate, u, w))];
      return near[y * width + x] === 1 ? 0 : 1;
    }),
    toPlate,
  };
}

/** Where a matte mixes face and plate, features apart: 1 = there; undefined: nowhere. */
function boundaryOf(matte: Uint16Array, { mouth, ...masks }: FrameFacts['regions']): Uint8Array | undefined {
  const [low, high] = SOFT.map((share) => share * 65535) as [number, number];
  const features = [masks['left eye'], masks['right eye'], mouth];
  let some = false;
  const edge = Uint8Array.from(matte, (v, i) => {
    const isEdge = v > low && v < high && features.every((mask) => mask[i] === 0);
    some ||= isEdge;
    return isEdge ? 1 : 0;
  });
  return some ? edge : undefined;
}

function add(sums: [number, number], { samples }: Luma, clean: Luma, mask: Uint8Array): void {
  for (let i = 0; i < mask.length; i++) {
    if (mask[i] === 0) continue;
    sums[0] += ((samples[i] as number) - (clean.samples[i] as number)) ** 2;
    sums[1] += 1;
  }
}

function finerThan(luma: Luma, sigma: number): Float32Array {
  const coarse = gaussianBlur(luma, sigma).samples;
  return luma.samples.map((v, i) => v - (coarse[i] as number));
}

/** The mask grown by a square of `reach` pixels to each side. */
function grown(mask: Uint8Array, width: number, height: number, reach: number): Uint8Array {
  const out = new Uint8Array(mask.length);
  for (let i = 0; i < mask.length; i++) {
    if (mask[i] === 0) continue;
    const x = i % width;
    const y = Math.floor(i / width);
    for (let v = Math.max(0, y - reach); v <= Math.min(height - 1, y + reach); v++) {
      out.fill(1, v * width + Math.max(0, x - reach), v * width + Math.min(width - 1, x + reach) + 1);
    }
  }
  return out;
}

import type { ShotKind } from '../../samples/acting.ts';
import { sampleStills } from '../../samples/make-stills.ts';
import type { Wear } from '../../samples/projection.ts';
import { openReelTruth } from '../../samples/reel-truth.ts';
import type { RgbFrame } from '../../samples/rgb-frame.ts';
import { scratchesUnder } from '../../src/compute/cpu/scratch/scratches-under.ts';
import { warpBySimilarity } from '../../src/compute/cpu/still/warp.ts';
import { regionUnder } from '../../src/compute/region-under.ts';
import { fivePoints, interOcular, type Landmarks } from '../../src/face/landmarks.ts';
import { insideDistance } from '../../src/face/matte.ts';
import { faceOutline } from '../../src/face/outline.ts';
import { PATCH_TEMPLATE } from '../../src/face/patch.ts';
import { fitSimilarity, invert, transformLandmarks } from '../../src/face/similarity.ts';
import { cutRegion, type Plate, planesOf } from '../../src/film/plate.ts';
import { pictureBytes, sampleFormat } from '../../src/film/sample-format.ts';
import { psnr } from '../../src/metrics/psnr.ts';
import type { StillPatch } from '../../src/restore/stills/still-patch.ts';
import type { FloatPatch, FloatWindow } from './on-floats.ts';

/** A shot of the sample reel as a restorer sees it, and its truth. */
export interface SamplePatches {
  readonly size: number;
  readonly plates: readonly FloatPatch[];
  /** The same patches of the undamaged picture, with its weave and breathing; drawn when they are first asked for. */
  readonly truths: readonly Float32Array[];
}

/** Height of the plates; width follows. At 270 the talking face is 60 pixels between the eyes. */
const HEIGHT = 270;
const LIGHT = { exposure: 0.5, colour: [0, 0, 0, 1, 1, 1], band: new Float32Array(192), blur: 1, grain: 0.02 };

/** Patches of `size` around the face in frames `from` to `to` (exclusive) of a shot, by its true landmarks, on plates of `height`. */
export async function samplePatches(
  only: ShotKind,
  [from, to]: readonly [number, number],
  size: number,
  wear: Partial<Wear> = {},
  height = HEIGHT,
): Promise<SamplePatches> {
  const truth = await openReelTruth({ only, length: 24, width: (16 * height) / 9, height, wear });
  const placed = (picture: RgbFrame, frame: number) => {
    const face = truth.frame(frame).face;
    if (!face) throw new TypeError(`Frame ${frame} shows no face.`);
    return patchOf(picture, face.landmarks, size, frame);
  };
  const frames = Array.from({ length: to - from }, (_, k) => from + k);
  let truths: readonly Float32Array[] | undefined;
  return {
    size,
    plates: frames.map((frame) => placed(truth.renderWorn(frame), frame)),
    get truths() {
      truths ??= frames.map((frame) => placed(truth.renderClean(frame), frame).rgb);
      return truths;
    },
  };
}

/** The stills of the sample's actor, 512 pixels a side: all four, or the first so many. */
export async function stillsOfActor(count?: number): Promise<StillPatch[]> {
  return (await sampleStills(count)).map(({ name, picture, landmarks }) => {
    const { size, rgb, landmarks: placed } = patchOf(picture, landmarks, 512, 0);
    return { name, size, rgb, landmarks: placed };
  });
}

/** A picture’s face as a patch of `size`, by its landmarks in picture pixels. */
export function patchOf(picture: RgbFrame, landmarks: Landmarks, size: number, frame: number): FloatPatch {
  const template = PATCH_TEMPLATE.map((v) => v * size);
  const toPatch = fitSimilarity(fivePoints(landmarks), template);
  const placed = transformLandmarks(toPatch, landmarks);
  const plate = plateOf(picture, frame);
  const region = cutRegion(plate, regionUnder(toPatch, size, plate));
  const colour = { tags: {}, transfer: 'rec709', plateHeight: picture.height } as const;
  return {
    frame,
    size,
    rgb: warpBySimilarity(picture, invert(toPatch), size),
    toPatch,
    landmarks: placed,
    light: LIGHT,
    scratches: scratchesUnder(region, { toPatch, landmarks: placed }, colour),
  };
}

const FORMAT = sampleFormat('gbrpf32le');

function plateOf({ width, height, rgb }: RgbFrame, frame: number): Plate {
  const bytes = new Uint8Array(pictureBytes(FORMAT, width, height));
  const planes = planesOf(FORMAT, bytes, width, height);
  FORMAT.planes.forEach(({ component }, k) => {
    const from = 'RGB'.indexOf(component) * width * height;
    planes[k]?.samples.set(rgb.subarray(from, from + width * height));
  });
  return { frame, format: FORMAT, width, height, bytes };
}

/** The window of patch `at`, at most `reach` frames to either side. */
export function windowAt(plates: readonly FloatPatch[], at: number, reach = 5): FloatWindow {
  return {
    centre: plates[at] as FloatPatch,
    before: plates.slice(Math.max(0, at - reach), at).reverse(),
    after: plates.slice(at + 1, at + 1 + reach),
  };
}

const insides = new WeakMap<FloatPatch, Float32Array>();

/** Where a face is compared with its truth: `Float32Array` of size², 1 inside, drawn in by a tenth of the eyes' distance. */
export function insideFace(patch: FloatPatch): Float32Array {
  const known = insides.get(patch) ?? drawnInside(patch);
  insides.set(patch, known);
  return known;
}

function drawnInside({ landmarks, size }: FloatPatch): Float32Array {
  const outline = faceOutline(landmarks);
  const margin = 0.1 * interOcular(fivePoints(landmarks));
  return Float32Array.from({ length: size * size }, (_, i) => {
    return insideDistance(outline, (i % size) + 0.5, Math.floor(i / size) + 0.5) > margin ? 1 : 0;
  });
}

/** Decibels of one picture against another inside the face. */
export function decibels(picture: Float32Array, truth: Float32Array, face: Float32Array): number {
  return psnr(picture, truth, { mask: face });
}

import type { RgbFrame } from '../../samples/rgb-frame.ts';
import type { Crop } from '../../src/face/crop.ts';
import { type Embedding, similarity } from '../../src/face/embedding.ts';
import { eyeOpenings, type Landmarks, mouthOpening } from '../../src/face/landmarks.ts';
import { applyX, applyY, type Similarity } from '../../src/face/similarity.ts';
import type { Plate } from '../../src/film/plate.ts';
import { differingOutside } from '../../src/metrics/fidelity.ts';
import { flickerIndex, flickerMeter } from '../../src/metrics/flicker.ts';
import { gaussianBlur } from '../../src/motion/gaussian.ts';
import type { Luma } from '../../src/motion/luma.ts';
import { decoded } from '../e2e/decoded.ts';
import { readMattes } from '../e2e/mattes.ts';
import { faceLuma, PATCH, patchToPlate, steadyFace } from './face-space.ts';
import {
  type OpeningParts,
  type OpeningReader,
  openingParts,
  openingReader,
  type PartPlaces,
  partPlaces,
} from './opening-picture.ts';
import { decibels, lumaOfFrame, type PictureScore, pictureScore, rgbOfPlate } from './picture-score.ts';
import type { Clip } from './restore-clips.ts';
import { type GrainFigures, grainMeter } from './restore-grain.ts';
import type { Viewer } from './restore-viewer.ts';
import { together } from './together.ts';
import { type TruthRegions, truthRegions } from './truth-regions.ts';

/** What a version of a clip (its plate, its ceiling, an output) is like inside the face, against the clean truth. */
export interface Score {
  /** Decibels over all frames together; mean SSIM. */
  readonly face: number;
  readonly eyes: number;
  readonly mouth: number;
  readonly ssim: number;
  /** Of the face, frame by frame, dB. */
  readonly byFrame: readonly number[];
  /** HF2-LP of the error in face space: shading that flickers where the truth does not, 8-bit levels. */
  readonly errorFlicker: number;
  /** Temporal flicker index of the face's mean luma, %. */
  readonly tfi: number;
  /** The face's mean luma, frame by frame, 0 … 1. */
  readonly luma: readonly number[];
  /** Openings as the picture tells them, frame by frame, over inter-ocular distance; of both eyes the mean. */
  readonly mouthOpening: readonly number[];
  readonly eyeOpening: readonly number[];
  /** The same as FaceMesh sees them. */
  readonly network: { readonly mouthOpening: readonly number[]; readonly eyeOpening: readonly number[] };
  readonly grain: GrainFigures;
  /** Mean cosine to the likeness of the stills. */
  readonly similarity: number;
}

/** How an output differs from what it was made of. */
export interface Touched {
  /** Frames that have a matte. */
  readonly restored: number;
  /** Samples outside the mattes that are not the same bits. */
  readonly differingOutside: number;
}

/** Compares versions of one clip with its truth, all by the same regions, crops and patches. */
export interface Judge {
  score(folder: string): Promise<Score>;
  /** `mattes` is the folder of the run's mattes. */
  touched(before: string, after: string, mattes: string): Promise<Touched>;
}

/** Faces are recognised on every third frame: neighbours look alike. */
const RECOGNISED_EVERY = 3;

/** Pixels around dirt in which grain is not read. */
const AROUND_DIRT = 4;

interface FrameFacts {
  readonly regions: TruthRegions;
  readonly toPlate: Similarity;
  /** Absent where no network looks. */
  readonly crop: Crop | undefined;
  readonly box: Box;
  /** Where grain is read: one entry a pixel of the box. */
  readonly flat: Uint8Array;
}

/** Where parts of the face are cut out, and how their openings are read. */
interface OpeningJudge {
  readonly places: PartPlaces;
  readonly read: OpeningReader;
}

/** `looks`: whether networks look at versions, too, which is most of the judge's time; else what they would say is NaN or empty. */
export async function openJudge(clip: Clip, viewer: Viewer, looks: boolean): Promise<Judge> {
  const { truth, folders } = clip;
  const frames = Array.from({ length: truth.frames }, (_, frame) => frame);
  const steady = steadyFace(truth, frames);
  const likeness = looks ? await viewer.likenessOfStills(clip.stills.paths) : null;
  const crops = looks ? await viewer.crops(picturesOf(folders.clean)) : [];
  const facts: FrameFacts[] = [];
  const places = partPlaces(truth);
  const parts: OpeningParts[] = [];
  for await (const [clean, ceiling] of together([folders.clean, folders.ceiling])) {
    const frame = facts.length;
    const regions = truthRegions(truth, frame);
    const toPlate = patchToPlate(truth, frame);
    if (!regions || !toPlate || !clean || !ceiling) throw new Error(`${clip.name}: frame ${frame} shows no face.`);
    const box = boxOf(regions.face, truth.width, truth.height);
    const flat = flatPart(cropped(clean, box), cropped(ceiling, box), regions.face, clip.dirt[frame], box, truth.width);
    facts.push({ regions, toPlate, crop: crops[frame], box, flat });
    parts.push(openingParts(places, frame, rgbOfPlate(clean), meanLuma(rgbOfPlate(clean), regions.face)));
  }
  const read = openingReader(truth, parts);
  const openings: OpeningJudge = { places, read };

  return {
    score: (folder) => scoreOf(folder, clip, facts, steady, openings, likeness, viewer),
    async touched(before, after, mattes) {
      const known = await readMattes(mattes);
      let differing = 0;
      let frame = 0;
      for await (const [old, now] of together([before, after])) {
        const matte = known.get(truth.first + frame) ?? null;
        differing += differingOutside(old as Plate, now as Plate, matte);
        frame += 1;
      }
      return { restored: known.size, differingOutside: differing };
    },
  };
}

async function scoreOf(
  folder: string,
  { folders }: Clip,
  facts: readonly FrameFacts[],
  steady: Uint8Array,
  { places, read }: OpeningJudge,
  likeness: Embedding | null,
  viewer: Viewer,
): Promise<Score> {
  const pictures: PictureScore[] = [];
  const flicker = flickerMeter(PATCH, steady);
  const grain = grainMeter();
  const luma: number[] = [];
  const seen: Landmarks[] = [];
  const parts: OpeningParts[] = [];
  const cosines: number[] = [];
  for await (const plates of together([folder, folders.clean, folders.ceiling])) {
    const frame = pictures.length;
    const { regions, toPlate, crop, box, flat } = facts[frame] as FrameFacts;
    const [picture, clean, ceiling] = plates.map(rgbOfPlate) as [RgbFrame, RgbFrame, RgbFrame];
    pictures.push(pictureScore(picture, clean, regions));
    const there = faceLuma(clean, toPlate);
    flicker.push(faceLuma(picture, toPlate).map((v, i) => v - (there[i] as number)));
    parts.push(openingParts(places, frame, picture, meanLuma(picture, regions.face)));
    luma.push(meanLuma(picture, regions.face));
    const blurred = lumaIn(ceiling, box);
    const difference = subtracted(lumaIn(picture, box), blurred);
    grain.push(difference, subtracted(lumaIn(clean, box), blurred), flat, (residue) =>
      onPatch(residue, flat, box, toPlate),
    );
    if (!likeness || !crop) continue;
    const landmarks = await viewer.landmarks(picture, crop);
    seen.push(landmarks);
    if (frame % RECOGNISED_EVERY === 0) cosines.push(similarity(await viewer.likeness(picture, landmarks), likeness));
  }
  const { mouth, eyes } = read(parts);
  const of = (region: 'face' | 'eyes' | 'mouth') => decibels(pictures.map((picture) => picture[region]));
  return {
    face: of('face'),
    eyes: of('eyes'),
    mouth: of('mouth'),
    ssim: mean(pictures.map((picture) => picture.ssim)),
    byFrame: pictures.map((picture) => decibels([picture.face])),
    errorFlicker: flicker.read().hf2LowPass,
    tfi: flickerIndex(luma),
    luma,
    mouthOpening: mouth,
    eyeOpening: eyes,
    network: {
      mouthOpening: seen.map(mouthOpening),
      eyeOpening: seen.map((landmarks) => mean(eyeOpenings(landmarks))),
    },
    grain: grain.read(),
    similarity: mean(cosines),
  };
}

async function* picturesOf(folder: string): AsyncGenerator<RgbFrame> {
  for await (const plate of decoded(folder)) yield rgbOfPlate(plate);
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Wider than the face by what the widest Gaussian of the grain meter reaches. */
const MARGIN = 14;

function boxOf(mask: Uint8Array, width: number, height: number): Box {
  let [left, top, right, bottom] = [width, height, 0, 0];
  for (let i = 0; i < mask.length; i++) {
    if (mask[i] === 0) continue;
    const x = i % width;
    const y = Math.floor(i / width);
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  const x = Math.max(0, left - MARGIN);
  const y = Math.max(0, top - MARGIN);
  return { x, y, width: Math.min(width, right + MARGIN + 1) - x, height: Math.min(height, bottom + MARGIN + 1) - y };
}

const cropped = (plate: Plate, box: Box): Luma => lumaIn(rgbOfPlate(plate), box);

function lumaIn(frame: RgbFrame, box: Box): Luma {
  const { width, samples } = lumaOfFrame(frame);
  return { width: box.width, height: box.height, samples: Float32Array.from(cutOut(samples, width, box)) };
}

function cutOut<T extends Float32Array | Uint8Array>(samples: T, width: number, box: Box): T {
  const out = samples.slice(0, box.width * box.height) as T;
  for (let y = 0; y < box.height; y++) {
    const start = (box.y + y) * width + box.x;
    out.set(samples.subarray(start, start + box.width), y * box.width);
  }
  return out;
}

/**
 * Where only grain tells plate and ceiling apart, and a restorer has nothing to add: the half of the face in which the blur changed
 * the truth least, away from dirt. One entry a pixel of the box.
 */
function flatPart(
  clean: Luma,
  ceiling: Luma,
  face: Uint8Array,
  dirt: Uint8Array | undefined,
  box: Box,
  width: number,
): Uint8Array {
  const lost = gaussianBlur({ ...clean, samples: subtracted(clean, ceiling).samples.map(Math.abs) }, 2).samples;
  const inside = cutOut(face, width, box);
  if (dirt) {
    const dirty = { ...clean, samples: Float32Array.from(cutOut(dirt, width, box)) };
    const near = gaussianBlur(dirty, AROUND_DIRT / 3).samples;
    for (let i = 0; i < inside.length; i++) if ((near[i] as number) > 1e-4) inside[i] = 0;
  }
  const sorted = lost.filter((_, i) => inside[i] === 1).sort();
  const limit = sorted[sorted.length >> 1] ?? 0;
  return inside.map((v, i) => (v === 1 && (lost[i] as number) <= limit ? 1 : 0));
}

function subtracted(a: Luma, b: Luma): Luma {
  return { ...a, samples: a.samples.map((v, i) => v - (b.samples[i] as number)) };
}

/** The box's picture in the face's patch, to the nearest pixel; NaN where it is not flat. */
function onPatch(picture: Luma, flat: Uint8Array, box: Box, toPlate: Similarity): Float32Array {
  return Float32Array.from({ length: PATCH * PATCH }, (_, i) => {
    const u = (i % PATCH) + 0.5;
    const v = Math.floor(i / PATCH) + 0.5;
    const x = Math.floor(applyX(toPlate, u, v)) - box.x;
    const y = Math.floor(applyY(toPlate, u, v)) - box.y;
    if (x < 0 || y < 0 || x >= box.width || y >= box.height || flat[y * box.width + x] === 0) return Number.NaN;
    return picture.samples[y * box.width + x] as number;
  });
}

function meanLuma(frame: RgbFrame, mask: Uint8Array): number {
  const { samples } = lumaOfFrame(frame);
  let sum = 0;
  let count = 0;
  for (let i = 0; i < mask.length; i++) {
    if (mask[i] === 0) continue;
    sum += samples[i] as number;
    count += 1;
  }
  return sum / count;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

import { execFile } from 'node:child_process';
import { copyFile, mkdir, readdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import type { FaceTruth, ReelTruth } from '../../samples/reel-truth.ts';
import type { RgbFrame } from '../../samples/rgb-frame.ts';
import { eyeOpenings, fivePoints, interOcular, type Landmarks, mouthOpening } from '../../src/face/landmarks.ts';
import type { Plate } from '../../src/film/plate.ts';
import { findFfmpeg } from '../../src/media/ffmpeg/ffmpeg.ts';
import { stillFiles } from '../../src/pipeline/stills/read-still.ts';
import { allDecoded } from '../e2e/decoded.ts';
import { type Damage, gateAt, throughGate } from './damage.ts';
import { rgbOfPlate } from './picture-score.ts';
import type { Viewer } from './restore-viewer.ts';

/** A part of a real clip that serves as truth, and stills of the same person from elsewhere in it. Frames count from 0. */
export interface FootagePlan {
  readonly path: string;
  readonly in: number;
  readonly frames: number;
  /** The part of the picture that the clip shows: left, top, width, height, pixels. */
  readonly part: readonly [number, number, number, number];
  /** How many times it is enlarged, Lanczos. */
  readonly enlarged: number;
  /** Frames of the same footage away from the clip, or a folder of pictures. */
  readonly stills: readonly number[] | string;
}

const run = promisify(execFile);

/**
 * Real footage in the shape of the sample reel's truth: clean frames that weave and breathe with the gate, and landmarks that
 * FaceMesh finds on them (not true ones, but the same for all that is compared).
 */
export async function openFootageTruth(
  plan: FootagePlan,
  folder: string,
  viewer: Viewer,
  damage: Damage,
  seed: number,
): Promise<ReelTruth> {
  await mkdir(folder, { recursive: true });
  const movie = join(folder, 'clean.mkv');
  const last = plan.in + plan.frames - 1;
  await upscale(plan, `between(n,${plan.in},${last})`, 'gbrp10le', ['-c:v', 'ffv1', movie]);
  const plates = await allDecoded(movie);
  if (plates.length !== plan.frames) throw new Error(`"${plan.path}" has no frame ${last}.`);
  const { width, height } = plates[0] as Plate;
  const clean = (frame: number): RgbFrame =>
    throughGate(rgbOfPlate(plates[frame] as Plate), gateAt(frame, damage, seed));
  const crops = await viewer.crops(plates.map((_, frame) => clean(frame)));
  const faces: FaceTruth[] = [];
  for (const [frame, crop] of crops.entries()) faces.push(faceTruth(await viewer.landmarks(clean(frame), crop)));
  return {
    width,
    height,
    frames: plan.frames,
    first: 1001,
    rate: 24,
    shots: [{ index: 0, kind: 'talking', in: 0, out: plan.frames }],
    cuts: [],
    flashes: [],
    frame(frame) {
      const { shift, exposure } = gateAt(frame, damage, seed);
      return { frame, shot: 0, face: faces[frame] ?? null, exposure, flash: 0, weave: shift };
    },
    renderClean: clean,
    renderWorn: () => {
      throw new Error('Unreachable: footage is worn by the damage of the bench.');
    },
    occluder: () => null,
  };
}

/** Writes the plan's stills into `folder`, made anew; gives their paths in the order of the plan. */
export async function cutStills(plan: FootagePlan, folder: string): Promise<string[]> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  if (typeof plan.stills === 'string') {
    const files = await stillFiles([plan.stills]);
    for (const file of files) await copyFile(file, join(folder, basename(file)));
    return files.map((file) => join(folder, basename(file)));
  }
  const chosen = plan.stills.map((frame) => `eq(n,${frame})`).join('+');
  await upscale(plan, chosen, 'rgb24', [join(folder, 'still.%02d.png')]);
  return (await readdir(folder)).sort().map((name) => join(folder, name));
}

async function upscale(plan: FootagePlan, frames: string, format: string, output: readonly string[]): Promise<void> {
  const { ffmpeg, passthrough } = await findFfmpeg();
  const [x, y, width, height] = plan.part;
  const { enlarged } = plan;
  const filter = [
    `select='${frames}'`,
    `crop=${width}:${height}:${x}:${y}`,
    `scale=${enlarged * width}:${enlarged * height}:flags=lanczos+accurate_rnd+full_chroma_int`,
    `format=${format}`,
  ].join(',');
  await run(ffmpeg, [
    '-v',
    'error',
    '-nostdin',
    '-y',
    '-i',
    plan.path,
    '-an',
    '-vf',
    filter,
    ...passthrough,
    ...output,
  ]);
}

function faceTruth(landmarks: Landmarks): FaceTruth {
  const five = fivePoints(landmarks);
  const iod = interOcular(five);
  return {
    landmarks,
    five,
    iod,
    frontalIod: iod,
    mouth: mouthOpening(landmarks),
    eyes: eyeOpenings(landmarks),
    hidden: 0,
    yaw: 0,
  };
}

import { bytesOf } from '../../samples/rgb-frame.ts';
import { liftPatch } from '../../src/compute/cpu/plate/lift.ts';
import { scratchesUnder } from '../../src/compute/cpu/scratch/scratches-under.ts';
import { measureLight, smoothLight } from '../../src/face/light.ts';
import type { Light } from '../../src/face/observation.ts';
import { PATCH_TEMPLATE } from '../../src/face/patch.ts';
import { fitSimilarity, transformLandmarks } from '../../src/face/similarity.ts';
import { readStill } from '../../src/pipeline/stills/read-still.ts';
import { stillPatch } from '../../src/pipeline/stills/stills-to-paint.ts';
import { openDetail } from '../../src/restore/detail.ts';
import { openRepair } from '../../src/restore/repair.ts';
import type { Restorer } from '../../src/restore/restorer.ts';
import { RESTORERS } from '../../src/restore/restorers.ts';
import type { StillPatch } from '../../src/restore/stills/still-patch.ts';
import { loadPreset } from '../../src/settings/preset.ts';
import { decoded } from '../e2e/decoded.ts';
import { type FloatPatch, onFloats } from '../restore/on-floats.ts';
import { rgbOfPlate } from './picture-score.ts';
import type { Clip } from './restore-clips.ts';
import type { Viewer } from './restore-viewer.ts';

/** Processor time of restoring one face in one frame on one thread, lifting and comping left out. */
export interface FaceCost {
  readonly restorer: string;
  readonly stills: number;
  /** Side of the patch, pixels. */
  readonly size: number;
  /** Milliseconds, over the frames that were timed. */
  readonly median: number;
  readonly least: number;
}

/** Frames that are timed after the first, which also prepares what its neighbours share and the stills. */
const TIMED = 7;

/** Times `repair` and `detail` with a growing number of stills and patches of growing size, as the default preset sets them. */
export async function faceCosts(clip: Clip, viewer: Viewer): Promise<FaceCost[]> {
  const preset = await loadPreset('restore', RESTORERS);
  const costs: FaceCost[] = [];
  for (const size of [256, 512]) {
    const patches = await patchesOf(clip, size, 2 * preset.repair.window + 1 + TIMED);
    const stills = await stillsOf(clip, size, viewer);
    costs.push(await costOf(openRepair(preset.repair), 0, patches));
    for (const count of new Set([1, 4, stills.length])) {
      const restorer = openDetail(stills.slice(0, count), { ...preset.repair, ...preset.detail, stills: count });
      costs.push(await costOf(restorer, count, patches));
    }
  }
  return costs;
}

/** Most milliseconds a face and frame at 256², by restorer and stills. */
const GOALS = [
  { restorer: 'repair', stills: 0, most: 250 },
  { restorer: 'detail', stills: 4, most: 400 },
] as const;

/** Goals of cost that are missed, as sentences. */
export function tooDear(costs: readonly FaceCost[]): string[] {
  return costs.flatMap(({ restorer, stills, size, median }) => {
    const goal = GOALS.find((one) => one.restorer === restorer && one.stills === stills);
    if (!goal || size !== 256 || median <= goal.most) return [];
    return [`${restorer} with ${stills} stills takes ${Math.round(median)} ms at 256², the goal is ≤ ${goal.most} ms.`];
  });
}

async function costOf(opened: Restorer, stills: number, patches: readonly FloatPatch[]): Promise<FaceCost> {
  const restorer = onFloats(opened);
  const { window, name } = restorer;
  const times: number[] = [];
  for (let t = window; t + window < patches.length; t++) {
    const before = patches.slice(t - window, t).reverse();
    const after = patches.slice(t + 1, t + 1 + window);
    const started = process.cpuUsage();
    await restorer.restore({ centre: patches[t] as FloatPatch, before, after });
    const { user, system } = process.cpuUsage(started);
    times.push((user + system) / 1000);
  }
  const sorted = times.slice(1).sort((a, b) => a - b);
  const size = patches[0]?.size ?? 0;
  return {
    restorer: name,
    stills,
    size,
    median: sorted[sorted.length >> 1] ?? Number.NaN,
    least: sorted[0] ?? Number.NaN,
  };
}

async function patchesOf({ truth, folders }: Clip, size: number, count: number): Promise<FloatPatch[]> {
  const patches: FloatPatch[] = [];
  for await (const plate of decoded(folders.plate)) {
    const frame = patches.length;
    const face = truth.frame(frame).face;
    // Read to its end: a decoder that is cut off complains.
    if (!face || frame === count) continue;
    const toPatch = fitSimilarity(
      face.five,
      PATCH_TEMPLATE.map((v) => v * size),
    );
    const { width, height, format, bytes } = plate;
    const region = { roi: { x: 0, y: 0, width, height }, format, bytes };
    const picture = { width, height, rgb: bytesOf(rgbOfPlate(plate)) };
    const colour = { tags: {}, transfer: 'rec709', plateHeight: height } as const;
    const landmarks = transformLandmarks(toPatch, face.landmarks);
    patches.push({
      frame,
      size,
      rgb: liftPatch(region, { size, toPatch, colour }),
      toPatch,
      landmarks,
      light: smoothLight([measureLight(picture, face.landmarks)], 0)[0] as Light,
      scratches: scratchesUnder(region, { toPatch, landmarks }, colour),
    });
  }
  return patches;
}

async function stillsOf({ stills }: Clip, size: number, viewer: Viewer): Promise<StillPatch[]> {
  const patches: StillPatch[] = [];
  for (const path of stills.paths) {
    const picture = await readStill(path);
    patches.push(stillPatch({ name: path, picture, landmarks: await viewer.face(picture, path) }, size));
  }
  return patches;
}

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ShotKind } from '../../samples/acting.ts';
import { makeStills } from '../../samples/make-stills.ts';
import { openReelTruth, type ReelTruth } from '../../samples/reel-truth.ts';
import { codesOf, planesOfCodes, type RgbFrame } from '../../samples/rgb-frame.ts';
import { rational } from '../../src/film/rational.ts';
import { advanceTimecode } from '../../src/film/timecode.ts';
import { dpxColourCodes } from '../../src/media/still/dpx/dpx-colour.ts';
import { writeDpx } from '../../src/media/still/dpx/write-dpx.ts';
import { FOOTAGE } from '../footage.ts';
import { DAMAGES, type Damage, wearerOf } from './damage.ts';
import { cutStills, type FootagePlan, openFootageTruth } from './restore-footage-truth.ts';
import type { Viewer } from './restore-viewer.ts';

/** What a truth clip is made of. */
export interface ClipPlan {
  readonly name: string;
  /** `tune`: parameters may be chosen on it. `report`: they may not. */
  readonly use: 'tune' | 'report';
  readonly seed: number;
  readonly damage: Damage;
  readonly from: { readonly sample: ShotKind; readonly frames: number } | { readonly footage: FootagePlan };
}

/** A clip on disk: three folders of 10-bit DPX with the same file names, and stills. */
export interface Clip {
  readonly name: string;
  readonly use: ClipPlan['use'];
  readonly truth: ReelTruth;
  /** Typical inter-ocular distance, pixels. */
  readonly iod: number;
  /** Standard deviation of the plate's blur, pixels. */
  readonly blur: number;
  /** The truth, clean; the plate, damaged; and the truth blurred as the plate, which is a perfect repair without new detail. */
  readonly folders: { readonly clean: string; readonly plate: string; readonly ceiling: string };
  /** Where dirt and scratches lie on the plate, by frame: width·height, 1 = there. */
  readonly dirt: readonly Uint8Array[];
  /** Folder of all stills, and the one that is used alone. */
  readonly stills: { readonly folder: string; readonly paths: readonly string[]; readonly first: string };
}

const TALKING = join(FOOTAGE, 'talking');

const WEEKLY_ADDRESS: FootagePlan = {
  path: join(TALKING, 'weekly-address.mov'),
  in: 100,
  frames: 24,
  part: [0, 0, 256, 256],
  enlarged: 2,
  stills: [380, 460, 540, 640, 745, 850, 950, 1060],
};

const WEBCAM: FootagePlan = {
  path: join(TALKING, 'webcam.mp4'),
  // The mouth shuts and opens, and the eyes blink.
  in: 408,
  frames: 32,
  part: [72, 35, 256, 256],
  enlarged: 2,
  stills: [20, 40, 66, 95, 115, 138, 160, 185],
};

const { heavy, light } = DAMAGES;

/**
 * One real clip to tune on, one to report; two shots of the sample reel, of which one turns its head. Under heavy damage what is
 * enlarged is soft already, and is blurred more, or there would be no detail to miss.
 */
export const CLIPS: readonly ClipPlan[] = [
  { name: 'sample-talking', use: 'tune', seed: 11, damage: heavy, from: { sample: 'talking', frames: 20 } },
  {
    name: 'weekly-address',
    use: 'tune',
    seed: 12,
    damage: { ...heavy, blur: 0.035 },
    from: { footage: WEEKLY_ADDRESS },
  },
  { name: 'sample-turn', use: 'report', seed: 13, damage: heavy, from: { sample: 'turn', frames: 20 } },
  { name: 'webcam', use: 'report', seed: 14, damage: { ...heavy, blur: 0.05 }, from: { footage: WEBCAM } },
  { name: 'sample-talking-light', use: 'tune', seed: 15, damage: light, from: { sample: 'talking', frames: 20 } },
  { name: 'webcam-light', use: 'report', seed: 16, damage: light, from: { footage: WEBCAM } },
];

/** Makes the clip in `folder`. `frames`, where given, is the most that it has. */
export async function makeClip(plan: ClipPlan, folder: string, viewer: Viewer, frames = Infinity): Promise<Clip> {
  const { truth, paths } = await source(plan, folder, viewer, frames);
  const iods = Array.from({ length: truth.frames }, (_, frame) => truth.frame(frame).face?.frontalIod ?? 0);
  const iod = iods.sort((a, b) => a - b)[iods.length >> 1] as number;
  const wearer = wearerOf(plan.damage, iod, plan.seed);
  const folders = { clean: join(folder, 'clean'), plate: join(folder, 'plate'), ceiling: join(folder, 'ceiling') };
  for (const path of Object.values(folders)) await mkdir(path, { recursive: true });
  const dirt: Uint8Array[] = [];
  for (let frame = 0; frame < truth.frames; frame++) {
    const clean = truth.renderClean(frame);
    const mask = new Uint8Array(truth.width * truth.height);
    const name = `scan.${truth.first + frame}.dpx`;
    const write = (path: string, picture: RgbFrame) =>
      writeFile(join(path, name), dpxOf(picture, name, frame, truth.frames));
    await write(folders.clean, clean);
    await write(folders.plate, wearer.worn(clean, frame, mask));
    await write(folders.ceiling, wearer.blurred(clean, frame));
    dirt.push(mask);
  }
  const stills = { folder: join(folder, 'stills'), paths, first: paths[0] as string };
  const { name, use, damage } = plan;
  return { name, use, truth, iod, blur: damage.blur * iod, folders, dirt, stills };
}

async function source(
  { from, seed, damage }: ClipPlan,
  folder: string,
  viewer: Viewer,
  frames: number,
): Promise<{ truth: ReelTruth; paths: string[] }> {
  const stills = join(folder, 'stills');
  if ('footage' in from) {
    const plan = { ...from.footage, frames: Math.min(frames, from.footage.frames) };
    const truth = await openFootageTruth(plan, folder, viewer, damage, seed);
    return { truth, paths: await cutStills(plan, stills) };
  }
  const { weave, breathing } = damage;
  const truth = await openReelTruth({
    only: from.sample,
    length: Math.min(frames, from.frames),
    seed,
    wear: { weave, breathing },
  });
  return { truth, paths: await makeStills(stills) };
}

function dpxOf(picture: RgbFrame, fileName: string, position: number, length: number): Buffer {
  const { width, height } = picture;
  const rate = rational(24);
  return writeDpx(
    { width, height, bits: 10, planes: planesOfCodes(codesOf(picture, 10)) },
    {
      ...dpxColourCodes({ primaries: 'bt709', transfer: 'bt709' }, 'rec709'),
      ...{ fileName, source: fileName, position, length, rate },
      creator: 'Reelmend bench',
      project: 'truth clip',
      timecode: advanceTimecode('01:00:00:00', position, rate) ?? undefined,
    },
  );
}

import type { Reel } from '../../film/reel.ts';
import type { Ffmpeg } from '../../media/ffmpeg/ffmpeg.ts';
import { openFolderTarget } from '../../media/write/folder/folder-target.ts';
import { frameFormat } from '../../media/write/frames/frame-format.ts';
import { assertConvertible, openFramesTarget } from '../../media/write/frames/frames-target.ts';
import { openMovieTarget } from '../../media/write/movie/movie-target.ts';
import type { Target } from '../../media/write/target.ts';
import { PresetError } from '../../settings/preset-error.ts';
import type { ReelAnalysis } from '../analysis/reel-analysis.ts';
import { mattes as matteFiles } from '../handover/mattes.ts';
import { patches as patchFiles } from '../handover/patches.ts';
import type { SideOutput } from '../handover/side-output.ts';
import type { RenderJob, RestoreJob } from '../job.ts';
import { declareRestorers } from './declaring.ts';
import { assertApart, assertBesideApart, outputKind } from './output-kind.ts';
import type { OutputPlace } from './output-life.ts';

/** Where a job writes to. */
export function placeOf(job: RenderJob & Pick<Partial<RestoreJob>, 'report'>): OutputPlace {
  const { out, report, tracks, keepWork, redo } = job;
  return { out, work: workOf(out), report: report ?? `${out}.report`, sides: sidesOf(job), tracks, keepWork, redo };
}

/** The files beside a job's output. */
function sidesOf({ mattes, patches, patchAlpha }: RenderJob): SideOutput[] {
  return [
    ...(mattes === undefined ? [] : [matteFiles(mattes)]),
    ...(patches === undefined ? [] : [patchFiles(patches, patchAlpha)]),
  ];
}

function workOf(out: string): string {
  return `${out}.work`;
}

/** What of a job says how its output is written. */
type Delivery = Pick<RenderJob, 'codec' | 'as' | 'startNumber' | 'declare'>;

/**
 * The target of a job's output.
 *
 * @param place.untouched true where no face is restored
 */
export async function openTarget(
  { codec, as, startNumber, declare }: Delivery,
  { reel, range }: Pick<ReelAnalysis, 'reel' | 'range'>,
  { out, work, untouched }: OutputPlace & { readonly untouched: boolean },
  ffmpeg: Ffmpeg,
): Promise<Target> {
  const declaring = declare ? declareRestorers : undefined;
  if (outputKind(out) === 'movie') return openMovieTarget(reel, { out, range, codec, untouched, declaring }, ffmpeg);
  if (as) {
    const frames = { out, work, range, format: frameFormat(as), start: startNumber, declaring };
    return openFramesTarget(reel, frames, ffmpeg);
  }
  if (reel.kind === 'movie') throw new Error('Unreachable: a movie is not restored to a folder.');
  return openFolderTarget(reel, { out, work, range, declaring });
}

/** Refuses outputs that cannot be written, before anything costs time. @throws PresetError, ReelError */
export async function assertTargetFits(
  job: RenderJob & Pick<Partial<RestoreJob>, 'mastersFolder'>,
  reel: Reel,
): Promise<void> {
  const { out, codec, as, mattes, patches, tracks, mastersFolder } = job;
  await assertApart(reel, out);
  await assertBesideApart(
    reel,
    { out, work: workOf(out) },
    { '--mattes': mattes, '--patches': patches, '--tracks': tracks, '--masters': mastersFolder },
  );
  if (outputKind(out) === 'movie') {
    if (as) {
      throw new PresetError(
        `--as ${as}: "${out}" is a movie, and --as says how a folder of frames is written. Give a folder as --out, or leave --as out.`,
        { file: '--as', expected: 'a folder as --out', got: out },
      );
    }
    return;
  }
  if (codec) {
    throw new PresetError(
      `--codec ${codec}: "${out}" is a folder of frames, which ${as ? '--as says the kind of' : "keeps the source's own kind"}. Leave --codec out, or give a movie as --out.`,
      { file: '--codec', expected: 'a movie as --out', got: out },
    );
  }
  if (as) {
    assertConvertible(reel, frameFormat(as));
    return;
  }
  if (reel.kind === 'movie') {
    throw new PresetError(
      `--out "${out}" is a folder, but "${reel.path}" is a movie: its ${reel.format.name} samples cannot be held by stills without a conversion. Add --as dpx, tiff or exr for frames of RGB, or give a .mkv for a lossless output, or .mov or .mp4.`,
      { file: '--out', expected: 'a .mkv, .mov or .mp4 file, or --as', got: out },
    );
  }
}

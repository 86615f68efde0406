import type { Reel } from '../../film/reel.ts';
import type { Ffmpeg } from '../../media/ffmpeg/ffmpeg.ts';
import { openFolderTarget } from '../../media/write/folder-target.ts';
import { openMovieTarget } from '../../media/write/movie-target.ts';
import type { Target } from '../../media/write/target.ts';
import { PresetError } from '../../settings/preset-error.ts';
import type { ReelAnalysis } from '../analysis/reel-analysis.ts';
import type { RenderJob, RestoreJob } from '../job.ts';
import { assertApart, outputKind } from './output-kind.ts';
import type { OutputPlace } from './output-life.ts';

/** Where a job writes to. */
export function placeOf({
  out,
  report,
  mattes,
  keepWork,
  redo,
}: RenderJob & Pick<Partial<RestoreJob>, 'report'>): OutputPlace {
  return { out, work: `${out}.work`, report: report ?? `${out}.report`, mattes, keepWork, redo };
}

/**
 * The target of a job's output.
 *
 * @param place.untouched true where no face is restored
 */
export async function openTarget(
  { codec }: Pick<RenderJob, 'codec'>,
  { reel, range }: Pick<ReelAnalysis, 'reel' | 'range'>,
  { out, work, untouched }: OutputPlace & { readonly untouched: boolean },
  ffmpeg: Ffmpeg,
): Promise<Target> {
  if (outputKind(out) === 'movie') return openMovieTarget(reel, { out, range, codec, untouched }, ffmpeg);
  if (reel.kind === 'movie') throw new Error('Unreachable: a movie is not restored to a folder.');
  return openFolderTarget(reel, { out, work, range });
}

/** Refuses outputs that cannot be written, before anything costs time. @throws PresetError */
export async function assertTargetFits({ out, codec }: Pick<RenderJob, 'out' | 'codec'>, reel: Reel): Promise<void> {
  await assertApart(reel, out);
  if (outputKind(out) === 'movie') return;
  if (reel.kind === 'movie') {
    throw new PresetError(
      `--out "${out}" is a folder, but "${reel.path}" is a movie: its ${reel.format.name} samples cannot be held by stills without loss. Give a .mkv for a lossless output, or .mov or .mp4.`,
      { file: '--out', expected: 'a .mkv, .mov or .mp4 file', got: out },
    );
  }
  if (codec) {
    throw new PresetError(
      `--codec ${codec}: "${out}" is a folder of frames, which keeps the source's own kind. Leave --codec out, or give a movie as --out.`,
      { file: '--codec', expected: 'a movie as --out', got: out },
    );
  }
}

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../../src/cli/run.ts';
import { PATCH_INTER_OCULAR, trackPatchSize } from '../../src/face/patch.ts';
import { median } from '../../src/motion/quantile.ts';
import { type Report, reportSchema } from '../../src/report/report.ts';
import { type TracksFile, tracksFileSchema } from '../../src/report/tracks-file.ts';

/** One way of restoring a clip. */
export interface RunPlan {
  readonly name: string;
  readonly restorer: string;
  readonly stills: 'one' | 'all';
  /** What is restored: the damaged plate, or the clean truth, which should be left alone. */
  readonly of: 'plate' | 'clean';
  /** Further flags. */
  readonly flags: readonly string[];
  /** The run of `repair` that it must be no worse than; absent: none. */
  readonly beside?: string;
}

const NO_GRAIN = ['--grain', 'none'] as const;

/** Pictures are compared without grain, which is put back and costs decibels, and once with it, as people get it. */
export const RUNS: readonly RunPlan[] = [
  { name: 'replace', restorer: 'replace', stills: 'all', of: 'plate', flags: [] },
  { name: 'repair', restorer: 'repair', stills: 'all', of: 'plate', flags: NO_GRAIN },
  { name: 'detail, one still', restorer: 'detail', stills: 'one', of: 'plate', flags: NO_GRAIN, beside: 'repair' },
  { name: 'detail, all stills', restorer: 'detail', stills: 'all', of: 'plate', flags: NO_GRAIN, beside: 'repair' },
  { name: 'repair, grained', restorer: 'repair', stills: 'all', of: 'plate', flags: [] },
  { name: 'detail, grained', restorer: 'detail', stills: 'all', of: 'plate', flags: [], beside: 'repair, grained' },
  { name: 'repair of clean', restorer: 'repair', stills: 'all', of: 'clean', flags: [] },
  { name: 'detail of clean', restorer: 'detail', stills: 'all', of: 'clean', flags: [] },
];

/** Those to look at one thing by. */
export const QUICK_RUNS: readonly string[] = ['repair', 'detail, all stills'];

/** What a run left. */
export interface Ran {
  readonly out: string;
  readonly mattes: string;
  readonly report: Report;
  /** Standard deviation of the plate's blur over the stills' as the report has it, plate pixels; null where it read none. */
  readonly blur: number | null;
  /** Processor time of the rendering stage, this process and its threads without ffmpeg's, seconds: lifting, restoring, comping. */
  readonly processor: number;
}

/** Restores `reel` as the command line does. Gives the command's sentence where it refuses. */
export async function restored(
  reel: string,
  out: string,
  { restorer, flags }: Pick<RunPlan, 'restorer' | 'flags'>,
  reference: string,
): Promise<Ran | string> {
  const mattes = `${out}.mattes`;
  const places = ['--out', out, '--mattes', mattes, '--report', `${out}.report`];
  const { said, processor } = await command(
    ['restore', reel, ...places, '--reference', reference, '--restorer', restorer, ...flags],
    'Restoring',
  );
  if (said !== null) return said;
  const report = reportSchema.parse(JSON.parse(await readFile(join(`${out}.report`, 'report.json'), 'utf8')));
  const tracks = tracksFileSchema.parse(JSON.parse(await readFile(join(`${out}.report`, 'tracks.json'), 'utf8')));
  return { out, mattes, report, blur: blurRead(report, tracks), processor };
}

/** The report's figure is in pixels of a patch; that of the longest track is told. */
function blurRead({ faces }: Report, { tracks }: TracksFile): number | null {
  const [longest] = [...tracks].sort((a, b) => b.observations.length - a.observations.length);
  const blur = longest && faces[longest.id]?.blur;
  if (!longest || blur === null || blur === undefined) return null;
  const distances = longest.observations.map(({ five: [x0 = 0, y0 = 0, x1 = 0, y1 = 0] }) =>
    Math.hypot(x1 - x0, y1 - y0),
  );
  return (blur * median(distances)) / (PATCH_INTER_OCULAR * trackPatchSize(Math.max(...distances)));
}

/** Looks at the reel once, so that what is timed afterwards makes no inference on it. */
export async function lookAt(reel: string): Promise<void> {
  const { said } = await command(['inspect', reel, '--json', '--quiet'], '');
  if (said !== null) throw new Error(said);
}

/**
 * Runs a command in this process. `said` is null where it ended well, else its last line; `processor` the seconds of processor
 * time between the first progress line that starts with `stage` and the first of another stage after it.
 */
async function command(args: readonly string[], stage: string): Promise<{ said: string | null; processor: number }> {
  const lines: string[] = [];
  let from: NodeJS.CpuUsage | undefined;
  let spent: NodeJS.CpuUsage | undefined;
  const io = {
    stdout: { write: () => true },
    stderr: {
      write: (text: string) => {
        lines.push(text);
        const isStage = text.startsWith(stage);
        if (isStage) from ??= process.cpuUsage();
        else if (from) spent ??= process.cpuUsage(from);
        return true;
      },
    },
    signal: new AbortController().signal,
  };
  const code = await run(args, io);
  const failed = code !== 0 && code !== 3;
  const { user, system } = spent ?? { user: Number.NaN, system: Number.NaN };
  return {
    said: failed ? (lines.join('').trim().split('\n').at(-1) ?? `It ended with code ${code}.`) : null,
    processor: (user + system) / 1e6,
  };
}

import { frameTimecode } from '../../film/reel.ts';
import type { Output } from '../../media/write/target.ts';
import type { Report } from '../../report/report.ts';
import type { ReelAnalysis } from '../analysis/reel-analysis.ts';
import type { RestoreJob } from '../job.ts';
import type { FieldName } from '../request/field-name.ts';
import type { RunOptions } from '../run-options.ts';
import { outputKind } from '../work/output-kind.ts';
import { type MasterSummary, masterJob } from './master.ts';
import { type MasterRequest, parseMaster } from './master-request.ts';
import { presetsOf } from './plan-masters.ts';

/** What became of the masters that a run was asked for. */
export interface MastersOfRun {
  readonly masters: NonNullable<Report['masters']>;
  /** What a person should know of them, as sentences. */
  readonly notes: readonly string[];
}

/** Whether the masters that a run is asked for can be read. @throws PresetError, UsageError */
export async function assertMasters(job: Asked): Promise<void> {
  if (job.masters.length > 0) await presetsOf(parseMaster(requestOf(job), FIELDS));
}

/**
 * Masters of a run's output; null where it is asked for none. Those that are there already stay. What keeps all of them from being made
 * does not take the run with it, which is finished by then: each is told as failed.
 */
export async function mastersOfRun(
  job: Asked,
  analysis: Pick<ReelAnalysis, 'reel' | 'range'>,
  outputs: readonly Pick<Output, 'path' | 'sha256'>[],
  options: RunOptions,
): Promise<MastersOfRun | null> {
  const [output] = outputs;
  if (job.masters.length === 0 || !output) return null;
  const asked = parseMaster({ ...requestOf(job), ...readAs(job, analysis) }, FIELDS);
  try {
    const made = await masterJob(asked, options, { print: output.sha256 });
    return { masters: reported(made), notes: made.notes };
  } catch (cause) {
    options.signal.throwIfAborted();
    const why = cause instanceof Error ? cause.message : String(cause);
    for (const master of job.masters) options.onEvent({ code: 'E_MASTER_FAILED', labels: { master }, error: cause });
    return { masters: { made: [], failed: job.masters.map((preset) => ({ preset, why })) }, notes: [] };
  }
}

/** The masters as a report lists them. */
function reported({ masters, failed }: MasterSummary): MastersOfRun['masters'] {
  return {
    made: masters.map(({ preset, path, record }) => ({
      ...{ preset, path, frames: record.frames, bytes: record.bytes, lossless: record.lossless },
      ...{ psnr: record.psnr, ssim: record.ssim },
    })),
    failed: failed.map(({ preset, why }) => ({ preset, why })),
  };
}

/** What a restore is asked for that its masters need. */
type Asked = Pick<RestoreJob, 'masters' | 'out' | 'mastersFolder' | 'ffmpeg' | 'transfer' | 'layer' | 'as'>;

/** As the command line and programs name what a run is asked for. */
const FIELDS: FieldName = (field) => (field === 'presets' ? '--master' : field);

function requestOf({ masters, out, mastersFolder = `${out}.masters`, ffmpeg, transfer }: Asked): MasterRequest {
  return { reel: out, presets: masters, out: mastersFolder, ffmpeg, transfer };
}

/** What a folder of frames need not state itself: its rate; its timecode where they are of another kind; which layer was worked on. */
function readAs(
  { out, as, layer }: Asked,
  { reel, range }: Pick<ReelAnalysis, 'reel' | 'range'>,
): Pick<MasterRequest, 'rate' | 'timecode' | 'layer'> {
  if (outputKind(out) === 'movie') return {};
  const { rate } = reel;
  return as === undefined ? { rate, layer } : { rate, timecode: frameTimecode(reel, range.in) ?? undefined };
}

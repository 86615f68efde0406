import { OutputError } from '../../disk/output-error.ts';
import type { Output } from '../../media/write/target.ts';
import type { Report } from '../../report/report.ts';
import type { RestoreJob } from '../job.ts';
import type { FieldName } from '../request/field-name.ts';
import type { RunOptions } from '../run-options.ts';
import { outputKind } from '../work/output-kind.ts';
import { type MasterSummary, masterJob } from './master.ts';
import { type MasterJob, parseMaster } from './master-request.ts';
import { presetsOf } from './plan-masters.ts';

/** What a report says of a run's masters. */
export type ReportedMasters = NonNullable<Report['masters']>;

/** Whether the masters that a run is asked for can be read. @throws PresetError, UsageError */
export async function assertMasters(job: Asked): Promise<void> {
  const asked = mastersJob(job);
  if (asked) await presetsOf(asked);
}

/** Masters of a run's output; none where it is asked for none. Those that are there already stay. */
export async function mastersOfRun(
  job: Asked,
  outputs: readonly Pick<Output, 'path' | 'sha256'>[],
  options: RunOptions,
): Promise<MasterSummary | null> {
  const asked = mastersJob(job);
  const [output] = outputs;
  if (!asked || !output) return null;
  return masterJob(asked, options, output.sha256);
}

/** The masters as a report lists them. */
export function reportedMasters({ masters, failed }: MasterSummary): ReportedMasters {
  return {
    made: masters.map(({ preset, path, record }) => ({
      ...{ preset, path, frames: record.frames, bytes: record.bytes, lossless: record.lossless },
      ...{ psnr: record.psnr, ssim: record.ssim },
    })),
    failed: failed.map(({ preset, why }) => ({ preset, why })),
  };
}

/** What a restore is asked for that its masters need. */
type Asked = Pick<RestoreJob, 'masters' | 'out' | 'mastersFolder' | 'ffmpeg' | 'transfer' | 'rate' | 'layer'>;

/** As the command line and programs name what a run is asked for. */
const FIELDS: FieldName = (field) => (field === 'presets' ? '--master' : field);

function mastersJob({
  masters,
  out,
  mastersFolder = `${out}.masters`,
  ffmpeg,
  transfer,
  rate,
  layer,
}: Asked): MasterJob | null {
  if (masters.length === 0) return null;
  if (mastersFolder === out) {
    throw new OutputError(
      out,
      `The masters cannot go where the restored reel goes, "${out}". Choose another folder for them (--masters).`,
    );
  }
  const read = { transfer, rate, ...(outputKind(out) === 'folder' ? { layer } : {}) };
  return parseMaster({ reel: out, presets: masters, out: mastersFolder, ffmpeg, ...read }, FIELDS);
}

import { type FrameRange, lengthOf } from '../../film/range.ts';
import type { Reel } from '../../film/reel.ts';
import { writeManifests } from '../../manifest/write-manifests.ts';
import { findFfmpeg } from '../../media/ffmpeg/ffmpeg.ts';
import { probeReel } from '../../media/read/probe-reel.ts';
import { framesAsked } from '../analysis/frame-range.ts';
import { reelPrint } from '../analysis/reel-print.ts';
import { type RunOptions, runOptions } from '../run-options.ts';
import { assertApart } from '../work/output-kind.ts';
import { type DeliveredMaster, type MadeMasters, makeMasters } from './make-masters.ts';
import { finishedRecord } from './master-record.ts';
import { type MasterJob, type MasterRequest, parseMaster } from './master-request.ts';
import { type MastersFolder, openMastersFolder } from './masters-folder.ts';
import { type PlannedMaster, planMasters, presetsOf } from './plan-masters.ts';
import { type MasterSigning, signMasters } from './sign-masters.ts';

/** How a run ended. */
export interface MasterSummary {
  readonly masters: readonly DeliveredMaster[];
  /** Masters that were not delivered, and why, as sentences. */
  readonly failed: readonly { readonly preset: string; readonly why: string }[];
  readonly frames: number;
  /** Files that state the hashes of all. */
  readonly manifests: readonly string[];
  /** What a person should know, as sentences. */
  readonly notes: readonly string[];
}

/**
 * Makes masters of a finished reel from one decode, and verifies each before it gets its name. One that fails does not take the others
 * with it. Those that an earlier run has made of the same reel in the same way stay.
 *
 * @throws UsageError for a request that means nothing; ReelError and PresetError for an input that cannot be used; OutputError for
 * trouble with the folder. Aborting rejects with the signal's reason.
 */
export async function masterReel(request: MasterRequest, options: Partial<RunOptions> = {}): Promise<MasterSummary> {
  return masterJob(parseMaster(request), runOptions(options));
}

/** What is known of a reel beside the request for its masters. */
export interface MasterBasis {
  /** What tells the reel's content. */
  readonly print?: string;
  /** By whom the masters are signed; undefined = by nobody. */
  readonly signing?: MasterSigning;
}

/** The same for a request that is parsed already. */
export async function masterJob(
  job: MasterJob,
  options: RunOptions,
  { print, signing }: MasterBasis = {},
): Promise<MasterSummary> {
  const { signal, onProgress } = options;
  const presets = await presetsOf(job);
  const ffmpeg = await findFfmpeg({ path: job.ffmpeg });
  onProgress({ stage: 'reading', done: 0, total: 0, unit: 'frames' });
  const onRead = (done: number, total: number) => onProgress({ stage: 'reading', done, total, unit: 'frames' });
  const { transfer, rate, layer } = job;
  const reel = await probeReel(job.reel, { transfer, rate, layer, onRead }, ffmpeg, signal);
  await assertApart(reel, job.out);
  const { range, notes: short } = withHandles(reel, framesAsked(reel, job.range), job.handles);
  const known = print ?? (await reelPrint(reel, { verify: false, signal }));
  const plan = await planMasters(job, presets, { reel, range, print: known }, { ffmpeg, signal });

  await using folder = await openMastersFolder(job.out);
  const kept: DeliveredMaster[] = [];
  const wanted: PlannedMaster[] = [];
  for (const one of plan.masters) {
    const record = await finishedRecord(one);
    if (record) {
      kept.push({ preset: one.preset.name, path: one.master.path, record, kept: true });
      options.onEvent({ code: 'MASTER_KEPT', labels: { master: one.preset.name } });
    } else wanted.push(one);
  }
  const notes = new Set<string>([...short, ...plan.notes]);
  const note = (sentence: string) => void notes.add(sentence);
  const made: MadeMasters =
    wanted.length > 0
      ? await makeMasters(wanted, plan, { reel, range, folder, note }, { ...options, ffmpeg })
      : { masters: [], failed: [] };
  for (const { of, error } of made.failed) {
    options.onEvent({ code: 'E_MASTER_FAILED', labels: { master: of.preset.name }, error });
  }
  const delivered = plan.masters.flatMap(({ preset }) =>
    [...kept, ...made.masters].filter((one) => one.preset === preset.name),
  );
  const masters = signing ? await signMasters(delivered, signing, folder) : delivered;
  for (const { record } of masters) for (const sentence of record.notes) note(sentence);
  const manifests = await manifestsOf(job, folder, signal);
  for (const sentence of manifests.notes) note(sentence);
  return {
    masters,
    failed: made.failed.map(({ of, error }) => ({ preset: of.preset.name, why: error.message })),
    frames: lengthOf(range),
    manifests: manifests.paths,
    notes: [...notes],
  };
}

async function manifestsOf(
  { manifest, out }: MasterJob,
  folder: MastersFolder,
  signal: AbortSignal,
): Promise<{ paths: string[]; notes: string[] }> {
  const isDue = manifest !== 'none' && folder.manifestDue();
  const written = isDue ? await writeManifests(out, { kinds: [manifest], signal }) : undefined;
  await folder.settled();
  if (!written) return { paths: [], notes: [] };
  const { generation, checksums, failed, missing } = written;
  const notes = [
    ...(failed.length > 0
      ? [`${failed.join(', ')} in "${out}" changed since an earlier manifest; the new one says so.`]
      : []),
    ...(missing.length > 0 ? [`${missing.join(', ')} is in an earlier manifest of "${out}" and gone.`] : []),
  ];
  return { paths: [generation?.path, checksums].filter((path) => path !== undefined), notes };
}

function withHandles(reel: Reel, range: FrameRange, handles: number): { range: FrameRange; notes: string[] } {
  const wide = { in: Math.max(0, range.in - handles), out: Math.min(reel.frames, range.out + handles) };
  const [before, after] = [range.in - wide.in, wide.out - range.out];
  const notes =
    before < handles || after < handles
      ? [
          `The reel has ${before} frames before the range and ${after} after it, of ${handles} that were asked for as handles.`,
        ]
      : [];
  return { range: wide, notes };
}

import { existsSync } from 'node:fs';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { makeFolder, publish, syncPath } from '../../disk/durable.ts';
import { lockFolder } from '../../disk/lock.ts';
import { OutputError } from '../../disk/output-error.ts';
import { packageVersion } from '../../disk/package-version.ts';
import { type FrameRange, lengthOf } from '../../film/range.ts';
import type { Reel } from '../../film/reel.ts';
import { writeManifests } from '../../manifest/write-manifests.ts';
import { findFfmpeg } from '../../media/ffmpeg/ffmpeg.ts';
import { comparePictures, type Nearness } from '../../media/master/compare-pictures.ts';
import { encodeMasters, type MasterRun, tryMasters, unfinishedPath } from '../../media/master/encode-masters.ts';
import type { MasterSource } from '../../media/master/master.ts';
import { prepareSound } from '../../media/master/master-sound.ts';
import { estimatedBytes } from '../../media/master/open-master.ts';
import { verifyMaster } from '../../media/master/verify-master.ts';
import { probeReel } from '../../media/read/probe-reel.ts';
import { secondsOf } from '../../media/write/movie/retime.ts';
import { writeTrouble } from '../../media/write/write-trouble.ts';
import { framesAsked } from '../analysis/frame-range.ts';
import { reelPrint } from '../analysis/reel-print.ts';
import { type RunOptions, runOptions } from '../run-options.ts';
import { assertApart } from '../work/output-kind.ts';
import { assertSpace } from '../work/space.ts';
import { eachAlone, type Failure } from './each-alone.ts';
import { type MasterRecord, measured, RECORD_FORMAT, readRecord, recordPath, writeRecord } from './master-record.ts';
import { type MasterJob, type MasterRequest, parseMaster } from './master-request.ts';
import { type MasterPlan, type PlannedMaster, planMasters, presetsOf } from './plan-masters.ts';

/** One master of a run. */
export interface DeliveredMaster {
  readonly preset: string;
  readonly path: string;
  readonly record: MasterRecord;
  /** True where an earlier run had made and verified it. */
  readonly kept: boolean;
}

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

/** The same for a request that is parsed already. @param print what tells the reel's content, where that is known */
export async function masterJob(job: MasterJob, options: RunOptions, print?: string): Promise<MasterSummary> {
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

  await makeFolder(job.out);
  const work = `${job.out}.work`;
  await makeFolder(work);
  await using _lock = await lockFolder(work);
  await sweep(work);
  const kept: DeliveredMaster[] = [];
  const wanted: PlannedMaster[] = [];
  for (const one of plan.masters) {
    const record = await finishedRecord(one);
    if (record) kept.push({ preset: one.preset.name, path: one.master.path, record, kept: true });
    else wanted.push(one);
  }
  const notes = new Set<string>([...short, ...plan.notes]);
  const note = (sentence: string) => void notes.add(sentence);
  const made =
    wanted.length > 0
      ? await makeMasters(wanted, plan, { reel, range, work, note }, { ...options, ffmpeg })
      : { masters: [], failed: [] };
  const masters = plan.masters.flatMap(({ preset }) =>
    [...kept, ...made.masters].filter((one) => one.preset === preset.name),
  );
  for (const { record } of masters) for (const sentence of record.notes) note(sentence);
  const manifests = await manifestsOf(job, { work, anew: made.masters.length > 0 }, signal);
  for (const sentence of manifests.notes) note(sentence);
  await rm(work, { recursive: true, force: true });
  return {
    masters,
    failed: made.failed.map(({ of, error }) => ({ preset: of.preset.name, why: error.message })),
    frames: lengthOf(range),
    manifests: manifests.paths,
    notes: [...notes],
  };
}

type Toolkit = RunOptions & Pick<MasterRun, 'ffmpeg'>;

async function makeMasters(
  wanted: readonly PlannedMaster[],
  { file, timecode, reelName, sound }: MasterPlan,
  {
    reel,
    range,
    work,
    note,
  }: {
    readonly reel: Reel;
    readonly range: FrameRange;
    readonly work: string;
    readonly note: (sentence: string) => void;
  },
  { ffmpeg, signal, onProgress }: Toolkit,
): Promise<{ masters: DeliveredMaster[]; failed: Failure<PlannedMaster>[] }> {
  const frames = lengthOf(range);
  await assertSpace(
    work,
    wanted.reduce((sum, { master }) => sum + estimatedBytes(master, frames), 0),
  );
  for (const { master } of wanted) for (const [name, text] of master.files) await writeFile(join(work, name), text);

  const run = (folder: string, onFrame: (done: number) => void = () => {}): MasterRun => ({
    ffmpeg,
    signal,
    work: folder,
    onFrame,
    note,
  });
  const silent: MasterSource = { reel, range, file, sound: undefined, timecode, reelName };
  await assertWritable(wanted, silent, { work, run });

  const prepared = sound
    ? await prepareSound(join(work, 'sound.nut'), { file: sound.path, reel, range, own: sound.own }, { ffmpeg, signal })
    : undefined;
  const source: MasterSource = { ...silent, sound: prepared };
  if (prepared && sound && !sound.own) noteLength(prepared.ends, secondsOf(reel, range), note);

  const staged = (stage: 'mastering' | 'verifying') => (done: number) =>
    onProgress({ stage, done: Math.min(done, frames), total: frames, unit: 'frames' });
  staged('mastering')(0);
  const encoded = await eachAlone(wanted, signal, (some) =>
    encodeMasters(
      some.map(({ master }) => master),
      source,
      run(work, staged('mastering')),
    ),
  );
  const failed = [...encoded.failed.map((failure) => ({ ...failure, error: explained(failure) }))];

  const masters: DeliveredMaster[] = [];
  for (const { of: some, result } of encoded.done) {
    staged('verifying')(0);
    const compared = await eachAlone(some, signal, (few) =>
      comparePictures(
        few.map(({ master }) => master),
        source,
        result,
        run(work, staged('verifying')),
      ),
    );
    failed.push(...compared.failed);
    for (const { of: few, result: nearness } of compared.done) {
      for (const [k, one] of few.entries()) {
        try {
          const found = nearness[k] as Nearness;
          const differing = await verifyMaster(one.master, source, found, { ffmpeg, signal, work });
          masters.push(await deliver(one, { work, found, notes: differing, reel }));
        } catch (error) {
          signal.throwIfAborted();
          if (!(error instanceof Error)) throw error;
          failed.push({ of: one, error });
        }
      }
    }
  }
  return { masters, failed };
}

/** Writes two frames of each. @throws OutputError that names those that cannot be written */
async function assertWritable(
  wanted: readonly PlannedMaster[],
  source: MasterSource,
  { work, run }: { readonly work: string; readonly run: (folder: string) => MasterRun },
): Promise<void> {
  const trial = join(work, 'trial');
  await makeFolder(trial);
  for (const { master } of wanted) for (const [name, text] of master.files) await writeFile(join(trial, name), text);
  const { failed } = await eachAlone(wanted, run(trial).signal, (some) =>
    tryMasters(
      some.map(({ master }) => master),
      source,
      run(trial),
    ),
  );
  await rm(trial, { recursive: true, force: true });
  const [first] = failed;
  if (!first) return;
  const names = failed.map(({ of }) => `"${of.preset.name}"`).join(', ');
  throw new OutputError(
    first.of.master.path,
    `Nothing was written: ${names} cannot be made of this reel with this ffmpeg. ${first.error.message} Leave ${failed.length === 1 ? 'it' : 'them'} out, or use another ffmpeg (--ffmpeg).`,
    { cause: first.error },
  );
}

function explained({ of, error }: Failure<PlannedMaster>): Error {
  const trouble = writeTrouble(of.master.path, error);
  return trouble instanceof Error ? trouble : error;
}

/** Gives a verified master its name, with its record beside it. */
async function deliver(
  { preset, master, key }: PlannedMaster,
  {
    work,
    found,
    notes,
    reel,
  }: { readonly work: string; readonly found: Nearness; readonly notes: readonly string[]; readonly reel: Reel },
): Promise<DeliveredMaster> {
  const unfinished = unfinishedPath(master, work);
  const size = await measured(unfinished);
  if (size === null)
    throw new OutputError(
      master.path,
      `"${master.path}" has disappeared while it was made. Run the same command again.`,
    );
  await writeFile(join(work, MANIFEST_DUE), '');
  if (master.form.container === 'frames') {
    for (const name of await readdir(unfinished)) await syncPath(join(unfinished, name));
  }
  await syncPath(unfinished);
  const worst = (value: Nearness['psnr']) =>
    value === undefined
      ? null
      : { least: Number.isFinite(value.least) ? Number(value.least.toFixed(5)) : null, frame: value.frame };
  const record: MasterRecord = {
    format: RECORD_FORMAT,
    version: packageVersion(),
    finished: new Date().toISOString(),
    key,
    preset: { name: preset.name, hash: preset.hash },
    reel: basename(reel.path),
    name: basename(master.path),
    ...size,
    frames: found.frames,
    lossless: found.same,
    psnr: worst(found.psnr),
    ssim: worst(found.ssim),
    notes: [...notes],
  };
  await publish(unfinished, master.path);
  await writeRecord(master.path, record);
  return { preset: preset.name, path: master.path, record, kept: false };
}

/** The record of a master that an earlier run has finished in the same way. @throws OutputError where something else has its name */
async function finishedRecord({ master, key }: PlannedMaster): Promise<MasterRecord | null> {
  const size = await measured(master.path);
  if (size === null) {
    await rm(recordPath(master.path), { force: true });
    return null;
  }
  const record = await readRecord(master.path);
  if (record?.key === key && record.bytes === size.bytes && record.files === size.files) return record;
  const why =
    record === null
      ? 'and no record beside it says that it was verified'
      : record.key === key
        ? 'and it is not what it was when it was verified'
        : 'made of another reel, or in another way';
  throw new OutputError(master.path, `"${master.path}" exists already, ${why}. Remove it, or choose another --out.`);
}

/** In the work folder: masters have been delivered since the last manifest. */
const MANIFEST_DUE = 'manifest-due';

/** Removes what an earlier run has left unfinished. */
async function sweep(work: string): Promise<void> {
  for (const name of await readdir(work)) {
    if (!/^\.?lock\.json/.test(name) && name !== MANIFEST_DUE)
      await rm(join(work, name), { recursive: true, force: true });
  }
}

async function manifestsOf(
  { manifest, out }: MasterJob,
  { work, anew }: { readonly work: string; readonly anew: boolean },
  signal: AbortSignal,
): Promise<{ paths: string[]; notes: string[] }> {
  if (manifest === 'none' || !(anew || existsSync(join(work, MANIFEST_DUE)))) return { paths: [], notes: [] };
  const { generation, checksums, failed, missing } = await writeManifests(out, { kinds: [manifest], signal });
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

/** How far sound may end from the picture without being said, seconds: a frame. */
const SAME_LENGTH = 0.05;

function noteLength(ends: readonly number[], seconds: number, note: (sentence: string) => void): void {
  for (const [k, end] of ends.entries()) {
    if (Math.abs(end - seconds) <= SAME_LENGTH) continue;
    note(
      `Sound stream ${k + 1} of the file is ${end.toFixed(2)} s long, the picture ${seconds.toFixed(2)} s: it is carried as it is, from the first frame on.`,
    );
  }
}

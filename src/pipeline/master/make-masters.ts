import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder, publish, syncPath } from '../../disk/durable.ts';
import { OutputError } from '../../disk/output-error.ts';
import { type FrameRange, lengthOf } from '../../film/range.ts';
import type { Reel } from '../../film/reel.ts';
import type { Ffmpeg } from '../../media/ffmpeg/ffmpeg.ts';
import { comparePictures, type Nearness } from '../../media/master/compare-pictures.ts';
import {
  type Encoded,
  encodeMasters,
  type MasterRun,
  tryMasters,
  unfinishedPath,
} from '../../media/master/encode-masters.ts';
import type { MasterSource } from '../../media/master/master.ts';
import { prepareSound, type Span } from '../../media/master/master-sound.ts';
import { estimatedBytes } from '../../media/master/open-master.ts';
import { verifyMaster } from '../../media/master/verify-master.ts';
import { secondsOf } from '../../media/write/movie/retime.ts';
import { writeTrouble } from '../../media/write/write-trouble.ts';
import type { RunOptions } from '../run-options.ts';
import { assertSpace } from '../work/space.ts';
import { eachAlone, type Failure } from './each-alone.ts';
import { type MasterRecord, measured, recordOf, writeRecord } from './master-record.ts';
import type { MastersFolder } from './masters-folder.ts';
import type { MasterPlan, PlannedMaster } from './plan-masters.ts';

/** One master of a run. */
export interface DeliveredMaster {
  readonly preset: string;
  readonly path: string;
  readonly record: MasterRecord;
  /** True where an earlier run had made and verified it. */
  readonly kept: boolean;
}

/** What became of masters that were to be made. */
export interface MadeMasters {
  readonly masters: readonly DeliveredMaster[];
  readonly failed: readonly Failure<PlannedMaster>[];
}

/** Where masters are made of what, and who is told. */
export interface MasterMaking {
  readonly reel: Reel;
  readonly range: FrameRange;
  readonly folder: MastersFolder;
  /** Called with what a person should know, in a sentence. */
  readonly note: (sentence: string) => void;
}

/** What steps of a run have in common. */
interface Step extends MasterMaking {
  readonly source: MasterSource;
  /** How ffmpeg works for it in a folder. */
  readonly run: (folder: string, onFrame?: (done: number) => void) => MasterRun;
  readonly staged: (stage: 'mastering' | 'verifying') => (done: number) => void;
  readonly onEvent: RunOptions['onEvent'];
}

/** Encodes masters from one decode, compares their pictures with the reel's, verifies the rest of them, and delivers what is right. */
export async function makeMasters(
  wanted: readonly PlannedMaster[],
  { file, timecode, reelName, sound }: MasterPlan,
  making: MasterMaking,
  { ffmpeg, signal, onProgress, onEvent }: RunOptions & { readonly ffmpeg: Ffmpeg },
): Promise<MadeMasters> {
  const { reel, range, folder, note } = making;
  const { work } = folder;
  const frames = lengthOf(range);
  const needed = wanted.reduce((sum, { master }) => sum + estimatedBytes(master, frames), 0);
  await assertSpace(work, needed);

  const run: Step['run'] = (at, onFrame = () => {}) => ({ ffmpeg, signal, work: at, onFrame, note });
  const silent: MasterSource = { reel, range, file, sound: undefined, timecode, reelName };
  await assertWritable(wanted, silent, run(join(work, 'trial')));

  const prepared = sound
    ? await prepareSound(join(work, 'sound.nut'), { file: sound.path, reel, range, own: sound.own }, { ffmpeg, signal })
    : undefined;
  if (prepared && sound && !sound.own) noteLength(prepared.spans, secondsOf(reel, range), note);

  const staged: Step['staged'] = (stage) => (done) =>
    onProgress({ stage, done: Math.min(done, frames), total: frames, unit: 'frames' });
  const step: Step = { ...making, source: { ...silent, sound: prepared }, run, staged, onEvent };
  const encoded = await encode(wanted, step);
  const compared: MadeMasters[] = [];
  for (const { of, result } of encoded.done) compared.push(await compare(of, result, step));
  return {
    masters: compared.flatMap(({ masters }) => masters),
    failed: [...encoded.failed, ...compared.flatMap(({ failed }) => failed)],
  };
}

/** Writes two frames of each. @throws OutputError that names those that cannot be written */
async function assertWritable(wanted: readonly PlannedMaster[], source: MasterSource, trial: MasterRun): Promise<void> {
  await makeFolder(trial.work);
  await writeFilterFiles(wanted, trial.work);
  const { failed } = await eachAlone(wanted, trial.signal, (some) => tryMasters(mastersOf(some), source, trial));
  await rm(trial.work, { recursive: true, force: true });
  const [first] = failed;
  if (!first) return;
  const names = failed.map(({ of }) => `"${of.preset.name}"`).join(', ');
  throw new OutputError(
    first.of.master.path,
    `Nothing was written: ${names} cannot be made of this reel with this ffmpeg. ${first.error.message} Leave ${failed.length === 1 ? 'it' : 'them'} out, or use another ffmpeg (--ffmpeg).`,
    { cause: first.error },
  );
}

async function encode(wanted: readonly PlannedMaster[], { source, folder: { work }, run, staged }: Step) {
  await writeFilterFiles(wanted, work);
  const onFrame = staged('mastering');
  onFrame(0);
  const all = run(work, onFrame);
  const { done, failed } = await eachAlone(wanted, all.signal, (some) => encodeMasters(mastersOf(some), source, all));
  return { done, failed: failed.map(({ of, error }) => ({ of, error: explained(of, error) })) };
}

function explained({ master }: PlannedMaster, error: Error): Error {
  const trouble = writeTrouble(master.path, error);
  return trouble instanceof Error ? trouble : error;
}

/** Holds masters that were encoded together to the reel, and delivers those that are what they should be. */
async function compare(wanted: readonly PlannedMaster[], encoded: Encoded, step: Step): Promise<MadeMasters> {
  const { source, folder, run, staged } = step;
  const onFrame = staged('verifying');
  onFrame(0);
  const all = run(folder.work, onFrame);
  const { done, failed } = await eachAlone(wanted, all.signal, (some) =>
    comparePictures(mastersOf(some), source, encoded, all),
  );
  const masters: DeliveredMaster[] = [];
  const refused: Failure<PlannedMaster>[] = [...failed];
  for (const { of, result } of done) {
    for (const [k, one] of of.entries()) {
      try {
        const nearness = result[k] as Nearness;
        const notes = await verifyMaster(one.master, source, nearness, all);
        masters.push(await deliver(one, { nearness, notes }, step));
      } catch (error) {
        all.signal.throwIfAborted();
        if (!(error instanceof Error)) throw error;
        refused.push({ of: one, error });
      }
    }
  }
  return { masters, failed: refused };
}

/** Gives a verified master its name, with its record beside it. */
async function deliver(
  planned: PlannedMaster,
  found: { readonly nearness: Nearness; readonly notes: readonly string[] },
  { reel, folder, onEvent }: Step,
): Promise<DeliveredMaster> {
  const { preset, master } = planned;
  const unfinished = unfinishedPath(master, folder.work);
  const size = await measured(unfinished);
  if (size === null)
    throw new OutputError(
      master.path,
      `"${master.path}" has disappeared while it was made. Run the same command again.`,
    );
  if (master.form.container === 'frames') {
    for (const name of await readdir(unfinished)) await syncPath(join(unfinished, name));
  }
  await syncPath(unfinished);
  const record = recordOf(planned, reel, { ...found, size });
  await folder.delivering();
  await publish(unfinished, master.path);
  await writeRecord(master.path, record);
  const counts = { frames: record.frames, bytes: record.bytes };
  onEvent({ code: 'MASTER_MADE', labels: { master: preset.name }, counts });
  return { preset: preset.name, path: master.path, record, kept: false };
}

function mastersOf(planned: readonly PlannedMaster[]) {
  return planned.map(({ master }) => master);
}

/** What the masters' filters read lies where ffmpeg works. */
async function writeFilterFiles(planned: readonly PlannedMaster[], folder: string): Promise<void> {
  for (const { master } of planned) {
    for (const [name, text] of master.files) await writeFile(join(folder, name), text);
  }
}

/** How far sound may end from the picture without being said, seconds: a frame. */
const SAME_LENGTH = 0.05;

function noteLength(spans: readonly Span[], seconds: number, note: (sentence: string) => void): void {
  for (const [k, { end }] of spans.entries()) {
    if (Math.abs(end - seconds) <= SAME_LENGTH) continue;
    note(
      `Sound stream ${k + 1} of the file is ${end.toFixed(2)} s long, the picture ${seconds.toFixed(2)} s: it is carried as it is, from the first frame on.`,
    );
  }
}

import { existsSync } from 'node:fs';
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { makeFolder, publish, sweepStale, unfinishedName, writeDurably } from '../../disk/durable.ts';
import { lockFolder } from '../../disk/lock.ts';
import { OutputError } from '../../disk/output-error.ts';
import { restoreReplaced } from '../../media/write/publish-frames.ts';
import type { Output, Target } from '../../media/write/target.ts';
import type { Report } from '../../report/report.ts';
import { countSide } from '../handover/side-files.ts';
import type { SideOutput } from '../handover/side-output.ts';
import { hasOutputs, reportOf } from './finished-run.ts';
import { orderFolder } from './order-folder.ts';
import { assertSpace } from './space.ts';
import { type FinishedTake, type KeyedTake, openTakeFolders, type TakeFolders } from './take-folders.ts';

/** Where a run writes to, and what it may do there. Paths are absolute. */
export interface OutputPlace {
  readonly out: string;
  /** Work in progress: on the disk of `out`, and this output's alone. */
  readonly work: string;
  readonly report: string;
  /** What is written beside it. */
  readonly sides: readonly SideOutput[];
  /** Folder of the tracks; undefined where none are wanted. */
  readonly tracks: string | undefined;
  /** True where finished takes stay when all is done. */
  readonly keepWork: boolean;
  /** True where an earlier output of ours may be replaced. */
  readonly redo: boolean;
}

/**
 * An output from its first take to its name. One process at a time holds it. What is finished stays finished: after a crash at any
 * point the next run of the same job goes on, and nobody sees a half output.
 */
export interface OutputInWork extends AsyncDisposable {
  readonly takes: TakeFolders;
  /** True where an earlier output goes when the new one is whole. */
  readonly replaces: boolean;
  /** Makes sure that `bytes` fit, before hours are spent. Kept takes that are not among these go where that helps. */
  assertSpace(bytes: number, planned: readonly KeyedTake[]): Promise<void>;
  /** Joins the takes, in which faces were restored by `restorers`, and gives the output its name. */
  publish(takes: readonly FinishedTake[], restorers: readonly string[], signal: AbortSignal): Promise<Output[]>;
  /** Rejects where this process has lost the right to the output; see `OutputLease`. */
  mayGoOn(): Promise<void>;
  /** To be called when all is told: removes the work folder, or what in it is no part of the output. */
  finish(planned: readonly KeyedTake[]): Promise<void>;
}

/** By what right an output is held, where many machines work on it. */
export interface OutputLease {
  /** See `lockFolder`. */
  readonly lease: string;
  /** Rejects where this process has lost it. */
  readonly mayFinish: () => Promise<void>;
}

/** In the work folder: the key of the run that has begun to give its output the name. What has the name may be its own from then on. */
const PUBLISHED = 'published';
const TAKES = 'takes';
/** Age in milliseconds from which an unfinished take is removed that another machine may be writing. */
const ABANDONED = 24 * 60 * 60 * 1000;

/** The finished takes of an output, for processes that do not hold it. @param mayFinish see `openTakeFolders` */
export function takesIn(
  { work }: Pick<OutputPlace, 'work'>,
  target: Target,
  mayFinish?: OutputLease['mayFinish'],
): TakeFolders {
  return openTakeFolders(join(work, TAKES), target, mayFinish);
}

/**
 * The report of an earlier run with the same key whose outputs are still there; null where there is work to do. What that run has
 * left in the work folder is removed, if nobody asked to keep it.
 */
export async function finishedOutput(place: OutputPlace, key: string): Promise<Report | null> {
  const { out, work, report: folder } = place;
  const report = await reportOf(folder, out);
  const published = await publishedKey(work);
  if (report?.job !== key || (published ?? key) !== key || !(await hasOutputs(report))) return null;
  for (const side of place.sides) if ((await countSide(side)) < report.frames.restored) return null;
  if (!place.keepWork && !place.redo && existsSync(work) && !hasOrder(work)) {
    await using _lock = await lockFolder(work);
    await removeWork(work);
  }
  return report;
}

/**
 * Takes hold of an output.
 *
 * @throws OutputError where another run holds it, or something is in the way that this run may not replace; the sentence says what
 *   to do.
 */
export async function openOutput(
  place: OutputPlace,
  key: string,
  target: Target,
  leased?: OutputLease,
): Promise<OutputInWork> {
  const { out, work } = place;
  const isNew = !existsSync(work);
  await makeFolder(work);
  const lock = await lockFolder(work, leased?.lease);
  try {
    await sweepStale(dirname(out), { final: basename(out) });
    await sweepStale(dirname(work), { final: basename(work) });
    await sweepStale(work);
    await sweepStale(place.report);
    await sweepStale(join(work, TAKES), hasOrder(work) ? { olderThan: ABANDONED } : {});
    await restoreReplaced(out, work);
    const takes = takesIn(place, target, leased?.mayFinish);
    const replaces = await mayReplace(place, key, target, takes);
    return outputInWork(place, { key, target, takes, replaces, lock, ...(leased ? { leased } : {}) });
  } catch (error) {
    if (isNew) await rm(work, { recursive: true, force: true });
    await lock[Symbol.asyncDispose]();
    throw error;
  }
}

/** What was found and opened for an output. */
interface OpenedOutput extends Pick<OutputInWork, 'takes' | 'replaces'> {
  readonly key: string;
  readonly target: Target;
  readonly lock: AsyncDisposable;
  readonly leased?: OutputLease;
}

function outputInWork(
  { out, work, keepWork, redo }: OutputPlace,
  { key, target, takes, replaces, lock, leased }: OpenedOutput,
): OutputInWork {
  const keep = keepWork || redo;
  const mayGoOn = async () => leased?.mayFinish();
  return {
    takes,
    replaces,
    async assertSpace(bytes, planned) {
      await assertSpace(out, bytes).catch(async () => {
        await takes.keepOnly(planned);
        await assertSpace(out, bytes);
      });
    },
    mayGoOn,
    async publish(finished, restorers, signal) {
      await mayGoOn();
      await markPublished(work, key);
      const segments = finished.map(({ segment }) => segment);
      const kept = keep || leased !== undefined;
      return target.conform(segments, { signal, replace: replaces, keep: kept, restorers });
    },
    async finish(planned) {
      await mayGoOn();
      // Machines that have orders of it are at takes of their own.
      if (hasOrder(work) && !leased) return;
      if (keep) await takes.keepOnly(planned);
      else await removeWork(work);
    },
    [Symbol.asyncDispose]: () => lock[Symbol.asyncDispose](),
  };
}

/** True where the output is ordered from machines that share the work. */
function hasOrder(work: string): boolean {
  return existsSync(orderFolder(work));
}

/** Removes a work folder, whose name is free at once: whoever is killed meanwhile leaves no half of it there. */
async function removeWork(work: string): Promise<void> {
  const gone = unfinishedName(work);
  await publish(work, gone);
  await rm(gone, { recursive: true, force: true });
}

/** Whether something is there that goes when the new output is whole. @throws OutputError where it may not. */
async function mayReplace(place: OutputPlace, key: string, target: Target, takes: TakeFolders): Promise<boolean> {
  const published = await publishedKey(place.work);
  // A run that was stopped while it gave its output the name.
  if (published === key) return true;
  return assertReplaceable(place, published, takes, target);
}

/** Refuses an output that could not be published, before anything costs time. @throws OutputError */
export async function assertPublishable(place: OutputPlace, target: Target): Promise<void> {
  const published = await publishedKey(place.work);
  if (published === null) await assertReplaceable(place, null, takesIn(place, target), target);
}

/** True where something is in the way that may be replaced, false where nothing is. @throws OutputError */
async function assertReplaceable(
  place: OutputPlace,
  published: string | null,
  takes: Pick<TakeFolders, 'any'>,
  target: Pick<Target, 'foreignFiles'>,
): Promise<boolean> {
  const { out, redo } = place;
  if (await isFree(out)) return false;
  const isOurs = published !== null || (await reportOf(place.report, out)) !== null;
  const isKept = await takes.any();
  if (!isOurs) {
    throw new OutputError(
      out,
      `--out "${out}" exists already, and ${redo ? 'neither a report nor kept work says that Reelmend made it: --redo replaces nothing else' : 'no unfinished run of this job is known'}. Remove it, or choose another --out.`,
    );
  }
  if (!redo) {
    const advice = isKept
      ? 'Add --redo to render the takes that change and replace it'
      : 'Its takes were not kept (--keep-work), so --redo cannot replace a part of it. Remove it to render all anew';
    throw new OutputError(
      out,
      `--out "${out}" exists already: an earlier run made it, on another device, or with other frames, settings, mattes or patches. ${advice}, or choose another --out.`,
    );
  }
  if (!isKept) {
    throw new OutputError(
      out,
      `--redo: the takes of "${out}" were not kept, so all of them would have to be rendered. If that is what you want, remove "${out}" or choose another --out, and add --keep-work so that the next change costs only the takes that it changes.`,
    );
  }
  const foreign = await target.foreignFiles();
  if (foreign.length > 0) {
    throw new OutputError(
      out,
      `--redo: "${out}" holds "${foreign[0]}"${foreign.length > 1 ? ` and ${foreign.length - 1} more` : ''}, which Reelmend did not write, and which would be lost. Move it elsewhere.`,
    );
  }
  return true;
}

async function isFree(out: string): Promise<boolean> {
  const facts = await stat(out).catch(() => null);
  return facts === null || (facts.isDirectory() && (await readdir(out)).length === 0);
}

async function publishedKey(work: string): Promise<string | null> {
  return readFile(join(work, PUBLISHED), 'utf8').catch(() => null);
}

async function markPublished(work: string, key: string): Promise<void> {
  const path = join(work, PUBLISHED);
  const draft = unfinishedName(path);
  await writeDurably(draft, Buffer.from(key));
  await publish(draft, path);
}

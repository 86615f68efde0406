import { access, constants, stat } from 'node:fs/promises';
import type { InferenceCounts, RunCounts } from '../../carry/track/inference-counts.ts';
import { sha256OfFiles } from '../../disk/durable.ts';
import type { FoundPicture } from '../../media/read/pictures/list-pictures.ts';
import type { PictureRecord } from '../../report/pictures/picture-record.ts';
import type { WrittenPicture } from '../../workers/picture-service.ts';
import { proxySize } from '../analysis/track-frames.ts';
import type { EachOutput } from './each-output.ts';
import { type EachRun, pictureKey } from './each-run.ts';
import { facesOfPicture } from './find-faces.ts';
import type { Lane } from './lanes.ts';
import { castPicture } from './picture-faces.ts';
import { type FaceTools, restoredFaces } from './restored-faces.ts';
import { stopwatch } from './stopwatch.ts';

/** What pictures are restored with. */
export interface PictureTools extends FaceTools {
  readonly run: EachRun;
  /** What every result depends on beside its picture. */
  readonly runKey: string;
  readonly output: EachOutput;
}

/**
 * Restores one picture, from its file to that of its name: what is no restored face is the file's own. Null where an earlier run has
 * done it as this one would.
 */
export async function restorePicture(
  found: FoundPicture,
  lane: Lane,
  tools: PictureTools,
): Promise<PictureRecord | null> {
  const { run, runKey, output, signal } = tools;
  const lap = stopwatch();
  const { transfer, layer, ffmpeg } = run.job;
  const opened = await lane.pictures.call('open', { path: found.path, transfer, layer, ffmpeg });
  const { name } = found;
  const key = pictureKey(runKey, name, opened.sha256);
  const known = output.records.get(name);
  if (opened.sha256 !== null && known?.key === key && (await output.holds(known))) return null;
  const begun = { name, key, source: { sha256: opened.sha256, bytes: found.bytes, written: found.written } };
  const seconds = { read: lap(), networks: 0, restore: 0, write: 0 };
  signal.throwIfAborted();
  if ('damage' in opened) {
    const passed = await passedDamage(found, key, opened.sha256, output);
    seconds.write = lap();
    const outcome = passed ? 'damaged' : 'lost';
    return { ...begun, output: passed, outcome, why: opened.damage, faces: [], runs: NO_RUNS, seconds, notes: [] };
  }

  const { reel, obstacle, note } = opened;
  const size = { width: reel.width, height: reel.height, samples: reel.format.name };
  const sha256 = opened.sha256 as string;
  const proxy = proxySize(reel, run.preset.proxy.longSide);
  const rgb = await lane.pictures.call('proxy', proxy);
  seconds.read += lap();
  const { tracks, counts } = await facesOfPicture(
    lane.tracking,
    { rgb, proxy, reel },
    { preset: run.preset, reuse: run.job.reuse },
  );
  const faces = await castPicture(tracks, { reel, sha256 }, run);
  seconds.networks = lap();
  signal.throwIfAborted();

  const picture = {
    reel,
    key,
    draft: output.draft(key),
    unwritable: obstacle && `cannot be changed: ${obstacle}`,
    faces,
  };
  const restored = await restoredFaces(picture, lane, tools);
  seconds.restore = lap() - restored.writing;
  if (!restored.written) await output.pass(found.path, key);
  seconds.write = lap() + restored.writing;
  return {
    ...begun,
    ...{ size, faces: [...restored.records], seconds },
    output: restored.written ?? { sha256, bytes: opened.bytes },
    outcome: restored.written ? 'restored' : 'untouched',
    ...(restored.unwritten === null ? {} : { why: `has a face to restore, but its file ${restored.unwritten}` }),
    runs: { ...runsOf(counts), restorer: restored.records.filter(({ outcome }) => outcome === 'restored').length },
    notes: [...restored.notes, ...(restored.written && note ? [`${note}.`] : [])],
  };
}

/** Copies a damaged picture as it is; null where no byte of it can be had. */
async function passedDamage(
  { path }: FoundPicture,
  key: string,
  sha256: string | null,
  output: EachOutput,
): Promise<WrittenPicture | null> {
  const isThere = await access(path, constants.R_OK).then(
    () => true,
    () => false,
  );
  if (!isThere) return null;
  await output.pass(path, key);
  const { size } = await stat(output.draft(key));
  return { sha256: sha256 ?? (await sha256OfFiles([output.draft(key)])), bytes: size };
}

const NO_RUNS = { detector: 0, landmarker: 0, refiner: 0, recogniser: 0, restorer: 0 } as const;

function runsOf(counts: InferenceCounts): Omit<PictureRecord['runs'], 'restorer'> {
  const sum = (of: RunCounts | undefined) => Object.values(of ?? {}).reduce((all, runs) => all + runs, 0);
  const { detector, landmarker, refiner, recogniser } = counts;
  return {
    detector: sum(detector),
    landmarker: sum(landmarker),
    refiner: sum(refiner),
    recogniser: sum(recogniser),
  };
}

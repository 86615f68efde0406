import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder, publish, sweepStale, unfinishedName, writeDurably } from '../../disk/durable.ts';
import { frameStem } from '../../film/reel-name.ts';
import type { RunPlan } from '../work/plan-run.ts';
import { cornerPinKeyframes, trackPointKeyframes } from './after-effects-track.ts';
import { nukeTrack } from './nuke-track.ts';
import { type TrackedFace, trackedFace } from './tracked-face.ts';

/** The files of a track, by what is added to its name. */
const FILES: Readonly<Record<string, (face: TrackedFace, name: string) => string>> = {
  nk: nukeTrack,
  'corner-pin.txt': cornerPinKeyframes,
  'points.txt': trackPointKeyframes,
};

/**
 * Writes the restored tracks of a run for compositors where they are wanted, `<name>.<track>.nk` and so on; files of the reel's other
 * tracks, which an earlier run may have left there, are removed.
 */
export async function writeTrackFiles({
  analysis: { reel, tracked },
  tracks,
  place: { tracks: folder },
}: Pick<RunPlan, 'analysis' | 'tracks' | 'place'>): Promise<void> {
  if (folder === undefined) return;
  await makeFolder(folder);
  await sweepStale(folder);
  const restored = new Map(tracks.map(({ id, track }) => [id, track]));
  const name = frameStem(reel);
  for (const { id } of tracked.tracks) {
    const track = restored.get(id);
    const face = track && trackedFace(reel, track);
    for (const [end, textOf] of Object.entries(FILES)) {
      const path = join(folder, `${name}.${id}.${end}`);
      if (!face) await rm(path, { force: true });
      else await writeWhole(path, textOf(face, name));
    }
  }
}

async function writeWhole(path: string, text: string): Promise<void> {
  const draft = unfinishedName(path);
  await writeDurably(draft, Buffer.from(text));
  await publish(draft, path);
}

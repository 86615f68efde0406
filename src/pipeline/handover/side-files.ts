import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { copyDurably, makeFolder, publish, sweepStale, unfinishedName, writeDurably } from '../../disk/durable.ts';
import type { FrameRange } from '../../film/range.ts';
import type { Reel } from '../../film/reel.ts';
import type { FrameToHandOver, SideOutput } from './side-output.ts';

/** Writes a frame's files into a take's folder. */
export async function keepSides(
  takeFolder: string,
  sides: readonly SideOutput[],
  frame: FrameToHandOver,
): Promise<void> {
  for (const side of sides) {
    const folder = sideIn(takeFolder, side);
    await makeFolder(folder);
    await writeDurably(join(folder, side.nameOf(frame.reel, frame.plate.frame)), await side.encode(frame));
  }
}

/** Where the files of a side output lie in a take's folder. */
function sideIn(takeFolder: string, { id }: SideOutput): string {
  return join(takeFolder, id);
}

/** How many files are where a side output goes; 0 where there is no such folder. */
export async function countSide({ folder, hasName }: SideOutput): Promise<number> {
  return (await namesIn(folder)).filter(hasName).length;
}

/**
 * Copies the files of takes, which lie in `takeFolders`, to where a person asked for them.
 *
 * @param replaced frames whose files an earlier output may have left there: those that no take has are removed
 */
export async function deliverSide(
  side: SideOutput,
  takeFolders: readonly string[],
  reel: Reel,
  replaced: FrameRange | null,
): Promise<void> {
  const to = side.folder;
  await makeFolder(to);
  await sweepStale(to);
  const delivered = new Set<string>();
  for (const folder of takeFolders.map((take) => sideIn(take, side))) {
    for (const name of await namesIn(folder)) {
      const final = join(to, name);
      const draft = unfinishedName(final);
      await copyDurably(join(folder, name), draft);
      await publish(draft, final);
      delivered.add(name);
    }
  }
  for (let frame = replaced?.in ?? 0; frame < (replaced?.out ?? 0); frame++) {
    const name = side.nameOf(reel, frame);
    if (!delivered.has(name)) await rm(join(to, name), { force: true });
  }
}

function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}

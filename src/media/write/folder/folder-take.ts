import { access, constants, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { copyDurably, writeDurably } from '../../../disk/durable.ts';
import type { Changes } from '../../../film/orientation.ts';
import type { Plate } from '../../../film/plate.ts';
import { type FrameRange, lengthOf } from '../../../film/range.ts';
import type { FolderReel } from '../../../film/reel.ts';
import { ReelError } from '../../../film/reel-error.ts';
import { DamagedStill } from '../../still/damaged-still.ts';
import { spliceStill } from '../../still/still.ts';
import { stillChange } from '../changed-still.ts';
import { declaredFrame } from '../declared-frame.ts';
import { type FrameTakePlace, frameTake } from '../frame-take.ts';
import type { Alteration, Declaring, TakePlace, TakeWriter } from '../target.ts';

/** Writes the frames of a take into a folder, in the source's own kind. */
export function folderTake(
  reel: FolderReel,
  take: FrameRange,
  place: FrameTakePlace & Pick<TakePlace, 'note'> & { readonly declaring: Declaring | undefined },
): TakeWriter {
  const { unfinished } = place;
  const pass = (frame: number) => passFrame(reel, frame, unfinished);
  const write = async (plate: Plate, changed: Alteration | null) => {
    if (changed === null || lengthOf(changed) <= 0) return pass(plate.frame);
    const { path, spliced } = await changedFrame(reel, plate, changed);
    const file = await declaredFrame({ kind: reel.still, file: spliced, layer: reel.layer }, changed, place);
    await writeDurably(join(unfinished, basename(path)), file);
  };
  return frameTake(take, { write, pass }, place);
}

/** Copies a frame's file, byte for byte; nothing where the reel has none. @throws ReelError when it can no longer be read */
export async function passFrame(reel: FolderReel, frame: number, folder: string): Promise<void> {
  const file = reel.files[frame];
  if (!file) return;
  await access(file, constants.R_OK).catch((cause: unknown) => {
    throw goneError(file, cause);
  });
  await copyDurably(file, join(folder, basename(file)));
}

async function changedFrame(
  reel: FolderReel,
  plate: Plate,
  changed: Changes,
): Promise<{ readonly path: string; readonly spliced: Buffer }> {
  const file = reel.files[plate.frame];
  if (!file) throw new TypeError(`Frame ${plate.frame} is missing from the reel and cannot be written.`);
  const source = await readFile(file).catch((cause: unknown) => {
    throw goneError(file, cause);
  });
  const change = stillChange(reel, plate, changed);
  const spliced = await spliceStill(reel.still, source, change.plate, change.rows).catch((cause: unknown) => {
    const why = cause instanceof DamagedStill ? cause.message : `cannot be changed: ${(cause as Error).message}`;
    throw new ReelError(`"${file}" ${why}. Check the file, or leave the frame out with --overrides.`, { cause });
  });
  return { path: file, spliced };
}

function goneError(file: string, cause: unknown): ReelError {
  return new ReelError(`"${file}" can no longer be read. Put it back and run the same command again.`, { cause });
}

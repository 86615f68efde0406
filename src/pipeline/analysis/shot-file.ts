import { z } from 'zod';
import { readSealed, writeSealed } from '../../disk/sealed-file.ts';
import type { FaceTrack } from '../../face/track.ts';
import { readTrack, trackFloats, trackHeader, trackingShape } from './track-schema.ts';
import type { KeptShot } from './tracked-reel.ts';

/** Changes with the layout of the file. */
export const SHOT_FILE_FORMAT = 'reelmend-tracked-shot/2';
const MAGIC = 'RMTRACK2';

const headerSchema = z.object({
  format: z.literal(SHOT_FILE_FORMAT),
  in: z.int(),
  out: z.int(),
  startsShot: z.boolean(),
  endsShot: z.boolean(),
  ...trackingShape,
});

/** Writes a new file of a shot's tracks and waits until it is on the disk. */
export async function writeShot(path: string, shot: KeptShot): Promise<void> {
  const { in: from, out, startsShot, endsShot, tracks, histories, searches, damaged } = shot;
  const header: z.input<typeof headerSchema> = {
    format: SHOT_FILE_FORMAT,
    in: from,
    out,
    startsShot,
    endsShot,
    tracks: tracks.map(trackHeader),
    histories: histories.map((history) => ({
      ...history,
      decisions: [...history.decisions],
      audits: [...history.audits],
    })),
    searches: [...searches],
    damaged: [...damaged],
  };
  await writeSealed(path, MAGIC, header, trackFloats(tracks));
}

/**
 * Reads a file that `writeShot` wrote.
 *
 * @throws Error that says, as the end of a sentence, what is wrong with it.
 */
export async function readShot(path: string): Promise<KeptShot> {
  return readSealed(path, MAGIC, async (json, next) => {
    const header = headerSchema.safeParse(json);
    if (!header.success) throw new Error('its header is damaged or of another version', { cause: header.error });
    const { format: _, tracks: written, damaged, ...shot } = header.data;
    const tracks: FaceTrack[] = [];
    for (const track of written) tracks.push(await readTrack(track, next));
    return { ...shot, tracks, damaged: new Map(damaged) };
  });
}

import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { makeFolder, publish, unfinishedName } from '../../disk/durable.ts';
import { readSealed, writeSealed } from '../../disk/sealed-file.ts';
import type { FaceTrack } from '../../face/track.ts';
import {
  inferenceCountsSchema,
  readTrack,
  trackFloats,
  trackHeader,
  trackingShape,
} from '../../pipeline/analysis/track-schema.ts';
import type { SpanFindings } from '../../pipeline/analysis/track-spans.ts';

export const SPAN_FORMAT = 'reelmend-span/1';
const MAGIC = 'RMSPAN01';

const runs = z.int().nonnegative();
const { tracks, histories, searches, damaged } = trackingShape;
const headerSchema = z.object({
  format: z.literal(SPAN_FORMAT),
  shots: z.array(
    z.object({
      in: z.int(),
      out: z.int(),
      startsShot: z.boolean(),
      endsShot: z.boolean(),
      tracks,
      histories,
      searches,
    }),
  ),
  damaged,
  counts: inferenceCountsSchema,
  everyFrame: z.object({ detector: runs, landmarker: runs, recogniser: runs, refiner: runs.exactOptional() }),
});

/** Writes what was found in a span; the file has its name when it is whole. @throws OutputError */
export async function writeSpan(path: string, { shots, damaged, counts, everyFrame }: SpanFindings): Promise<void> {
  const header: z.input<typeof headerSchema> = {
    format: SPAN_FORMAT,
    shots: shots.map(({ in: from, out, startsShot, endsShot, tracks, histories, searches }) => ({
      ...{ in: from, out, startsShot, endsShot, tracks: tracks.map(trackHeader), searches: [...searches] },
      histories: histories.map((history) => ({
        ...history,
        decisions: [...history.decisions],
        audits: [...history.audits],
      })),
    })),
    damaged: [...damaged],
    counts,
    everyFrame,
  };
  const draft = unfinishedName(path);
  try {
    await makeFolder(dirname(path));
    await writeSealed(draft, MAGIC, header, trackFloats(shots.flatMap((shot) => shot.tracks)));
    await publish(draft, path);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => {});
    throw error;
  }
}

/** Null where there is no such file, or none that can be used. */
export async function readSpan(path: string): Promise<SpanFindings | null> {
  try {
    return await readSealed(path, MAGIC, async (json, next) => {
      const { shots, damaged, counts, everyFrame } = headerSchema.parse(json);
      const read: SpanFindings['shots'][number][] = [];
      for (const { tracks: written, ...shot } of shots) {
        const tracks: FaceTrack[] = [];
        for (const track of written) tracks.push(await readTrack(track, next));
        read.push({ ...shot, tracks });
      }
      return { shots: read, damaged: new Map(damaged), counts, everyFrame };
    });
  } catch {
    return null;
  }
}

import { rm } from 'node:fs/promises';
import { z } from 'zod';
import { publish, unfinishedName } from '../../disk/durable.ts';
import { outputError } from '../../disk/output-error.ts';
import { type NextFloats, readSealed, writeSealed } from '../../disk/sealed-file.ts';
import { LANDMARK_COUNT } from '../../face/landmarks.ts';
import type { FaceTrack } from '../../face/track.ts';
import { ReelError } from '../../film/reel-error.ts';
import { isRunningDevice, type RunningDevice } from '../../model/network-device.ts';
import { RESTORERS } from '../../restore/restorers.ts';
import { settingsSchema } from '../../settings/preset-schema.ts';
import type { ReelAnalysis } from './reel-analysis.ts';
import { reelOfWritten, reelSchema, writtenReel } from './reel-schema.ts';
import { inferenceCountsSchema, readTrack, trackFloats, trackHeader, trackingShape } from './track-schema.ts';

export const ANALYSIS_FORMAT = 'reelmend-analysis/2';
const MAGIC = 'RMANLYS1';

const runs = z.int().nonnegative();
const faceRef = z.union([
  z.object({ track: z.string() }),
  z.object({ frame: z.int(), point: z.tuple([z.number(), z.number()]) }),
]);
const box = z.tuple([z.number(), z.number(), z.number(), z.number()]);
const reelStill = z.object({ track: z.string(), frame: z.int() });

const preset = settingsSchema(RESTORERS).extend({ name: z.string(), description: z.string(), hash: z.string() });

/** Behind the header lie the floats of tracks, then people's embeddings, then landmarks and embedding of each still. */
const headerSchema = z.object({
  format: z.literal(ANALYSIS_FORMAT),
  reel: reelSchema,
  print: z.string(),
  range: z.object({ in: z.int(), out: z.int() }),
  chosen: z
    .array(
      z.object({
        name: z.string(),
        in: z.int(),
        out: z.int(),
        restorer: z.exactOptional(z.enum(RESTORERS.map(({ name }) => name))),
        preset: z.exactOptional(preset),
        cast: z.exactOptional(z.string().nullable()),
      }),
    )
    .nullable()
    .default(null),
  preset,
  overrides: z.object({
    cast: z.array(z.object({ face: faceRef, as: z.string().nullable() })),
    pins: z.array(z.object({ frame: z.int(), five: z.array(z.number()), track: z.exactOptional(z.string()) })),
    holdouts: z.array(z.object({ in: z.int(), out: z.int(), box: z.exactOptional(box) })),
    hash: z.string(),
  }),
  models: z.record(z.string(), z.string()),
  device: z.custom<RunningDevice>((given) => typeof given === 'string' && isRunningDevice(given)),
  deviceReason: z.string().default('An earlier analysis chose it.'),
  tracked: z.object({
    ...trackingShape,
    shots: z.array(z.object({ index: z.int(), in: z.int(), out: z.int(), passed: z.exactOptional(z.literal(true)) })),
    work: z
      .object({
        frames: z.int(),
        counts: inferenceCountsSchema,
        everyFrame: z.object({ detector: runs, landmarker: runs, recogniser: runs, refiner: z.exactOptional(runs) }),
      })
      .nullable(),
  }),
  /** `find`: elements of each embedding. */
  people: z.array(z.object({ name: z.string(), find: z.array(z.int().positive()) })),
  limits: z.object({
    threshold: z.number(),
    qualityShift: z.number(),
    floor: z.number(),
    qualityFloor: z.number(),
    hysteresis: z.number(),
  }),
  castings: z.array(z.object({ track: z.string(), person: z.string().nullable(), similarity: z.number() })),
  references: z.array(
    z.object({
      name: z.string(),
      stills: z.array(
        z.object({
          name: z.string(),
          sha256: z.string(),
          face: z.object({ score: z.number(), box, elements: z.int().positive() }),
        }),
      ),
    }),
  ),
  reelStills: z.array(z.tuple([z.string(), z.object({ frames: z.array(reelStill), choose: z.boolean() })])),
  notes: z.array(z.string()),
});
type Header = z.output<typeof headerSchema>;

/**
 * Writes an analysis to a file, over one of that name, and waits until it is on the disk.
 *
 * @throws OutputError where that cannot be.
 */
export async function writeAnalysis(path: string, analysis: ReelAnalysis): Promise<void> {
  const draft = unfinishedName(path);
  try {
    await writeSealed(draft, MAGIC, headerOf(analysis), floatsOf(analysis));
    await publish(draft, path);
  } catch (cause) {
    await rm(draft, { force: true }).catch(() => {});
    throw outputError(path, cause);
  }
}

/**
 * Reads an analysis that `writeAnalysis` wrote, on this machine or another.
 *
 * @throws ReelError for a file that is none, is damaged or of another version.
 */
export async function readAnalysis(path: string): Promise<ReelAnalysis> {
  try {
    return await readSealed(path, MAGIC, async (json, next) => {
      const header = headerSchema.safeParse(json);
      if (!header.success) throw new Error('its header is damaged or of another version', { cause: header.error });
      return analysisOf(header.data as Header, next);
    });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ReelError(`"${path}" is no analysis that can be used: ${reason}. Analyse the reel again.`, { cause });
  }
}

function headerOf(analysis: ReelAnalysis): unknown {
  const { reel, tracked, people, references, reelStills } = analysis;
  return {
    ...analysis,
    format: ANALYSIS_FORMAT,
    reel: writtenReel(reel),
    tracked: { ...tracked, tracks: tracked.tracks.map(trackHeader), damaged: [...tracked.damaged] },
    people: people.map(({ name, find }) => ({ name, find: find.map(({ length }) => length) })),
    references: references.map(({ name, stills }) => ({
      name,
      stills: stills.map(({ name, sha256, face: { score, box, embedding } }) => ({
        name,
        sha256,
        face: { score, box, elements: embedding.length },
      })),
    })),
    reelStills: [...reelStills],
  };
}

function* floatsOf({ tracked, people, references }: ReelAnalysis): Generator<Float32Array> {
  yield* trackFloats(tracked.tracks);
  for (const { find } of people) yield* find;
  for (const { stills } of references) {
    for (const { face } of stills) {
      yield face.landmarks;
      yield face.embedding;
    }
  }
}

async function analysisOf({ format: _, ...header }: Header, next: NextFloats): Promise<ReelAnalysis> {
  const tracks: FaceTrack[] = [];
  for (const track of header.tracked.tracks) tracks.push(await readTrack(track, next));
  const people: Array<ReelAnalysis['people'][number]> = [];
  for (const { name, find } of header.people) people.push({ name, find: await eachOf(find, next) });
  const references: Array<ReelAnalysis['references'][number]> = [];
  for (const { name, stills } of header.references) {
    const read: Array<ReelAnalysis['references'][number]['stills'][number]> = [];
    for (const { face, ...still } of stills) {
      const { elements, ...seen } = face;
      const landmarks = await next(3 * LANDMARK_COUNT);
      read.push({ ...still, face: { ...seen, landmarks, embedding: await next(elements) } });
    }
    references.push({ name, stills: read });
  }
  return {
    ...header,
    reel: reelOfWritten(header.reel),
    tracked: { ...header.tracked, tracks, damaged: new Map(header.tracked.damaged) },
    people,
    references,
    reelStills: new Map(header.reelStills),
  };
}

async function eachOf(lengths: readonly number[], next: NextFloats): Promise<Float32Array[]> {
  const floats: Float32Array[] = [];
  for (const length of lengths) floats.push(await next(length));
  return floats;
}

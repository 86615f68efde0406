import { createHash, type Hash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { z } from 'zod';
import { LANDMARK_COUNT } from '../../face/landmarks.ts';
import { BAND_DIRECTIONS, type FaceObservation } from '../../face/observation.ts';
import { OBSERVATION_FLOATS, viewsOf } from '../../face/packed-track.ts';
import type { FaceTrack } from '../../face/track.ts';
import type { TrackedReel } from './track-reel.ts';

/** Changes with the layout of the file, and with what observation makes of the same reel and settings. */
export const TRACK_BLOB_FORMAT = 'reelmend-track-cache/8';
const MAGIC = Buffer.from('RMTRACK1');
/** The magic, the header's length in bytes (u32, little-endian), and SHA-256 of the header and of all that follows. */
const PREAMBLE = MAGIC.length + 4 + 32;

/** Bytes that are gathered before they are written. */
const BLOCK_BYTES = 2 ** 18;

const RUN_REASONS = ['sweep', 'loss', 'identity', 'follow', 'backtrack', 'audit', 'every', 'between'] as const;
const runReasonSchema = z.enum(RUN_REASONS);
const lookReasonSchema = z.enum([...RUN_REASONS, 'skip', 'age', 'motion', 'tiles', 'unsure', 'missing']);
const countsSchema = z.partialRecord(runReasonSchema, z.int().nonnegative());

const headerSchema = z.object({
  format: z.literal(TRACK_BLOB_FORMAT),
  shots: z.array(z.object({ index: z.int(), in: z.int(), out: z.int() })),
  tracks: z.array(
    z.object({
      id: z.string(),
      shot: z.int(),
      in: z.int(),
      out: z.int(),
      /** origin (1 = detected), score, exposure, six colour statistics, blur, grain: one row a frame. */
      observations: z.array(z.array(z.number()).length(11)),
      identitySamples: z.array(z.object({ frame: z.int(), quality: z.number(), elements: z.int().positive() })),
    }),
  ),
  counts: z.object({
    detector: countsSchema,
    landmarker: countsSchema,
    recogniser: countsSchema,
    refiner: countsSchema.exactOptional(),
  }),
  histories: z.array(
    z.object({
      id: z.string(),
      looks: z.array(
        z.object({
          landmarker: lookReasonSchema,
          recogniser: runReasonSchema.nullable(),
          refiner: runReasonSchema.nullable(),
          limitDivisor: z.number(),
          age: z.int(),
          motion: z.number().nullable(),
          tiles: z.number().nullable(),
          disagreement: z.number().nullable(),
        }),
      ),
      audits: z.array(
        z.object({ frame: z.int(), rigid: z.number(), lips: z.number(), lids: z.number(), cosine: z.number() }),
      ),
      limitHalvings: z.int(),
      motion: z.object({ weave: z.number(), camera: z.number(), head: z.number() }).nullable(),
    }),
  ),
  searches: z.array(z.object({ frame: z.int(), reason: runReasonSchema })),
  /** Frame and what is wrong with it. */
  damaged: z.array(z.tuple([z.int(), z.string()])),
});
type Header = z.infer<typeof headerSchema>;

/** Writes a new file of tracks and waits until it is on the disk. */
export async function writeTracks(
  path: string,
  { shots, tracks, counts, histories, searches, damaged }: TrackedReel,
): Promise<void> {
  const header: Header = {
    format: TRACK_BLOB_FORMAT,
    shots: shots.map(({ index, in: from, out }) => ({ index, in: from, out })),
    tracks: tracks.map(({ id, shot, in: from, out, observations, identitySamples }) => ({
      id,
      shot,
      in: from,
      out,
      observations: observations.map(({ origin, score, light }) => [
        origin === 'detected' ? 1 : 0,
        score,
        light.exposure,
        ...light.colour,
        light.blur,
        light.grain,
      ]),
      identitySamples: identitySamples.map(({ frame, quality, embedding }) => ({
        frame,
        quality,
        elements: embedding.length,
      })),
    })),
    counts,
    histories: histories.map(({ id, looks, audits, limitHalvings, motion }) => ({
      id,
      looks: [...looks],
      audits: [...audits],
      limitHalvings,
      motion,
    })),
    searches: [...searches],
    damaged: [...damaged],
  };
  const json = Buffer.from(JSON.stringify(header));
  const hash = createHash('sha256').update(json);
  await using file = await open(path, 'wx');
  await file.write(Buffer.alloc(PREAMBLE));
  await file.write(json);
  for (const block of blocksOf(tracks)) {
    hash.update(block);
    for (let done = 0; done < block.length; ) done += (await file.write(block, done)).bytesWritten;
  }
  const preamble = Buffer.alloc(PREAMBLE);
  MAGIC.copy(preamble);
  preamble.writeUInt32LE(json.length, MAGIC.length);
  hash.digest().copy(preamble, MAGIC.length + 4);
  await file.write(preamble, 0, PREAMBLE, 0);
  await file.sync();
}

/** The floats of the tracks as `packTrack` lays them out, in blocks whose memory is used again: 2,000 frames are 13 MB. */
function* blocksOf(tracks: readonly FaceTrack[]): Generator<Uint8Array> {
  const block = new Uint8Array(BLOCK_BYTES);
  let full = 0;
  for (const { buffer, byteOffset, byteLength } of partsOf(tracks)) {
    for (let done = 0; done < byteLength; ) {
      const count = Math.min(byteLength - done, BLOCK_BYTES - full);
      block.set(new Uint8Array(buffer, byteOffset + done, count), full);
      full += count;
      done += count;
      if (full < BLOCK_BYTES) continue;
      yield block;
      full = 0;
    }
  }
  if (full > 0) yield block.subarray(0, full);
}

function* partsOf(tracks: readonly FaceTrack[]): Generator<Float32Array> {
  for (const { observations, identitySamples } of tracks) {
    for (const { landmarks, light } of observations) {
      yield landmarks;
      yield light.band;
    }
    for (const { embedding } of identitySamples) yield embedding;
  }
}

/**
 * Reads a file that `writeTracks` wrote.
 *
 * @throws Error that says, as the end of a sentence, what is wrong with it.
 */
export async function readTracks(path: string): Promise<TrackedReel> {
  await using file = await open(path, 'r');
  const preamble = await readExactly(file, PREAMBLE);
  if (!preamble.subarray(0, MAGIC.length).equals(MAGIC)) throw new Error('it is not a file of tracks');
  const { size } = await file.stat();
  const length = preamble.readUInt32LE(MAGIC.length);
  if (PREAMBLE + length > size) throw new Error('it is shorter than it says');
  const json = await readExactly(file, length);
  const hash = createHash('sha256').update(json);
  const header = parseHeader(json);
  const tracks: FaceTrack[] = [];
  for (const track of header.tracks) tracks.push(await readTrack(file, track, hash));
  if (!hash.digest().equals(preamble.subarray(MAGIC.length + 4))) throw new Error('it does not match its checksum');
  const { shots, counts, histories, searches, damaged } = header;
  return { shots, tracks, counts, histories, searches, damaged: new Map(damaged) };
}

function parseHeader(json: Buffer): Header {
  try {
    return headerSchema.parse(JSON.parse(json.toString('utf8')));
  } catch (cause) {
    throw new Error('its header is damaged or of another version', { cause });
  }
}

async function readTrack(file: FileHandle, track: Header['tracks'][number], hash: Hash): Promise<FaceTrack> {
  const embedded = track.identitySamples.reduce((sum, identity) => sum + identity.elements, 0);
  const count = track.observations.length * OBSERVATION_FLOATS + embedded;
  if (count * 4 > (await file.stat()).size) throw new Error('it is shorter than it says');
  const bytes = await readExactly(file, count * 4);
  hash.update(bytes);
  const next = viewsOf(new Float32Array(bytes.buffer, 0, count));
  const observations = track.observations.map((row, k): FaceObservation => {
    const [origin, score, exposure, ...rest] = row as [number, number, number, ...number[]];
    return {
      frame: track.in + k,
      origin: origin === 1 ? 'detected' : 'carried',
      score,
      landmarks: next(3 * LANDMARK_COUNT),
      light: {
        exposure,
        colour: rest.slice(0, 6),
        band: next(3 * BAND_DIRECTIONS),
        blur: rest[6] as number,
        grain: rest[7] as number,
      },
    };
  });
  const identitySamples = track.identitySamples.map(({ frame, quality, elements }) => ({
    frame,
    quality,
    embedding: next(elements),
  }));
  return { id: track.id, shot: track.shot, in: track.in, out: track.out, observations, identitySamples };
}

/** In memory of its own, from its first byte on, so that it can be seen as floats. */
async function readExactly(file: FileHandle, length: number): Promise<Buffer<ArrayBuffer>> {
  const buffer = Buffer.from(new ArrayBuffer(length));
  for (let done = 0; done < length; ) {
    const { bytesRead } = await file.read(buffer, done, length - done);
    if (bytesRead === 0) throw new Error('it is shorter than it says');
    done += bytesRead;
  }
  return buffer;
}

import { z } from 'zod';
import type { NextFloats } from '../../disk/sealed-file.ts';
import { LANDMARK_COUNT } from '../../face/landmarks.ts';
import { BAND_DIRECTIONS, type FaceObservation } from '../../face/observation.ts';
import { OBSERVATION_FLOATS, viewsOf } from '../../face/packed-track.ts';
import type { FaceTrack } from '../../face/track.ts';

const RUN_REASONS = [
  'sweep',
  'loss',
  'identity',
  'follow',
  'backtrack',
  'mirror',
  'audit',
  'every',
  'between',
] as const;
const runReasonSchema = z.enum(RUN_REASONS);
const landmarkerDecisionSchema = z.enum([
  ...RUN_REASONS,
  'skip',
  'age',
  'motion',
  'tiles',
  'unsure',
  'missing',
  'lapse',
]);

const trackSchema = z.object({
  id: z.string(),
  shot: z.int(),
  in: z.int(),
  out: z.int(),
  /** origin (1 = detected), score, exposure, six colour statistics, blur, grain: one row a frame. */
  observations: z.array(z.array(z.number()).length(11)),
  identitySamples: z.array(z.object({ frame: z.int(), quality: z.number(), elements: z.int().positive() })),
  appears: z.int().exactOptional(),
  vanishes: z.int().exactOptional(),
});

/** A track without its floats. */
type TrackHeader = z.output<typeof trackSchema>;

const historySchema = z.object({
  id: z.string(),
  decisions: z.array(
    z.object({
      landmarker: landmarkerDecisionSchema,
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
});

/** What tracking found, in a file's header; the tracks' floats lie behind it in the tracks' order. */
export const trackingShape = {
  tracks: z.array(trackSchema),
  histories: z.array(historySchema),
  searches: z.array(z.object({ frame: z.int(), reason: runReasonSchema })),
  /** Frame and what is wrong with it. */
  damaged: z.array(z.tuple([z.int(), z.string()])),
};

const countsSchema = z.partialRecord(runReasonSchema, z.int().nonnegative());

export const inferenceCountsSchema = z.object({
  detector: countsSchema,
  landmarker: countsSchema,
  recogniser: countsSchema,
  refiner: countsSchema.exactOptional(),
});

export function trackHeader({
  id,
  shot,
  in: from,
  out,
  observations,
  identitySamples,
  ...track
}: FaceTrack): TrackHeader {
  return {
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
    ...endsOf(track),
  };
}

/** The floats of tracks as `packTrack` lays them out. */
export function* trackFloats(tracks: readonly FaceTrack[]): Generator<Float32Array> {
  for (const { observations, identitySamples } of tracks) {
    for (const { landmarks, light } of observations) {
      yield landmarks;
      yield light.band;
    }
    for (const { embedding } of identitySamples) yield embedding;
  }
}

/** A track with its floats, all of them in one piece of memory. */
export async function readTrack(header: TrackHeader, nextFloats: NextFloats): Promise<FaceTrack> {
  const embedded = header.identitySamples.reduce((sum, identity) => sum + identity.elements, 0);
  const next = viewsOf(await nextFloats(header.observations.length * OBSERVATION_FLOATS + embedded));
  const observations = header.observations.map((row, k): FaceObservation => {
    const [origin, score, exposure, ...rest] = row as [number, number, number, ...number[]];
    return {
      frame: header.in + k,
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
  const identitySamples = header.identitySamples.map(({ frame, quality, elements }) => ({
    frame,
    quality,
    embedding: next(elements),
  }));
  const { id, shot, in: from, out } = header;
  return { id, shot, in: from, out, observations, identitySamples, ...endsOf(header) };
}

/** Where the whole track appears and vanishes, if it does. */
function endsOf({
  appears,
  vanishes,
}: Pick<FaceTrack, 'appears' | 'vanishes'>): Pick<FaceTrack, 'appears' | 'vanishes'> {
  return { ...(appears === undefined ? {} : { appears }), ...(vanishes === undefined ? {} : { vanishes }) };
}

import { z } from 'zod';
import type { InferenceCounts } from '../carry/track/inference-counts.ts';
import { boxOfLandmarks } from '../face/box.ts';
import type { Casting } from '../face/cast.ts';
import { eyeOpenings, fivePoints, mouthOpening } from '../face/landmarks.ts';
import type { FaceObservation } from '../face/observation.ts';
import type { FaceTrack } from '../face/track.ts';
import { formatRational } from '../film/rational.ts';
import type { Reel } from '../film/reel.ts';
import type { Shot } from '../film/shot.ts';
import { inferenceFacts, inferenceSchema } from './inference-schema.ts';

export const TRACKS_FORMAT = 'reelmend-tracks/1';

const frame = z.int().nonnegative();
const pixels = z.number();

/** The reel as contracts describe it. `first` is what people call frame 0; `samples` is the sample format's name. */
export const reelFactsSchema = z.strictObject({
  path: z.string(),
  width: z.int().positive(),
  height: z.int().positive(),
  rate: z.string().regex(/^\d+\/\d+$/),
  frames: z.int().nonnegative(),
  first: z.int(),
  samples: z.string(),
});

const observationSchema = z.strictObject({
  frame,
  origin: z.enum(['detected', 'carried']),
  score: z.number().min(0).max(1),
  /** x, y, width, height around all landmarks, plate pixels. */
  box: z.tuple([pixels, pixels, pixels, pixels]),
  five: z.array(pixels).length(10),
  mouth: z.number().nonnegative(),
  eyes: z.tuple([z.number().nonnegative(), z.number().nonnegative()]),
});

const trackSchema = z.strictObject({
  id: z.string(),
  /** Index in `shots`. */
  shot: z.int().nonnegative(),
  in: frame,
  out: frame,
  cast: z.string().nullable(),
  /**
   * Cosine to the person that the track is cast as; where it is not cast, to the nearest one; null where there was nobody to
   * find.
   */
  similarity: z.number().nullable(),
  observations: z.array(observationSchema),
});

/**
 * `tracks.json`. Coordinates are plate pixels, origin at the top-left edge of the top-left pixel; `in`, `out` and `frame` count
 * from 0 at the reel's first frame, ranges are half-open; openings are over inter-ocular distance.
 */
export const tracksFileSchema = z.strictObject({
  format: z.literal(TRACKS_FORMAT),
  /** True when the tracks came from the cache: then every count of `inference` is 0. */
  cached: z.boolean(),
  reel: reelFactsSchema,
  /** `passed`: nobody looked at its frames, since they are passed through. */
  shots: z.array(z.strictObject({ in: frame, out: frame, passed: z.exactOptional(z.literal(true)) })),
  tracks: z.array(trackSchema),
  /** SHA-256 of the record under which faces were put in others' places; absent where none was. */
  authorisation: z.exactOptional(z.string().regex(/^[0-9a-f]{64}$/)),
  inference: inferenceSchema,
});

export type ReelFacts = z.infer<typeof reelFactsSchema>;
export type TracksFile = z.infer<typeof tracksFileSchema>;

export function tracksFileOf(tracked: {
  readonly reel: Reel;
  readonly shots: readonly Omit<Shot, 'index'>[];
  readonly tracks: readonly FaceTrack[];
  /** Castings of the tracks, where there was somebody to find. */
  readonly castings: readonly Casting[];
  /** Network runs of tracking; null where the tracks came from the cache. */
  readonly counts: InferenceCounts | null;
}): TracksFile {
  const castings = new Map(tracked.castings.map((casting) => [casting.track, casting]));
  return {
    format: TRACKS_FORMAT,
    cached: tracked.counts === null,
    reel: reelFacts(tracked.reel),
    shots: tracked.shots.map(({ in: from, out, passed }) => ({ in: from, out, ...(passed ? { passed } : {}) })),
    tracks: tracked.tracks.map((track) => {
      const casting = castings.get(track.id);
      return {
        id: track.id,
        shot: track.shot,
        in: track.in,
        out: track.out,
        cast: casting?.person ?? null,
        similarity: casting ? rounded(casting.similarity, 4) : null,
        observations: track.observations.map(observationFacts),
      };
    }),
    inference: inferenceFacts(tracked.counts),
  };
}

export function reelFacts(reel: Reel): ReelFacts {
  const { path, width, height, frames, first } = reel;
  return { path, width, height, rate: formatRational(reel.rate), frames, first, samples: reel.format.name };
}

function observationFacts({ frame, origin, score, landmarks }: FaceObservation): z.infer<typeof observationSchema> {
  const [left, right] = eyeOpenings(landmarks);
  const [x, y, width, height] = boxOfLandmarks(landmarks);
  return {
    frame,
    origin,
    score: rounded(score, 4),
    box: [rounded(x, 2), rounded(y, 2), rounded(width, 2), rounded(height, 2)],
    five: fivePoints(landmarks).map((value) => rounded(value, 2)),
    mouth: rounded(mouthOpening(landmarks), 4),
    eyes: [rounded(left, 4), rounded(right, 4)],
  };
}

function rounded(value: number, places: number): number {
  const scale = 10 ** places;
  return Math.round(value * scale) / scale;
}

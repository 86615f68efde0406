import { z } from 'zod';
import { PATCH_ALPHAS } from '../film/patch-alpha.ts';
import { authorisedUseSchema } from './authorised-use.ts';
import { carryingFiguresSchema } from './carrying-figures.ts';
import { faceFiguresSchema } from './face-figures.ts';
import { inferenceSchema } from './inference-schema.ts';
import { networkLicenceSchema } from './network-licence.ts';
import { reelFactsSchema } from './tracks-file.ts';

export const REPORT_FORMAT = 'reelmend-report/1';

const count = z.int().nonnegative();
const range = z.strictObject({ in: count, out: count });
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** A damaged frame that was passed through as it is. `frame` counts from 0, `name` is its file or its number. */
const isolatedSchema = z.strictObject({ frame: count, name: z.string(), reason: z.string() });

const takeSchema = z.strictObject({
  shot: count,
  in: count,
  out: count,
  /** What it was rendered on: `cpu`, or an adapter's name; `copy` where nothing was restored. */
  device: z.string(),
  sha256,
  /** True where this run rendered it, false where an earlier run had. */
  redone: z.boolean(),
});

/** `alpha`: whether the patches' colour is multiplied by their alpha. */
const besideSchema = z.strictObject({
  kind: z.enum(['mattes', 'patches', 'tracks']),
  folder: z.string(),
  alpha: z.exactOptional(z.enum(PATCH_ALPHAS)),
});

/** Error of skipping on one track: per cent of the distance between the eyes, and the least cosine of an embedding. */
const trackAuditSchema = z.strictObject({
  sampled: count,
  rms: z.number(),
  p99: z.number(),
  rigid: z.number(),
  lips: z.number(),
  lids: z.number(),
  leastCosine: z.number(),
});

/** A master's worst frame against the reel, in its own numbering; `least` is null where nothing differs. */
const worst = z.strictObject({ least: z.number().nullable(), frame: z.int() }).nullable();
const mastersSchema = z.strictObject({
  made: z.array(
    z.strictObject({
      preset: z.string(),
      path: z.string(),
      frames: count,
      bytes: z.number(),
      lossless: z.boolean(),
      psnr: worst,
      ssim: worst,
    }),
  ),
  failed: z.array(z.strictObject({ preset: z.string(), why: z.string() })),
});

/** `report.json`: what one run did. Frames count from 0, ranges are half-open, numbers are in the unit that their name says. */
export const reportSchema = z.strictObject({
  format: z.literal(REPORT_FORMAT),
  /** Reelmend's own version. */
  version: z.string(),
  /** When the run ended, ISO 8601, UTC. */
  finished: z.iso.datetime(),
  /** What the result depends on; see `runKey`. A run with the same key finds its output finished by this. */
  job: sha256,
  reel: reelFactsSchema,
  preset: z.strictObject({ name: z.string(), hash: sha256 }),
  restorer: z.string(),
  /** What the run chose to render faces on, and why; takes name what each was rendered on. */
  device: z.strictObject({ name: z.string(), reason: z.string() }),
  /** The same of networks; absent in reports of earlier versions. */
  networkDevice: z.exactOptional(z.strictObject({ name: z.string(), reason: z.string() })),
  frames: z.strictObject({
    in: count,
    out: count,
    restored: count,
    untouched: count,
    isolated: z.array(isolatedSchema),
  }),
  /**
   * Network runs, and those of the restorer: on whole faces, on parts of faces, and faces that needed none. Faces in frames in which
   * maskers were asked, and to which masks were carried; absent without maskers.
   */
  inference: z.strictObject({
    ...inferenceSchema.shape,
    restorer: z.strictObject({ whole: count, part: count, skipped: count }),
    maskers: z.exactOptional(z.strictObject({ asked: count, carried: count })),
  }),
  /** Runs that the same networks would make on the same frames if they ran on every one. */
  everyFrame: z
    .strictObject({ detector: count, landmarker: count, recogniser: count, refiner: z.exactOptional(count) })
    .nullable(),
  /** Wall-clock seconds by stage. */
  seconds: z.record(z.string(), z.number().nonnegative()),
  /** Of all Reelmend's own processes together, encoders apart; null where the system does not say. */
  peakMemoryMiB: z.number().nonnegative().nullable(),
  takes: z.array(takeSchema),
  /** What was done to each restored track's face, and how each track was followed, by track. */
  faces: z.record(z.string(), faceFiguresSchema),
  carrying: z.record(z.string(), carryingFiguresSchema),
  /** By track, then by the metric's name; see `flickerFigures`. Null where too few frames in a row were restored. */
  flicker: z.record(z.string(), z.record(z.string(), z.number().nullable())),
  /**
   * Distance of carried landmarks from the network's in audited frames, per cent of the distance between the eyes; null without
   * audits.
   */
  audit: z
    .strictObject({
      sampled: count,
      rmsIod: z.number(),
      p99Iod: z.number(),
      tracks: z.record(z.string(), trackAuditSchema),
    })
    .nullable(),
  outputs: z.array(z.strictObject({ path: z.string(), sha256, frames: count })),
  /** What was written beside them for compositors; absent where nothing was asked for. */
  beside: z.exactOptional(z.array(besideSchema)),
  /**
   * Where faces are to be hidden: frames in which a track was hidden and not found, frames in which no face was found and nothing is
   * hidden, damaged frames, which are passed through, and tracks that show somebody who is excepted, hidden where in doubt. Absent where
   * none are.
   */
  hiding: z.exactOptional(
    z.strictObject({
      beyond: z.array(range.extend({ track: z.string() })),
      withoutFace: z.array(range),
      damaged: z.array(range),
      excepted: z.array(z.strictObject({ track: z.string(), person: z.string(), isHidden: z.boolean() })),
    }),
  ),
  /** Deliverables of the output, and those that could not be made; absent where none was asked for. */
  masters: z.exactOptional(mastersSchema),
  /** Records under which it shows people with others' faces, the latest last; absent where it does not. */
  authorisations: z.exactOptional(z.array(authorisedUseSchema)),
  /** Every network that the run could open, with its licence; absent in reports of versions that did not tell. */
  networks: z.exactOptional(z.array(networkLicenceSchema)),
  /** What a person should know, as sentences. */
  notes: z.array(z.string()),
});

export type Report = z.infer<typeof reportSchema>;

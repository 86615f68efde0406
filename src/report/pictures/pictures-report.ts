import { z } from 'zod';
import { authorisedUseSchema } from '../authorised-use.ts';
import { networkLicenceSchema } from '../network-licence.ts';

export const PICTURES_FORMAT = 'reelmend-pictures/1';

const count = z.int().nonnegative();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** `report.json` of a run that restored pictures each by itself. What became of each is in `pictures.jsonl`, a line a picture. */
export const picturesReportSchema = z.strictObject({
  format: z.literal(PICTURES_FORMAT),
  version: z.string(),
  /** When the run ended, ISO 8601, UTC. */
  finished: z.iso.datetime(),
  /** What every picture's result depends on beside the picture. */
  job: sha256,
  folder: z.string(),
  out: z.string(),
  preset: z.strictObject({ name: z.string(), hash: sha256 }),
  restorer: z.string(),
  device: z.strictObject({ name: z.string(), reason: z.string() }),
  /** Hashes of all networks, by id. */
  models: z.record(z.string(), z.string()),
  /** The same networks, with their licences; absent in reports of versions that did not tell. */
  networks: z.exactOptional(z.array(networkLicenceSchema)),
  people: z.array(z.string()),
  /** Cosine from which a face is somebody's; null where nobody was given. */
  threshold: z.number().nullable(),
  pictures: z.strictObject({ in: count, out: count, restored: count, untouched: count, damaged: count, lost: count }),
  faces: z.strictObject({ restored: count, refused: count, unmatched: count }),
  /** Pictures that this run did, and those that earlier runs had. */
  done: count,
  kept: count,
  /** Pictures that are worth a look. */
  doubtful: count,
  runs: z.strictObject({ detector: count, landmarker: count, refiner: count, recogniser: count, restorer: count }),
  /** Wall-clock seconds by stage, and sums over the pictures by what was done to each. */
  seconds: z.record(z.string(), z.number().nonnegative()),
  perPicture: z.strictObject({ read: z.number(), networks: z.number(), restore: z.number(), write: z.number() }),
  peakMemoryMiB: z.number().nonnegative().nullable(),
  notes: z.array(z.string()),
  /** The records under which faces were put in others' places, by this run and those whose pictures are kept; absent where none was. */
  authorisations: z.exactOptional(z.array(authorisedUseSchema)),
});

export type PicturesReport = z.infer<typeof picturesReportSchema>;

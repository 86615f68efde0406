import { resolve } from 'node:path';
import { hashOf } from '../../settings/canonical-json.ts';
import type { ReelAnalysis } from '../analysis/reel-analysis.ts';
import type { RestoreJob } from '../job.ts';

/** Raised whenever the same inputs would give other pixels or other files. */
const FORMAT = 3;

/**
 * What a run's result depends on: two runs with the same key write the same output, so a take finished by one serves the other.
 * SHA-256, lower-case hex.
 *
 * @param restoring hashes of the restorer's own networks, by id
 */
export function jobKey(job: RestoreJob, analysis: ReelAnalysis, restoring: Readonly<Record<string, string>>): string {
  const { print, range, reel, preset, models, references, reelStills, overrides, castings } = analysis;
  return hashOf({
    format: FORMAT,
    print,
    range,
    damaged: [...reel.damaged.keys()].sort((a, b) => a - b),
    transfer: reel.transfer,
    rate: reel.rate,
    preset: preset.hash,
    restorer: job.restorer ?? preset.restorer,
    faces: job.faces ?? null,
    grain: job.grain ?? 'own',
    models: { ...models, ...restoring },
    references: references.map(({ name, stills }) => ({ name, stills: stills.map((still) => still.sha256) })),
    reelStills: [...reelStills],
    castings,
    overrides: overrides.hash,
    reuse: job.reuse,
    device: job.device,
    out: resolve(job.out),
    codec: job.codec ?? null,
    mattes: job.mattes ? resolve(job.mattes) : null,
  });
}

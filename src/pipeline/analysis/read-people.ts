import { join } from 'node:path';
import { TRACKING_VERSION } from '../../carry/track/tracking-version.ts';
import { cacheFolder } from '../../disk/cache-folder.ts';
import { hashOf } from '../../settings/canonical-json.ts';
import type { SettledPreset } from '../../settings/settled-preset.ts';
import type { CastingJob } from '../job.ts';
import { type PersonReferences, stillReader } from '../stills/people.ts';
import { openStillFaceCache } from '../stills/still-face-cache.ts';
import type { StillPictures } from '../stills/still-pictures.ts';
import type { AskedPeople } from './cast-reel.ts';
import type { NetworkFacts, OpenNetworks } from './open-networks.ts';

/** What tracks and the faces of stills depend on beside their pictures and settings. */
export function trackingOrigin({ runtime, device, models }: NetworkFacts) {
  return { version: TRACKING_VERSION, runtime, device, models };
}

/**
 * Finds the faces in the stills of the people that a job names. It is done before tracking: a reference that cannot be used is
 * reported before an hour of it.
 *
 * @throws StillError for a still that cannot be used
 */
export async function readPeople(
  job: Pick<CastingJob, 'references' | 'find'>,
  { tracking: { detectorThreshold: threshold } }: SettledPreset,
  { tracking, facts }: OpenNetworks,
  pictures: StillPictures,
): Promise<AskedPeople & { readonly notes: readonly string[] }> {
  const faces = openStillFaceCache(join(cacheFolder(), 'stills'), hashOf({ ...trackingOrigin(facts), threshold }));
  const reader = stillReader(pictures, tracking, faces, threshold);
  const references: PersonReferences[] = [];
  for (const person of job.references) references.push(await reader.read(person, '--reference'));
  const finds: PersonReferences[] = [];
  for (const person of job.find) finds.push(await reader.read(person, '--find'));
  return { references, finds, notes: reader.notes };
}

import type { CastLimits } from '../../face/cast.ts';
import type { NetworkLicence } from '../../report/network-licence.ts';
import { RENDER_VERSION } from '../../restore/render-version.ts';
import { RESTORERS } from '../../restore/restorers.ts';
import { hashOf } from '../../settings/canonical-json.ts';
import { loadPreset, type Preset } from '../../settings/preset.ts';
import { type SettledPreset, settledPreset } from '../../settings/settled-preset.ts';
import { UsageError } from '../../settings/usage-error.ts';
import type { AnalysisResources } from '../analysis/analysis-resources.ts';
import type { AskedPeople } from '../analysis/cast-reel.ts';
import type { NetworkFacts, OpenNetworks } from '../analysis/open-networks.ts';
import { pullModels } from '../analysis/pull-models.ts';
import { readPeople, trackingOrigin } from '../analysis/read-people.ts';
import { networksUsed } from '../evidence/networks-used.ts';
import type { RestoreJob } from '../job.ts';
import { assertRunAuthorised } from '../render/authorised-run.ts';
import { choiceOf, restorerFor, restorerNetworks } from '../render/choose-restorer.ts';
import { assertAlone } from '../request/check-each.ts';
import { asFlag } from '../request/field-name.ts';
import type { RunOptions } from '../run-options.ts';
import { type FileStills, fileStills } from '../stills/file-stills.ts';

/** What all pictures of a run have in common. */
export interface EachRun {
  readonly job: RestoreJob;
  readonly preset: SettledPreset;
  readonly networks: NetworkFacts;
  readonly people: AskedPeople;
  readonly limits: CastLimits;
  readonly stills: FileStills;
  /** True where faces of nobody who was given are restored too. */
  readonly everyFace: boolean;
  /** Hashes of the networks that find faces and of those that restore them, by id. */
  readonly models: Readonly<Record<string, string>>;
  /** The same networks, with their licences. */
  readonly licences: readonly NetworkLicence[];
  /** What every picture's result depends on beside the picture, and the device that it is rendered on. */
  readonly origin: unknown;
  readonly notes: readonly string[];
}

/** @throws UsageError where the preset's restorer does nothing to a picture by itself, or needs a record that the job has not */
export async function eachPreset(job: RestoreJob): Promise<Preset> {
  const preset = await loadPreset(job.preset, RESTORERS, job.settings);
  assertAlone(job.restorer ?? preset.restorer, job.references.length > 0, asFlag);
  assertRunAuthorised(job, { preset, chosen: null, reel: { path: job.reel } });
  return preset;
}

/** Reads the people's stills and fetches the networks. */
export async function openEachRun(
  job: RestoreJob,
  chosen: Preset,
  networks: OpenNetworks,
  { ffmpeg, library, pictures }: AnalysisResources,
  options: RunOptions,
): Promise<EachRun> {
  const preset = settledPreset(chosen, networks.facts);
  const { notes, ...people } = await readPeople(job, preset, networks, pictures);
  const restoring = await pullModels(library, restorerNetworks(RESTORERS, [{ preset, request: job }]), options);
  const { facts } = networks;
  const limits = preset.casting;
  const isHiding = restorerFor(RESTORERS, preset, job, false)?.hides !== undefined;
  const isAnybodyGiven = people.references.length + people.finds.length > 0;
  const everyFace = (job.faces ?? (isAnybodyGiven && !isHiding ? 'cast' : 'all')) === 'all';
  if (job.except && !isHiding)
    throw new UsageError('--except: no face is hidden. Add --restorer anonymise, or leave it out.');
  const choices = [true, false].map((hasStills) => {
    const restorer = restorerFor(RESTORERS, preset, job, hasStills);
    return restorer && choiceOf(restorer, preset, job);
  });
  const { tracking } = preset;
  const hashes = (of: AskedPeople['finds']) =>
    of.map(({ name, stills }) => [name, stills.map(({ sha256 }) => sha256).sort()]);
  const origin = {
    renderVersion: RENDER_VERSION,
    tracking: trackingOrigin(facts),
    ffmpeg: ffmpeg.version,
    settings: { preset: preset.hash, tracking, limits, everyFace, except: job.except, reuse: job.reuse },
    read: { transfer: job.transfer, layer: job.layer ?? null },
    restorers: { choices, networks: restoring },
    people: { references: hashes(people.references), finds: hashes(people.finds) },
  };
  return {
    ...{ job, preset, networks: facts, people, limits, everyFace, origin, notes },
    models: { ...facts.models, ...restoring },
    licences: await networksUsed(library, Object.keys({ ...facts.models, ...restoring })),
    stills: fileStills(people.references, pictures),
  };
}

/** The key of a picture's result; two with the same key are the same to the bit. */
export function pictureKey(run: string, name: string, sha256: string | null): string {
  return hashOf({ run, name, sha256 });
}

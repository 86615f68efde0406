import type { Task } from '../../model/contract.ts';
import type { ModelLibrary } from '../../model/library.ts';
import { assertAccepted } from '../../model/licence/accepted-licences.ts';
import { withNeeded } from '../../model/needed-networks.ts';
import { RESTORERS } from '../../restore/restorers.ts';
import { UsageError } from '../../settings/usage-error.ts';
import type { OpenedReel } from '../analysis/begin-analysis.ts';
import { chooseModels, modelIds } from '../analysis/choose-models.ts';
import type { CastingJob } from '../job.ts';
import { choicesOf, paintingsOf, type RestorerRequest, restorerNetworks } from './choose-restorer.ts';

/** What a setting says where it names no network. */
const NO_NETWORK = 'none';

/** What networks settings take, and the flags that are short for them. */
const TASKS: Readonly<Record<string, { readonly flag: string; readonly tasks: readonly Task[] }>> = {
  'enhance.model': { flag: '--enhancer', tasks: ['upscale', 'restore'] },
  'swap.model': { flag: '--model', tasks: ['swap'] },
  'swap.enhancer': { flag: '--enhancer', tasks: ['restore'] },
  'masking.models': { flag: '--masker', tasks: ['mask'] },
};

/**
 * Refuses a run, before anything costs time, that names a network for what it cannot do, whose networks' licences are not all accepted,
 * or of whose own files one is not there: networks that find and tell faces, and those of every restorer that a face may have.
 *
 * @throws UsageError, LicenceError; ModelError and ContractError for a network that is not known, or whose file is not as it was
 */
export async function assertNetworks(
  job: Pick<CastingJob, 'models' | 'settings'> & RestorerRequest,
  { preset, chosen }: Pick<OpenedReel, 'preset' | 'chosen'>,
  library: ModelLibrary,
): Promise<void> {
  const paintings = paintingsOf({ preset, request: job }, chosen);
  for (const [setting, value] of Object.entries(job.settings)) {
    await expectTaken(library, setting, value, TASKS[setting]?.flag);
  }
  for (const { name, settings, masking } of choicesOf(RESTORERS, paintings)) {
    for (const [key, value] of Object.entries(settings)) await expectTaken(library, `${name}.${key}`, value);
    await expectTaken(library, 'masking.models', masking?.models ?? []);
  }
  const tracking = await chooseModels(library, { ...preset.models, ...job.models }, 'cpu');
  const needed = await withNeeded(library, [...modelIds(tracking), ...restorerNetworks(RESTORERS, paintings)]);
  await assertAccepted(library, needed);
  for (const id of needed) await library.expectFile(id);
}

/** @param flag short for the setting where the run itself says it; absent where its preset does */
async function expectTaken(library: ModelLibrary, setting: string, value: unknown, flag?: string): Promise<void> {
  const taken = TASKS[setting];
  if (!taken) return;
  for (const one of [value].flat()) {
    if (one === NO_NETWORK) continue;
    const { id, task } = await library.contract(String(one));
    if (taken.tasks.includes(task)) continue;
    throw new UsageError(
      `${flag ?? `The preset’s ${setting}`} ${id}: it is a network that can ${task}; one that can ${taken.tasks.join(' or ')} was expected. See "reelmend models list".`,
    );
  }
}

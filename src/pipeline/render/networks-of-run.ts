import type { Contract, Task } from '../../model/contract.ts';
import type { ModelLibrary } from '../../model/library.ts';
import { assertAccepted } from '../../model/licence/accepted-licences.ts';
import { withNeeded } from '../../model/needed-networks.ts';
import { RESTORERS } from '../../restore/restorers.ts';
import { UsageError } from '../../settings/usage-error.ts';
import type { OpenedReel } from '../analysis/analyse.ts';
import { chooseModels, modelIds } from '../analysis/choose-models.ts';
import type { CastingJob } from '../job.ts';
import { paintingsOf, type RestorerRequest, restorerNetworks } from './choose-restorer.ts';

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
 * Refuses a run, before anything costs time, that names a network for what it cannot do, or whose networks' licences are not all
 * accepted: those that find and tell faces, and those of every restorer that a face may have.
 *
 * @throws UsageError, LicenceError; ModelError and ContractError for a network that is not known
 */
export async function assertNetworks(
  job: Pick<CastingJob, 'models' | 'settings'> & RestorerRequest,
  { preset, chosen }: Pick<OpenedReel, 'preset' | 'chosen'>,
  library: ModelLibrary,
): Promise<void> {
  for (const [setting, value] of Object.entries(job.settings)) {
    const taken = TASKS[setting];
    if (!taken) continue;
    for (const id of [value].flat()) if (id !== NO_NETWORK) expectTaken(await library.contract(String(id)), taken);
  }
  const tracking = await chooseModels(library, { ...preset.models, ...job.models }, 'cpu');
  const paintings = paintingsOf({ preset, request: job }, chosen);
  const restoring = restorerNetworks(RESTORERS, paintings);
  await assertAccepted(library, await withNeeded(library, [...modelIds(tracking), ...restoring]));
}

function expectTaken(
  { id, task }: Contract,
  { flag, tasks }: { readonly flag: string; readonly tasks: readonly Task[] },
) {
  if (tasks.includes(task)) return;
  throw new UsageError(
    `${flag} ${id}: it is a network that can ${task}; one that can ${tasks.join(' or ')} was expected. See "reelmend models list".`,
  );
}

import { expectTask } from '../../model/contract.ts';
import type { ModelLibrary } from '../../model/library.ts';
import type { RunningDevice } from '../../model/network-device.ts';
import { isHeavy } from '../../model/refiner.ts';
import type { Settings } from '../../settings/preset-schema.ts';
import type { ModelChoice } from '../../workers/tracking-service.ts';

/**
 * Which network does what: a heavy landmarker corrects the carrier in some frames, a light one needs no carrier. @throws
 * ContractError.
 */
export async function chooseModels(
  library: ModelLibrary,
  { detector, landmarker, recogniser, carrier }: Settings['models'],
  device: RunningDevice,
): Promise<ModelChoice> {
  expectTask(await library.contract(detector), 'detect');
  expectTask(await library.contract(recogniser), 'recognise');
  const contract = expectTask(await library.contract(landmarker), 'landmark');
  return isHeavy(contract)
    ? { detector, landmarker: carrier, recogniser, refiner: landmarker, device }
    : { detector, landmarker, recogniser, device };
}

/** Ids of the networks that were chosen. */
export function modelIds({ device: _, ...models }: ModelChoice): string[] {
  return Object.values(models);
}

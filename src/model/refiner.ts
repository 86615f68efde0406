import { bendMesh } from '../face/bend-mesh.ts';
import { cropOfLandmarks } from '../face/crop.ts';
import type { Refiner } from '../face/networks.ts';
import { type ContractOf, decoderOf, expectTask, pictureOf } from './contract.ts';
import { ContractError } from './contract-error.ts';
import type { NetworkOptions, Opened } from './detector.ts';
import { cropFace } from './face-crop.ts';
import type { ModelLibrary } from './library.ts';
import { sideOf } from './resample.ts';
import { openSession } from './session.ts';

/** Milliseconds from which a landmarker's run costs more than following a face between two runs. */
const HEAVY_COST = 15;

/** True for a landmarker that should run in some frames only, and correct a light one. */
export function isHeavy(contract: ContractOf<'landmark'>): boolean {
  expectLooking(contract);
  return contract.cost > HEAVY_COST || !decoderOf(contract).isMesh;
}

/** @throws ContractError where the network looks at no picture */
function expectLooking(contract: ContractOf<'landmark'>): void {
  if (!decoderOf(contract).readsPoints?.(contract.decoder)) return;
  throw new ContractError(
    contract.id,
    `Model "${contract.id}" guesses its points from five others and looks at no picture: it can neither place landmarks nor correct them. Name another landmarker.`,
  );
}

/**
 * Opens the landmarker `id` to correct the answers of a lighter one, fetching its weights where the cache lacks them.
 *
 * @throws ModelError, ContractError, DeviceError.
 */
export async function openRefiner(
  library: ModelLibrary,
  id: string,
  options: NetworkOptions = {},
): Promise<Opened<Refiner>> {
  const contract = expectTask(await library.contract(id), 'landmark');
  expectLooking(contract);
  const decoder = decoderOf(contract);
  const session = await openSession(await library.pull(id, options), contract, options);
  const side = sideOf(pictureOf(contract));
  return {
    id: contract.id,
    device: session.device,
    threshold: contract.threshold,
    async refine(picture, landmarks) {
      const { inputs, toPicture } = cropFace(picture, cropOfLandmarks(landmarks), contract);
      const placed = decoder.decode(await session.run(inputs), contract.decoder, side, toPicture);
      if ('landmarks' in placed) return placed;
      const { indices, places, presence } = placed;
      return { landmarks: bendMesh(landmarks, indices, places), presence };
    },
    [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
  };
}

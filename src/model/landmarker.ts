import { LANDMARK_COUNT } from '../face/landmarks.ts';
import { mirrorLandmarks } from '../face/mirror.ts';
import type { Landmarker } from '../face/networks.ts';
import { IDENTITY, transformLandmarks } from '../face/similarity.ts';
import { decoderOf, expectTask, pictureOf } from './contract.ts';
import { ContractError } from './contract-error.ts';
import type { NetworkOptions, Opened } from './detector.ts';
import { cropFace } from './face-crop.ts';
import type { ModelLibrary } from './library.ts';
import { sideOf } from './resample.ts';
import { openSession } from './session.ts';

/**
 * Opens the landmarker `id`, fetching its weights where the cache lacks them. Its answers are in picture pixels, turned back.
 *
 * @throws ModelError, ContractError (also where it cannot place the whole mesh), DeviceError.
 */
export async function openLandmarker(
  library: ModelLibrary,
  id: string,
  options: NetworkOptions = {},
): Promise<Opened<Landmarker>> {
  const contract = expectTask(await library.contract(id), 'landmark');
  const decoder = decoderOf(contract);
  if (!decoder.isMesh) {
    throw new ContractError(
      contract.id,
      `Model "${contract.id}" places ${decoder.points(contract.decoder)} points, not the mesh's ${LANDMARK_COUNT}: it can correct a landmarker, not be one. Name one whose decoder is "face-mesh".`,
    );
  }
  const session = await openSession(await library.pull(id, options), contract, options);
  const side = sideOf(pictureOf(contract));
  return {
    id: contract.id,
    device: session.device,
    async landmarks(picture, crop, isMirrored = false) {
      const { inputs, toPicture } = cropFace(picture, crop, contract, isMirrored);
      const placed = decoder.decode(await session.run(inputs), contract.decoder, side, IDENTITY);
      if (!('landmarks' in placed)) throw new TypeError('Unreachable: its decoder places the whole mesh.');
      const landmarks = isMirrored ? mirrorLandmarks(placed.landmarks, side) : placed.landmarks;
      return { landmarks: transformLandmarks(toPicture, landmarks), presence: placed.presence };
    },
    [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
  };
}

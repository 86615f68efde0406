import { LANDMARK_COUNT, type Landmarks } from '../face/landmarks.ts';
import type { Landmarker } from '../face/networks.ts';
import { type Similarity, transformLandmarks } from '../face/similarity.ts';
import { type ContractOf, expectTask } from './contract.ts';
import { ContractError } from './contract-error.ts';
import type { Opened, OpenOptions } from './detector.ts';
import { cropFace } from './face-crop.ts';
import type { ModelLibrary } from './library.ts';
import { openSession } from './session.ts';

/**
 * Opens the landmarker `id`, fetching its weights where the cache lacks them. Its answers are in picture pixels, turned back.
 *
 * @throws ModelError, ContractError (also where it cannot place the whole mesh), DeviceError.
 */
export async function openLandmarker(
  library: ModelLibrary,
  id: string,
  options: OpenOptions = {},
): Promise<Opened<Landmarker>> {
  const contract = expectTask(await library.contract(id), 'landmark');
  const { decoder } = contract;
  if (decoder.kind !== 'face-mesh') {
    throw new ContractError(
      contract.id,
      `Model "${contract.id}" places ${decoder.mesh.length} points, not the mesh's ${LANDMARK_COUNT}: it can correct a landmarker, not be one. Name one whose decoder is "face-mesh".`,
    );
  }
  const session = await openSession(await library.pull(id, options), contract, options);
  return {
    id: contract.id,
    device: session.device,
    async landmarks(picture, crop) {
      const { input, toPicture } = cropFace(picture, crop, contract);
      return decodeMesh(await session.run(input), decoder, toPicture);
    },
    [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
  };
}

/** The mesh in picture pixels, and how sure the network is that the crop shows a face. */
export function decodeMesh(
  outputs: ReadonlyMap<string, Float32Array>,
  decoder: Extract<ContractOf<'landmark'>['decoder'], { kind: 'face-mesh' }>,
  toPicture: Similarity,
): { landmarks: Landmarks; presence: number } {
  const points = (outputs.get(decoder.points) as Float32Array).subarray(0, 3 * LANDMARK_COUNT);
  return {
    landmarks: transformLandmarks(toPicture, points),
    presence: (outputs.get(decoder.presence) as Float32Array)[0] as number,
  };
}

import type { Crop } from '../face/crop.ts';
import { LANDMARK_COUNT } from '../face/landmarks.ts';
import type { Landmarker } from '../face/networks.ts';
import { type Similarity, transformLandmarks } from '../face/similarity.ts';
import { expectTask } from './contract.ts';
import type { Opened, OpenOptions } from './detector.ts';
import type { ModelLibrary } from './library.ts';
import { resample, sideOf } from './resample.ts';
import { openSession } from './session.ts';

/**
 * Opens the landmarker `id`, fetching its weights where the cache lacks them. Its answers are in picture pixels, turned back.
 *
 * @throws ModelError, ContractError, DeviceError.
 */
export async function openLandmarker(
  library: ModelLibrary,
  id: string,
  options: OpenOptions = {},
): Promise<Opened<Landmarker>> {
  const contract = expectTask(await library.contract(id), 'landmark');
  const session = await openSession(await library.pull(id, options), contract, options);
  const { decoder, input } = contract;
  return {
    id: contract.id,
    device: session.device,
    async landmarks(picture, crop) {
      const toPicture = pictureOfCrop(crop, sideOf(input));
      const outputs = await session.run(resample(picture, toPicture, input, 'repeat'));
      const points = (outputs.get(decoder.points) as Float32Array).subarray(0, 3 * LANDMARK_COUNT);
      return {
        landmarks: transformLandmarks(toPicture, points),
        presence: (outputs.get(decoder.presence) as Float32Array)[0] as number,
      };
    },
    [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
  };
}

/** Carries the pixels of an input of `side` × `side` to where the crop lies in the picture. */
function pictureOfCrop({ x, y, size, angle }: Crop, side: number): Similarity {
  const a = (size / side) * Math.cos(angle);
  const b = (size / side) * Math.sin(angle);
  return { a, b, tx: x - ((a - b) * side) / 2, ty: y - ((a + b) * side) / 2 };
}

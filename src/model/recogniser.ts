import type { FivePoints } from '../face/landmarks.ts';
import type { Recogniser, RgbPicture } from '../face/networks.ts';
import type { Similarity } from '../face/similarity.ts';
import { type ContractOf, decoderOf, expectTask, pictureOf } from './contract.ts';
import type { NetworkOptions, Opened } from './detector.ts';
import type { ModelLibrary } from './library.ts';
import { resample, sideOf } from './resample.ts';
import { openSession } from './session.ts';
import { squareOnFace } from './template.ts';

/** How far the floor lies below the threshold where a contract states none, cosine: as far as MobileFaceNet's. */
const UNDER_THRESHOLD = 0.12;

/** A recogniser that also tells what its network answers, of whatever length: what other networks are fed. */
export interface OpenedRecogniser extends Opened<Recogniser> {
  vector(picture: RgbPicture, five: FivePoints): Promise<Float32Array>;
}

/**
 * Opens the recogniser `id`, fetching its weights where the cache lacks them. Embeddings have length 1.
 *
 * @throws ModelError, ContractError, DeviceError.
 */
export async function openRecogniser(
  library: ModelLibrary,
  id: string,
  options: NetworkOptions = {},
): Promise<OpenedRecogniser> {
  const contract = expectTask(await library.contract(id), 'recognise');
  const session = await openSession(await library.pull(id, options), contract, options);
  const input = pictureOf(contract);
  const decoder = decoderOf(contract);
  const run = (picture: RgbPicture, five: FivePoints) =>
    session.run({ [input.name]: resample(picture, squareOf(contract, five), input, 'repeat') });
  return {
    id: contract.id,
    device: session.device,
    threshold: contract.threshold,
    floor: floorOf(contract),
    embed: async (picture, five) => decoder.decode(await run(picture, five), contract.decoder),
    vector: async (picture, five) => decoder.vector(await run(picture, five), contract.decoder),
    [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
  };
}

/** See `Recogniser.floor`. */
export function floorOf({ decoder, threshold }: ContractOf<'recognise'>): number {
  return decoder.floor ?? threshold - UNDER_THRESHOLD;
}

/** Carries the network's input onto a face. */
function squareOf(contract: ContractOf<'recognise'>, five: FivePoints): Similarity {
  return squareOnFace(contract.template, sideOf(pictureOf(contract)), five);
}

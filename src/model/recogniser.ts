import type { FivePoints } from '../face/landmarks.ts';
import type { Recogniser, RgbPicture } from '../face/networks.ts';
import { fitSimilarity } from '../face/similarity.ts';
import { type ContractOf, decoderOf, expectTask, pictureOf } from './contract.ts';
import { ContractError } from './contract-error.ts';
import type { NetworkOptions, Opened } from './detector.ts';
import type { ModelLibrary } from './library.ts';
import { resample, sideOf } from './resample.ts';
import { openSession } from './session.ts';
import { fivePointsOfTemplate } from './template.ts';

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
  const template = templatePoints(contract);
  const session = await openSession(await library.pull(id, options), contract, options);
  const input = pictureOf(contract);
  const decoder = decoderOf(contract);
  const run = (picture: RgbPicture, five: FivePoints) =>
    session.run({ [input.name]: resample(picture, fitSimilarity(template, five), input, 'repeat') });
  return {
    id: contract.id,
    device: session.device,
    threshold: contract.threshold,
    embed: async (picture, five) => decoder.decode(await run(picture, five), contract.decoder),
    vector: async (picture, five) => decoder.vector(await run(picture, five), contract.decoder),
    [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
  };
}

/** The five points in pixels of the network's input, counted from the top-left edge. */
function templatePoints(contract: ContractOf<'recognise'>): FivePoints {
  const { id, template } = contract;
  const points = fivePointsOfTemplate(template, sideOf(pictureOf(contract)));
  if (points) return points;
  throw new ContractError(
    id,
    `Model "${id}": a recogniser aligns faces to five points, such as "arcface_112_v2" or "ffhq", but its contract says "${template.name}". Correct the contract.`,
  );
}

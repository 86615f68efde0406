import { normalised } from '../face/embedding.ts';
import type { FivePoints } from '../face/landmarks.ts';
import type { Recogniser } from '../face/networks.ts';
import { PATCH_TEMPLATE } from '../face/patch.ts';
import { fitSimilarity } from '../face/similarity.ts';
import { type ContractOf, expectTask } from './contract.ts';
import { ContractError } from './contract-error.ts';
import type { Opened, OpenOptions } from './detector.ts';
import type { ModelLibrary } from './library.ts';
import { resample, sideOf } from './resample.ts';
import { openSession } from './session.ts';

/** Five points on a picture of 112 × 112, counted from the centre of the first pixel (InsightFace, arcface_torch, face_align.py). */
const ARCFACE_112: FivePoints = [
  38.2946, 51.6963, 73.5318, 51.5014, 56.0252, 71.7366, 41.5493, 92.3655, 70.7299, 92.2041,
];

/**
 * Opens the recogniser `id`, fetching its weights where the cache lacks them. Embeddings have length 1.
 *
 * @throws ModelError, ContractError, DeviceError.
 */
export async function openRecogniser(
  library: ModelLibrary,
  id: string,
  options: OpenOptions = {},
): Promise<Opened<Recogniser>> {
  const contract = expectTask(await library.contract(id), 'recognise');
  const template = templatePoints(contract);
  const session = await openSession(await library.pull(id, options), contract, options);
  return {
    id: contract.id,
    device: session.device,
    threshold: contract.threshold,
    async embed(picture, five) {
      const input = resample(picture, fitSimilarity(template, five), contract.input, 'repeat');
      return normalised((await session.run(input)).get(contract.decoder.output) as Float32Array);
    },
    [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
  };
}

/** The five points in pixels of the network's input, counted from the top-left edge. */
function templatePoints({ id, template, input }: ContractOf<'recognise'>): FivePoints {
  const side = sideOf(input);
  switch (template.name) {
    case 'arcface_112_v2': {
      const { padding } = template;
      return ARCFACE_112.map((v) => side * (padding + (1 - 2 * padding) * ((v + 0.5) / 112)));
    }
    case 'ffhq':
      return PATCH_TEMPLATE.map((v) => side * v);
    default:
      throw new ContractError(
        id,
        `Model "${id}": a recogniser aligns faces to "arcface_112_v2" or "ffhq", but its contract says "${template.name}". Correct the contract.`,
      );
  }
}

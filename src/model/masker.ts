import type { Masker } from '../face/networks.ts';
import { decoderOf, expectTask, pictureOf } from './contract.ts';
import type { NetworkOptions, Opened } from './detector.ts';
import type { ModelLibrary } from './library.ts';
import { tensorOfPlanar } from './planar-tensor.ts';
import { sideOf } from './resample.ts';
import { openSession } from './session.ts';
import { laidFivePoints } from './template.ts';

export interface MaskerOptions extends NetworkOptions {
  /** The things that count as the face, where it tells several apart; default: what its contract says. */
  readonly classes?: readonly string[] | null;
}

/**
 * Opens the masker `id`, fetching its weights where the cache lacks them.
 *
 * @throws ModelError, ContractError, DeviceError.
 */
export async function openMasker(
  library: ModelLibrary,
  id: string,
  { classes = null, ...options }: MaskerOptions = {},
): Promise<Opened<Masker>> {
  const contract = expectTask(await library.contract(id), 'mask');
  const five = laidFivePoints(contract.template, 1);
  const session = await openSession(await library.pull(id, options), contract, options);
  const input = pictureOf(contract);
  const decoder = decoderOf(contract);
  const side = sideOf(input);
  return {
    id: contract.id,
    device: session.device,
    side,
    five,
    async mask(rgb) {
      const outputs = await session.run({ [input.name]: tensorOfPlanar(rgb, side * side, input) });
      return decoder.decode(outputs, contract.decoder, classes);
    },
    [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
  };
}

import type { Upscaler } from '../face/networks.ts';
import { decoderOf, expectTask, pictureOf } from './contract.ts';
import type { NetworkOptions, Opened } from './detector.ts';
import type { ModelLibrary } from './library.ts';
import { tensorOfPlanar } from './planar-tensor.ts';
import { openSession } from './session.ts';

/**
 * Opens the upscaler `id`, fetching its weights where the cache lacks them.
 *
 * @throws ModelError, ContractError, DeviceError.
 */
export async function openUpscaler(
  library: ModelLibrary,
  id: string,
  options: NetworkOptions = {},
): Promise<Opened<Upscaler>> {
  const contract = expectTask(await library.contract(id), 'upscale');
  const session = await openSession(await library.pull(id, options), contract, options);
  const input = pictureOf(contract);
  const decoder = decoderOf(contract);
  return {
    id: contract.id,
    device: session.device,
    factor: decoder.factor(contract.decoder),
    reach: decoder.reach(contract.decoder),
    async upscale(rgb, width, height) {
      const pixels = width * height;
      const shape = input.layout === 'NHWC' ? [1, height, width, 3] : [1, 3, height, width];
      const outputs = await session.run({ [input.name]: { data: tensorOfPlanar(rgb, pixels, input), shape } });
      return decoder.decode(outputs, contract.decoder, input, pixels);
    },
    [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
  };
}

import type { Upscaler } from '../face/networks.ts';
import { type ContractOf, decoderOf, expectTask, pictureOf } from './contract.ts';
import type { NetworkOptions, Opened } from './detector.ts';
import type { ModelLibrary } from './library.ts';
import { tensorOfPlanar } from './planar-tensor.ts';
import { openSession } from './session.ts';
import { type TileAxis, upscaledTiles } from './upscaled-tiles.ts';

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
  const factor = decoder.factor(contract.decoder);
  const reach = decoder.reach(contract.decoder);
  const [down, across] = input.layout === 'NHWC' ? [1, 2] : [2, 3];
  const tiles = { across: axisOf(contract, across), down: axisOf(contract, down), factor, overlap: 2 * reach };
  const run = async (rgb: Float32Array, width: number, height: number) => {
    const pixels = width * height;
    const shape = input.layout === 'NHWC' ? [1, height, width, 3] : [1, 3, height, width];
    const outputs = await session.run({ [input.name]: { data: tensorOfPlanar(rgb, pixels, input), shape } });
    return decoder.decode(outputs, contract.decoder, input, pixels);
  };
  return {
    id: contract.id,
    device: session.device,
    factor,
    reach,
    upscale: (rgb, width, height) => upscaledTiles(rgb, { width, height }, tiles, run),
    [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
  };
}

/** What sizes it can be shown along an axis of its picture's shape: the port's own, where that states one. */
function axisOf(contract: ContractOf<'upscale'>, axis: number): TileAxis {
  const size = pictureOf(contract).shape[axis] as number;
  const { tile, multiple } = decoderOf(contract).sizes(contract.decoder);
  return size > 0 ? { tile: size, isFixed: true, multiple } : { tile, isFixed: false, multiple };
}

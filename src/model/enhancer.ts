import type { Enhancer } from '../face/networks.ts';
import { decoderOf, expectTask, pictureOf } from './contract.ts';
import type { NetworkOptions, Opened } from './detector.ts';
import type { ModelLibrary } from './library.ts';
import { ModelError } from './model-error.ts';
import { tensorOfPlanar } from './planar-tensor.ts';
import { sideOf } from './resample.ts';
import { openSession } from './session.ts';
import { laidFivePoints } from './template.ts';

/**
 * Opens the face restorer `id`, fetching its weights where the cache lacks them.
 *
 * @throws ModelError, ContractError, DeviceError.
 */
export async function openEnhancer(
  library: ModelLibrary,
  id: string,
  options: NetworkOptions = {},
): Promise<Opened<Enhancer>> {
  const contract = expectTask(await library.contract(id), 'restore');
  const five = laidFivePoints(contract.template, 1);
  const session = await openSession(await library.pull(id, options), contract, options);
  const input = pictureOf(contract);
  const side = sideOf(input);
  const decoder = decoderOf(contract);
  const told = decoder.weight(contract.decoder);
  return {
    id: contract.id,
    device: session.device,
    side,
    five,
    async enhance(rgb, weight) {
      const outputs = await session.run({
        [input.name]: tensorOfPlanar(rgb, side * side, input),
        ...(told !== null && weight !== undefined ? { [told]: weight } : {}),
      });
      const answer = decoder.decode(outputs, contract.decoder, input, side * side);
      if (!answer.every(Number.isFinite)) throw notFinite(contract.id);
      return answer;
    },
    [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
  };
}

function notFinite(id: string): ModelError {
  return new ModelError(
    id,
    `Model "${id}" answered a picture with numbers that are not finite: its weights overflow on this device. Take its 32-bit file, or --device cpu.`,
  );
}

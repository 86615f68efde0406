import type { Swapper } from '../face/networks.ts';
import { type ContractOf, expectTask, pictureNamed } from './contract.ts';
import type { NetworkOptions, Opened } from './detector.ts';
import { openIdentitySource } from './identity-source.ts';
import type { ModelLibrary } from './library.ts';
import { planarOfTensor, tensorOfPlanar } from './planar-tensor.ts';
import { sideOf } from './resample.ts';
import { openSession } from './session.ts';
import { laidFivePoints } from './template.ts';

/**
 * Opens the swapper `id`, fetching its weights where the cache lacks them.
 *
 * @throws ModelError also where its recogniser, or the network that turns that one's vectors, is not there; ContractError, DeviceError.
 */
export async function openSwapper(
  library: ModelLibrary,
  id: string,
  options: NetworkOptions = {},
): Promise<Opened<Swapper>> {
  const contract = expectTask(await library.contract(id), 'swap');
  const { source, output, range } = contract.decoder;
  const target = pictureNamed(contract, contract.decoder.target);
  const side = sideOf(target);
  const five = laidFivePoints(target.template ?? contract.template, 1);
  const path = await library.pull(id, options);
  const identity = await openIdentitySource(library, contract, path, options);
  const session = await openSession(path, contract, options);
  const fedShape = shapeOf(contract, source.input);
  return {
    id: contract.id,
    device: session.device,
    side,
    five,
    identity,
    async swap(rgb, told) {
      const outputs = await session.run({
        [target.name]: tensorOfPlanar(rgb, side * side, target),
        [source.input]: { data: told, shape: fedShape },
      });
      return planarOfTensor(outputs.get(output) as Float32Array, side * side, { ...target, range });
    },
    [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
  };
}

/** The shape of an input, one where the file leaves a size open. */
function shapeOf({ inputs }: ContractOf<'swap'>, name: string): readonly number[] {
  return inputs.find((input) => input.name === name)?.shape.map((size) => Math.max(1, size)) ?? [];
}

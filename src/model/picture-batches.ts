import { takesSeveral } from './batch-fault.ts';
import { type Contract, pictureOf } from './contract.ts';
import type { Outputs } from './decoder.ts';
import type { ModelSession } from './session.ts';

/** Most pictures of one run: 8 of 640 × 640 are 40 MB before the network's first layer. */
const MOST_AT_ONCE = 8;

/** Shows a network a picture of each thing, and hands out its outputs with the thing, in their order. */
export type ShowEach = <T>(
  things: readonly T[],
  pictureOfThing: (thing: T) => Float32Array,
) => AsyncGenerator<readonly [thing: T, outputs: Outputs]>;

/**
 * How a network of one picture is shown many: several at once on an accelerator, where its contract leaves the first size open. One core
 * takes 3 to 10 % longer for eight at once than for one after another (`npm run bench -- batch`). A file may state that size open and have
 * it fixed inside, in a reshape: where a run of several fails, it is shown one at a time from then on.
 *
 * @param atOnce most pictures of a run
 */
export function showEach(
  contract: Contract,
  session: ModelSession,
  atOnce = session.device === 'cpu' ? 1 : MOST_AT_ONCE,
): ShowEach {
  const { name, shape } = pictureOf(contract);
  const one = [1, ...shape.slice(1)];
  const runOne = (data: Float32Array) => session.run({ [name]: { data, shape: one } });
  let most = contract.inputs.some(takesSeveral) ? atOnce : 1;
  const runSeveral = async (pictures: readonly Float32Array[]): Promise<readonly Outputs[]> => {
    const data = joined(pictures);
    try {
      const together = { data, shape: [pictures.length, ...shape.slice(1)] };
      return await session.runTogether({ [name]: together }, pictures.length);
    } catch {
      most = 1;
      const outputs: Outputs[] = [];
      for (const picture of pictures) outputs.push(await runOne(picture));
      return outputs;
    }
  };
  return async function* (things, pictureOfThing) {
    for (let from = 0, to = 0; from < things.length; from = to) {
      to = Math.min(from + most, things.length);
      const chunk = things.slice(from, to);
      const pictures = chunk.map(pictureOfThing);
      const outputs = pictures.length > 1 ? await runSeveral(pictures) : [await runOne(pictures[0] as Float32Array)];
      for (const [k, thing] of chunk.entries()) yield [thing, outputs[k] as Outputs] as const;
    }
  };
}

function joined(pictures: readonly Float32Array[]): Float32Array {
  const data = new Float32Array(pictures.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const picture of pictures) {
    data.set(picture, at);
    at += picture.length;
  }
  return data;
}

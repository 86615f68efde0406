import type { Outputs } from './decoder.ts';

/** What a network answered at one of its outputs: numbers, and their sizes by axis. */
export interface Answer {
  readonly name: string;
  readonly data: Float32Array;
  readonly dims: readonly number[];
}

/**
 * The outputs of each of the `pictures` that a network was run on at once, in their order: views of its answers.
 *
 * @throws RangeError where an answer has not so many blocks.
 */
export function splitOutputs(answers: readonly Answer[], pictures: number): Outputs[] {
  for (const { name, dims } of answers) {
    if (dims[0] === pictures) continue;
    throw new RangeError(
      `The output "${name}" of ${pictures} pictures has the shape [${dims.join(', ')}]; ${pictures} was expected as its first size.`,
    );
  }
  return Array.from({ length: pictures }, (_, k) => {
    const part = ({ data }: Answer) => data.subarray((k * data.length) / pictures, ((k + 1) * data.length) / pictures);
    return new Map(answers.map((answer) => [answer.name, part(answer)]));
  });
}

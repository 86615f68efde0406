import type { Ports } from './decoder.ts';
import type { InputPort } from './port.ts';

/** True of a picture of which a network takes any number at once. */
export function takesSeveral({ kind, shape }: InputPort): boolean {
  return kind === 'picture' && shape[0] === -1;
}

/**
 * Why a network that takes several pictures at once cannot be shown them, as a sentence without its full stop; null where it can be, or
 * takes one. The answers of each must be a block of every output: those of exports that fold the batch into the rows are not.
 */
export function batchFault(task: string, { inputs, outputs }: Ports): string | null {
  const picture = inputs.find(takesSeveral);
  if (!picture) return null;
  const instead = 'state 1 as the first size of its shape';
  if (task !== 'detect') {
    return `its picture "${picture.name}" is said to be any number at once (−1), but only detectors are shown several: ${instead}`;
  }
  const folded = outputs.find(({ shape }) => shape[0] !== -1 || shape.length < 3);
  return folded
    ? `its picture "${picture.name}" is any number at once (−1), but its output "${folded.name}" has the shape [${folded.shape.join(', ')}], not −1 and what belongs to each picture, such as [-1, rows, numbers]: their answers cannot be told apart, so ${instead}`
    : null;
}

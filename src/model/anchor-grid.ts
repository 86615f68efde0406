import { z } from 'zod';
import { elementsOf } from '../convert/dense-tensor.ts';
import type { Decoder, Outputs, Ports } from './decoder.ts';

/** Intersection over union from which two boxes count as one face. */
export const suppressionSchema = z.number().min(0).max(1);

/** A grid over a square input: one cell every `stride` input pixels, rows of cells from the top, `anchors` rows of an output a cell. */
export interface AnchorGrid {
  readonly stride: number;
  readonly anchors: number;
  /** The outputs that are read of it, and how many numbers each has an anchor. */
  readonly read: readonly (readonly [name: string, each: number])[];
}

/** A decoder's part about its ports, where it reads grids: the outputs that it reads, and what is wrong with a contract's. */
export function gridPorts<Settings extends { readonly kind: string }>(
  gridsOf: (settings: Settings) => readonly AnchorGrid[],
): Required<Pick<Decoder<'detect', z.ZodObject, Settings>, 'outputs' | 'fault'>> {
  return {
    outputs: (settings) => gridsOf(settings).flatMap(({ read }) => read.map(([name]) => name)),
    fault(settings, ports) {
      for (const grid of gridsOf(settings)) {
        const fault = gridFault(grid, ports);
        if (fault !== null) return fault;
      }
      return null;
    },
  };
}

/**
 * The numbers of a grid's outputs on an input of `side` × `side`, in the order in which they are read.
 *
 * @throws RangeError where they are not as many as each anchor has.
 */
export function gridNumbers(outputs: Outputs, { stride, anchors, read }: AnchorGrid, side: number): Float32Array[] {
  const rows = anchors * (side / stride) ** 2;
  return read.map(([name, each]) => {
    const numbers = outputs.get(name) as Float32Array;
    if (numbers.length === rows * each) return numbers;
    throw new RangeError(
      `The output "${name}" has ${numbers.length} numbers; ${each} for each of ${rows} anchors (stride ${stride}, input ${side} × ${side}) were expected.`,
    );
  });
}

/** What is wrong with a grid's outputs, as a sentence without its full stop; sizes that are open are not judged. */
function gridFault({ stride, anchors, read }: AnchorGrid, ports: Ports): string | null {
  const side = squareOf(ports);
  if (side === null) return null;
  if (side % stride !== 0) return `its input is ${side} pixels wide, which is no multiple of the stride ${stride}`;
  const rows = anchors * (side / stride) ** 2;
  for (const [name, each] of read) {
    const shape = ports.outputs.find((port) => port.name === name)?.shape ?? [];
    const ofOne = shape.length === 3 && shape[0] === -1 ? shape.slice(1) : shape;
    if (ofOne.includes(-1) || elementsOf(ofOne) === rows * each) continue;
    return `output "${name}" has the shape [${shape.join(', ')}], which is not ${each} for each of ${rows} anchors (stride ${stride}, ${anchors} a cell, input ${side} × ${side})`;
  }
  return null;
}

/** Side of the only picture's square; null where it is open. */
export function squareOf({ inputs }: Ports): number | null {
  const picture = inputs.find((port) => port.kind === 'picture');
  const side = picture?.kind === 'picture' ? picture.shape[picture.layout === 'NHWC' ? 1 : 2] : undefined;
  return side === undefined || side < 1 ? null : side;
}

import { type Applied, type ApplyOptions, applyRestoration, type Restored } from '../compute/cpu/apply.ts';
import { liftPatch } from '../compute/cpu/lift.ts';
import type { PlateColour } from '../compute/plate-colour.ts';
import type { Similarity } from '../face/similarity.ts';
import type { Region } from '../film/plate.ts';

/** What lifts patches and comps them back. Memory that is handed in is read only, but for `into`, and free again when the promise settles. */
export interface Device extends AsyncDisposable {
  /** As reports and journals name it, such as `cpu`. */
  readonly name: string;
  /** See `liftPatch`. */
  lift(
    region: Region,
    size: number,
    toPatch: Similarity,
    colour: PlateColour,
    into?: Float32Array,
  ): Promise<Float32Array>;
  /** See `applyRestoration`. */
  apply(
    region: Region,
    original: Float32Array,
    restored: Restored,
    size: number,
    toPatch: Similarity,
    colour: PlateColour,
    options: ApplyOptions,
  ): Promise<Applied>;
}

/** The processor itself, in the calling thread: call it from a worker. */
export function cpuDevice(): Device {
  return {
    name: 'cpu',
    lift: async (...request) => liftPatch(...request),
    apply: async (...request) => applyRestoration(...request),
    async [Symbol.asyncDispose]() {},
  };
}

import type { Compute } from '../../src/compute/compute.ts';
import { openCpuCompute } from '../../src/compute/cpu/cpu-compute.ts';
import { samplesOf } from '../../src/compute/cpu/cpu-image.ts';
import type { Image } from '../../src/compute/image.ts';
import type { Patch } from '../../src/compute/patch.ts';
import type { Roi } from '../../src/film/roi.ts';
import type { PatchWindow, Refusal, Restoration, RestorationFacts, Restorer } from '../../src/restore/restorer.ts';

/** A patch whose samples a test can look at: `rgb` is `Float32Array` of 3·size², planar. */
export type FloatPatch = Omit<Patch, 'rgb'> & { readonly rgb: Float32Array };

export interface FloatWindow {
  readonly centre: FloatPatch;
  readonly before: readonly FloatPatch[];
  readonly after: readonly FloatPatch[];
}

/** A restoration that was read. */
export interface FloatRestoration {
  readonly rgb: Float32Array;
  readonly matte: Float32Array;
  readonly facts?: RestorationFacts;
  readonly layers?: { readonly repaired?: Float32Array; readonly gate?: Float32Array };
}

/** The same restorer, taking samples and giving samples. */
export interface FloatRestorer {
  readonly name: string;
  readonly window: number;
  restore(window: FloatWindow, area?: Roi): Promise<FloatRestoration | Refusal>;
}

const CPU = openCpuCompute();
const patches = new WeakMap<FloatPatch, Patch>();

/** What a restorer answers, of samples. */
export function floatRestoration(rgb: Float32Array, matte: Float32Array): Restoration {
  const size = Math.sqrt(matte.length);
  return { rgb: imageOf(rgb, size), matte: imageOf(matte, size), [Symbol.dispose]() {} };
}

/** The patch as restorers take it: always the same one for the same samples. */
export function imaged(patch: FloatPatch): Patch {
  const known = patches.get(patch) ?? { ...patch, rgb: imageOf(patch.rgb, patch.size) };
  patches.set(patch, known);
  return known;
}

export function imagedWindow({ centre, before, after }: FloatWindow): PatchWindow {
  return { centre: imaged(centre), before: before.map(imaged), after: after.map(imaged) };
}

/** An image of square planes, which nobody need close. */
export function imageOf(samples: Float32Array, size: number) {
  return CPU.image(samples, size, size, samples.length / size ** 2);
}

/** @param compute the backend that the restorer was opened with */
export function onFloats(restorer: Restorer, compute: Compute = CPU): FloatRestorer {
  const imagesOf = compute === CPU ? imagedWindow : windowMaker(compute);
  return {
    name: restorer.name,
    window: restorer.window,
    async restore(window, area) {
      const answer = await restorer.restore(imagesOf(window), area);
      return 'refused' in answer ? answer : readFrom(compute, answer);
    },
  };
}

/** Makes windows of another backend's images, which stay open. */
function windowMaker(compute: Compute): (window: FloatWindow) => PatchWindow {
  const made = new Map<FloatPatch, Patch>();
  const patchOf = (patch: FloatPatch): Patch => {
    const { size } = patch;
    const known = made.get(patch) ?? { ...patch, rgb: compute.image(patch.rgb, size, size, 3) };
    made.set(patch, known);
    return known;
  };
  return ({ centre, before, after }) => ({
    centre: patchOf(centre),
    before: before.map(patchOf),
    after: after.map(patchOf),
  });
}

/** The samples of a restoration, which is closed. */
async function readFrom(compute: Compute, restoration: Restoration): Promise<FloatRestoration> {
  using restored = restoration;
  const { facts, layers } = restored;
  const read = async (image: Image | undefined) => image && (await compute.read(image));
  const [repaired, gate] = [await read(layers?.repaired), await read(layers?.gate)];
  return {
    rgb: await compute.read(restored.rgb),
    matte: await compute.read(restored.matte),
    ...(facts ? { facts } : {}),
    ...(layers ? { layers: { ...(repaired ? { repaired } : {}), ...(gate ? { gate } : {}) } } : {}),
  };
}

/** The samples of a restoration of the processor's, which is closed. */
export function readAndClosed(restoration: Restoration): FloatRestoration {
  using restored = restoration;
  const { facts, layers } = restored;
  return {
    rgb: samplesOf(restored.rgb).slice(),
    matte: samplesOf(restored.matte).slice(),
    ...(facts ? { facts } : {}),
    ...(layers ? { layers: readLayers(layers) } : {}),
  };
}

function readLayers({ repaired, gate }: { readonly repaired?: Patch['rgb']; readonly gate?: Patch['rgb'] }) {
  return {
    ...(repaired ? { repaired: samplesOf(repaired).slice() } : {}),
    ...(gate ? { gate: samplesOf(gate).slice() } : {}),
  };
}

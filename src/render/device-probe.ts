import type { Compute } from '../compute/compute.ts';
import { openOwnership } from '../compute/ownership.ts';
import type { Patch } from '../compute/patch.ts';
import { CANONICAL_POINTS } from '../face/canonical-face.ts';
import { fivePoints } from '../face/landmarks.ts';
import { PATCH_TEMPLATE } from '../face/patch.ts';
import { fitSimilarity, transformLandmarks } from '../face/similarity.ts';
import { openRepair } from '../restore/repair.ts';

/** What restoring one face in one frame took, and what it came to. */
export interface ProbedFace {
  /** Wall-clock seconds of the fastest try. */
  readonly seconds: number;
  /** The restored patch, 3 planes. */
  readonly rgb: Float32Array;
  readonly matte: Float32Array;
}

/** Side of the probe's patch, and neighbours on each side. */
const SIZE = 256;
const REACH = 5;
/** The first try loads and compiles; of the others the fastest counts. */
const TRIES = 3;
/** Pixels that the drawn face moves in a frame. */
const MOTION = { x: 0.37, y: -0.21 } as const;
const GRAIN = 0.02;

/** Repairs a drawn face, always the same, and takes the time. @param now seconds of a clock */
export async function probedFace(compute: Compute, now: () => number): Promise<ProbedFace> {
  using owned = openOwnership();
  const patches = Array.from({ length: 2 * REACH + 1 }, (_, frame) => drawnPatch(compute, frame));
  for (const { rgb } of patches) owned.own(rgb);
  using restorer = openRepair({ window: REACH, matteSoftness: 0.12, grainRatio: 1 }, compute);
  const [centre] = patches.slice(REACH) as [Patch];
  const window = { centre, before: patches.slice(0, REACH).reverse(), after: patches.slice(REACH + 1) };
  let seconds = Infinity;
  let found: Omit<ProbedFace, 'seconds'> | null = null;
  for (let k = 0; k <= TRIES; k++) {
    restorer.forget?.(Infinity);
    const begun = now();
    const restored = await restorer.restore(window);
    if ('refused' in restored) throw new Error(`Unreachable: the drawn face was refused (${restored.refused}).`);
    using face = restored;
    found = { rgb: await compute.read(face.rgb), matte: await compute.read(face.matte) };
    if (k > 0) seconds = Math.min(seconds, now() - begun);
  }
  if (!found) throw new Error('Unreachable: a face is probed more than once.');
  return { seconds, ...found };
}

/** Largest distance at which two devices still agree, and the share of samples that may lie farther apart: a threshold may flip. */
const AGREEMENT = 1 / 1024;
const MAY_DIFFER = 1e-3;

/** Whether two devices restored the same face alike. */
export function agree(a: ProbedFace, b: ProbedFace): boolean {
  return [[a.rgb, b.rgb] as const, [a.matte, b.matte] as const].every(([one, other]) => {
    let apart = 0;
    for (let i = 0; i < one.length; i++) {
      // Not so for what is not a number either.
      if (!(Math.abs((one[i] as number) - (other[i] as number)) <= AGREEMENT)) apart += 1;
    }
    return one.length === other.length && apart <= MAY_DIFFER * one.length;
  });
}

/** A face of waves and grain under the canonical landmarks, which moves a little from frame to frame. */
function drawnPatch(compute: Compute, frame: number): Patch {
  const area = SIZE * SIZE;
  const rgb = new Float32Array(3 * area);
  let state = 0x2545f491 + frame;
  for (let i = 0; i < rgb.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const x = (i % SIZE) - MOTION.x * frame;
    const y = Math.floor((i % area) / SIZE) - MOTION.y * frame;
    const fine = Math.sin(x / 3.1 + Math.sin(y / 7)) * Math.sin(y / 2.7 + Math.sin(x / 9));
    const coarse = Math.sin(x / 21) * Math.cos(y / 17);
    const tint = 0.05 * Math.floor(i / area);
    rgb[i] = 0.45 - tint + 0.08 * fine + 0.12 * coarse + GRAIN * (state / 2 ** 32 - 0.5);
  }
  const toTemplate = fitSimilarity(
    fivePoints(CANONICAL_POINTS),
    PATCH_TEMPLATE.map((v) => v * SIZE),
  );
  return {
    frame,
    size: SIZE,
    rgb: compute.image(rgb, SIZE, SIZE, 3),
    toPatch: { a: 1, b: 0, tx: 0, ty: 0 },
    landmarks: transformLandmarks(toTemplate, CANONICAL_POINTS),
    light: { exposure: 0.5, colour: [0, 0, 0, 1, 1, 1], band: new Float32Array(192), blur: 1, grain: GRAIN },
    scratches: [],
  };
}

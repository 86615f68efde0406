import type { Compute } from '../compute/compute.ts';
import { openCpuCompute } from '../compute/cpu/cpu-compute.ts';
import type { Image } from '../compute/image.ts';
import { openOwnership } from '../compute/ownership.ts';
import { scaleOf } from '../face/similarity.ts';
import type { Roi } from '../film/roi.ts';
import { count, group, number } from '../settings/setting.ts';
import { ELIGIBILITY_WORDS, type Eligibility, eligibilityOf } from './eligibility.ts';
import type { PatchWindow, Refusal, Restoration, Restorer } from './restorer.ts';
import { defineRestorer } from './restorer-definition.ts';
import { alignWindow } from './window/aligned-window.ts';
import { dirtMask } from './window/dirt.ts';
import { eyeRegions } from './window/expressive-regions.ts';
import { meanWithoutGrain } from './window/left-grain.ts';
import { curvaturesOf, stillnessOf } from './window/motion-blur.ts';
import { keepOwnShading } from './window/own-shading.ts';
import { type GrainSource, withGrain } from './window/regrain.ts';
import { repairedMatte } from './window/repaired-matte.ts';
import { meanOfWindow } from './window/temporal-mean.ts';
import { grainOfWindow, quieterGrain } from './window/window-grain.ts';
import { openWindowTools, type WindowTools } from './window/window-tools.ts';

const settings = group({
  window: count(
    0,
    12,
    'Neighbouring frames on each side from which a face is repaired. Five take grain to a third; more cost time and lag behind an expression.',
  ).default(5),
  matteSoftness: number(0.01, 0.5, 'Width of the matte’s soft edge over the distance between the eyes.').default(0.12),
  grainRatio: number(
    0,
    2,
    'Strength of the frame’s own grain in the repaired face; 1 = as the plate has it, 0 = none.',
  ).default(1),
});

export const repair = defineRestorer({
  name: 'repair',
  summary: 'repairs the face from its own neighbouring frames; needs no stills',
  settings,
  needs: { stills: 'none' },
  without: { grain: { grainRatio: 0 } },
  window: ({ window }) => window,
  open: ({ settings, compute }) => openRepair(settings, compute),
  words: {
    reasons: {
      ...ELIGIBILITY_WORDS,
      flash: {
        brief: 'a light of its own',
        leftAlone:
          'the frame has a light of its own, as in a flash or a dissolve, and its neighbours cannot tell what is damage',
      },
    },
  },
});

export interface RepairOptions {
  /** Neighbours on each side, frames. */
  readonly window: number;
  /** Width of the matte's soft edge, inter-ocular distances. */
  readonly matteSoftness: number;
  /** Strength of the film's own grain in the result; 0 = none. */
  readonly grainRatio: number;
}

/**
 * Repairs a face from the film's own neighbouring frames: scratches and dirt are filled, flicker of the texture and grain averaged
 * away, and the same frame's grain put back. Needs nothing but the film; mouth, lids and gaze stay the frame's.
 */
export function openRepair(options: RepairOptions, compute: Compute = openCpuCompute()): Restorer & Disposable {
  const tools = openWindowTools(compute);
  return {
    name: 'repair',
    window: options.window,
    async restore(window) {
      const answer = await eligibleRepair(window, tools);
      if ('refused' in answer) return answer;
      using face = answer;
      return finished(compute, face, face.rgb, options);
    },
    forget: (before) => tools.patches.forget(before),
    [Symbol.dispose]: () => tools[Symbol.dispose](),
  };
}

/** A face without damage and grain, and what it takes to finish it. Closing it closes its images. */
export interface RepairedFace extends GrainSource, Disposable {
  /** How far the frame is as sharp as its neighbours, 0 … 1. */
  readonly stillness: number;
  /** Frames that were averaged, the frame itself included, a mean over the face. */
  readonly averaged: number;
  /** Share of the face that is dirt or a scratch, 0 … 1. */
  readonly damage: number;
}

/** `area`: the only pixels that are asked for. Null for a frame in a light of its own, such as a flash: there neither neighbours nor stills can tell what is damage. */
export async function repaired(window: PatchWindow, tools: WindowTools, area?: Roi): Promise<RepairedFace | null> {
  using owned = openOwnership();
  const { compute } = tools;
  const aligned = owned.own(await alignWindow(window, tools, area));
  if (aligned.isLitAlone) return null;
  const pixel = Math.max(1, scaleOf(window.centre.toPatch));
  const measured = await compute.statistics({
    grain: grainOfWindow(compute, aligned),
    curvatures: curvaturesOf(compute, aligned),
  });
  const grain = quieterGrain(measured.grain);
  const stillness = stillnessOf(measured.curvatures);
  using dirt = await dirtMask(compute, aligned, { grain: grain.deviation, pixel });
  const { own, damage } = compute.soundSamples(dirt, aligned.scratched, aligned.where);
  owned.own(own);
  using eyes = eyeRegions(compute, aligned.landmarks, aligned.size >> 1, 2);
  const told = { own, eyes, grain: grain.deviation, pixel };
  const mean = meanOfWindow(compute, aligned, { ...told, trust: stillness });
  using rgbOfMean = mean.rgb;
  using weights = mean.weights;
  using flat = meanWithoutGrain(compute, aligned, { ...told, rgb: rgbOfMean, weights });
  const rgb = owned.own(keepOwnShading(compute, flat, aligned, own));
  const figures = await compute.statistics({ averaged: mean.averaged, damage });
  return { aligned, rgb, own, stillness, grain, pixel, ...figures, ...owned.handOver() };
}

/** A repaired face that may be restored. Closing it closes its images. */
export interface EligibleFace extends RepairedFace {
  readonly eligibility: Eligibility;
}

/** The face of the window's centre, repaired, or why it stays the plate's. @param area the only pixels that are asked for */
export async function eligibleRepair(
  window: PatchWindow,
  tools: WindowTools,
  area?: Roi,
): Promise<EligibleFace | Refusal> {
  const eligibility = eligibilityOf(window.centre);
  if (eligibility.strength === 0) return { refused: eligibility.limit };
  const face = await repaired(window, tools, area);
  return face ? { ...face, eligibility } : { refused: 'flash' };
}

/** Puts the grain back on what is shown of a repaired face (3 planes), and draws the matte. */
export function finished(
  compute: Compute,
  face: EligibleFace,
  shown: Image,
  options: Pick<RepairOptions, 'matteSoftness' | 'grainRatio'>,
): Restoration {
  using owned = openOwnership();
  const { averaged, damage, grain } = face;
  const { strength, limit } = face.eligibility;
  const matte = owned.own(repairedMatte(compute, face, { softness: options.matteSoftness, strength }));
  const rgb = owned.own(
    options.grainRatio > 0 ? withGrain(compute, face, shown, options.grainRatio) : compute.alias(shown),
  );
  const repaired = owned.own(compute.alias(face.rgb));
  return {
    rgb,
    matte,
    facts: { strength, averaged, dirt: damage, grain: grain.byLuma, ...(strength < 1 ? { limit } : {}) },
    layers: { repaired },
    ...owned.handOver(),
  };
}

import { keepOwnShading } from '../compute/cpu/own-shading.ts';
import { regrained } from '../compute/cpu/regrain.ts';
import { temporalMean } from '../compute/cpu/temporal-mean.ts';
import { faceMatte } from '../face/matte.ts';
import { scaleOf } from '../face/similarity.ts';
import type { Roi } from '../film/roi.ts';
import { type AlignedWindow, alignWindow, openWindowMemory, type WindowMemory } from './aligned-window.ts';
import { dirtMask } from './dirt.ts';
import { type Eligibility, eligibilityOf } from './eligibility.ts';
import { stillnessOf } from './motion-blur.ts';
import type { PatchWindow, Restoration, Restorer } from './restorer.ts';
import { grainOfWindow, type WindowGrain } from './window-grain.ts';

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
export function openRepair(options: RepairOptions): Restorer {
  const memory = openWindowMemory();
  return {
    name: 'repair',
    window: options.window,
    async restore(window) {
      const eligibility = eligibilityOf(window.centre);
      if (eligibility.strength === 0) return { refused: eligibility.limit };
      const face = repaired(window, memory);
      return face ? finished(face, eligibility, options) : { refused: 'flash' };
    },
  };
}

/** A face without damage and grain, and what it takes to finish it. */
export interface RepairedFace {
  readonly aligned: AlignedWindow;
  /** `Float32Array` of 3·size², planar RGB, without grain where neighbours agreed. */
  readonly rgb: Float32Array;
  /** The same with detail, where there is some; what is shown. */
  readonly shown: Float32Array;
  /** 1 where the centre's own samples are good, 0 on dirt and scratches, size². */
  readonly own: Float32Array;
  /** How far the frame is as sharp as its neighbours, 0 … 1. */
  readonly stillness: number;
  readonly grain: WindowGrain;
  readonly pixel: number;
  readonly averaged: number;
  readonly dirt: number;
}

/** `area`: the only pixels that are asked for. Null for a frame in a light of its own, such as a flash: there neither neighbours nor stills can tell what is damage. */
export function repaired(window: PatchWindow, memory: WindowMemory, area?: Roi): RepairedFace | null {
  const aligned = alignWindow(window, memory, area);
  if (aligned.isLitAlone) return null;
  const pixel = Math.max(1, scaleOf(window.centre.toPatch));
  const grain = grainOfWindow(aligned);
  const { size, where, scratched } = aligned;
  const dirt = dirtMask(aligned, { grain: grain.deviation, pixel });
  const own = new Float32Array(size * size);
  let face = 0;
  let dirty = 0;
  for (let i = 0; i < own.length; i++) {
    const isDirt = dirt[((i / size) >> 1) * (size >> 1) + ((i % size) >> 1)] === 1;
    if (!isDirt) own[i] = 1;
    if (!((where[i] as number) > 0)) continue;
    face += 1;
    if (isDirt || (scratched?.[i] ?? 0) > 0) dirty += 1;
  }
  const stillness = stillnessOf(aligned);
  const { rgb, averaged } = temporalMean(aligned, own, grain.deviation, pixel, stillness);
  keepOwnShading(rgb, aligned.centre, own, where, aligned.landmarks, size);
  return { aligned, rgb, shown: rgb, own, stillness, grain, pixel, averaged, dirt: face > 0 ? dirty / face : 0 };
}

/** Puts the grain back and draws the matte. */
export function finished(face: RepairedFace, { strength, limit }: Eligibility, options: RepairOptions): Restoration {
  const { aligned, rgb, shown, own, grain, pixel, averaged, dirt } = face;
  const { size, where } = aligned;
  const matte = faceMatte(aligned.landmarks, size, { softness: options.matteSoftness });
  if (strength < 1) for (let i = 0; i < matte.length; i++) matte[i] = strength * (matte[i] as number);
  const result =
    options.grainRatio > 0
      ? regrained(
          shown,
          aligned.centre,
          rgb,
          aligned.neighbours[0]?.rgb ?? null,
          own,
          where,
          size,
          pixel,
          grain.deviation,
          options.grainRatio,
        )
      : shown;
  return {
    rgb: result,
    matte,
    facts: { strength, averaged, dirt, grain: grain.byLuma, ...(strength < 1 ? { limit } : {}) },
    layers: { repaired: rgb },
  };
}

import { z } from 'zod';
import { median } from '../motion/quantile.ts';
import type { FaceFrame, FaceFrames } from './face-frames.ts';
import { rangesOf } from './frame-ranges.ts';

const count = z.int().nonnegative();
const frame = z.int().nonnegative();

/**
 * A range and its reason: one of the restorer's (`small`, `turned`, `flash` …), or `stills`, which agreed with little of the
 * face.
 */
const limitSchema = z.strictObject({
  in: frame,
  out: frame,
  reason: z.string(),
});

/** What was done to the face of one track. Pairs of medians over the frames in which it was restored. */
export const faceFiguresSchema = z.strictObject({
  /** Frames in which it was restored, and in which it was left alone. */
  restored: count,
  refused: count,
  /** Ranges in which it was left alone; in which it was restored only in part, or stills agreed with little of it. */
  leftAlone: z.array(limitSchema),
  inPart: z.array(limitSchema),
  /**
   * Mean share of the face that was dirt or scratches; mean number of averaged frames; null where the restorer does not report
   * them.
   */
  dirt: z.number().nullable(),
  averaged: z.number().nullable(),
  /**
   * Strength of the plate's grain by brightness: median over frames of the standard deviation of its luma, 8-bit levels, in equal
   * steps of luma from black to white; null for a brightness that the face hardly shows. Null where the restorer does not report
   * it.
   */
  grain: z.array(z.number().nullable()).nullable(),
  /** The plate's blur over that of the stills, patch pixels, median over frames; null without stills. */
  blur: z.number().nullable(),
  /** Frames in which maskers saw something before the face, which stayed the plate's, and its greatest share; absent where they saw none. */
  hidden: z.exactOptional(
    z.strictObject({ ranges: z.array(z.strictObject({ in: frame, out: frame })), most: z.number(), mostFrame: frame }),
  ),
  /** Share of the stills' detail that was accepted: mean, and the frame in which it was least; null without stills. */
  gate: z.strictObject({ mean: z.number(), least: z.number(), leastFrame: frame }).nullable(),
  /** Median of `faceSharpness`, per cent; null where it was restored nowhere. */
  sharpness: z.strictObject({ before: z.number(), after: z.number() }).nullable(),
  /**
   * Change of the face, 8-bit levels beyond grain: median, and the frame that was changed most; null where it was restored
   * nowhere.
   */
  change: z.strictObject({ median: z.number(), most: z.number(), mostFrame: frame }).nullable(),
  /** Mean cosine to the person's stills over some frames, plate and output; `gain` is their difference. Null where nobody was cast. */
  likeness: z
    .strictObject({ sampled: count, before: z.number(), after: z.number(), gain: z.number(), leastGain: z.number() })
    .nullable(),
});

export type FaceFigures = z.infer<typeof faceFiguresSchema>;
export type FaceLimit = z.infer<typeof limitSchema>;

/** A frame in which something was left out, and why. */
type LimitedFrame = { readonly frame: number; readonly reason: FaceLimit['reason'] };

/** Least share by which a restorer must fade itself out to count as restoring in part. */
const FADED = 0.95;
/** Share of a track's median agreement with the stills below which a frame counts as agreeing with little. */
const LITTLE = 0.5;
/** Least share of a face that counts as hidden: less is the unrest of a mask's edge. */
const HIDDEN = 0.01;

/** Figures of a track over all its frames. */
export function faceFigures({ restored, refused, likeness }: FaceFrames): FaceFigures {
  const gates = restored.filter(({ gate }) => gate !== undefined);
  const blurs = restored.flatMap(({ blur }) => blur ?? []);
  const little = LITTLE * median(gates.map(({ gate }) => gate ?? 0));
  const least = lowest(gates, ({ gate }) => gate ?? 0);
  const most = lowest(restored, ({ change }) => -change);
  return {
    restored: restored.length,
    refused: refused.length,
    leftAlone: limitsOf(refused),
    inPart: limitsOf(
      restored.flatMap(({ frame, strength = 1, limit, gate }): LimitedFrame[] => {
        if (strength < FADED && limit) return [{ frame, reason: limit }];
        return gate !== undefined && gate <= little ? [{ frame, reason: 'stills' }] : [];
      }),
    ),
    dirt: meanOf(restored.flatMap(({ dirt }) => dirt ?? [])),
    averaged: meanOf(restored.flatMap(({ averaged }) => averaged ?? [])),
    grain: grainFigures(restored.flatMap(({ grain }) => (grain ? [grain] : []))),
    blur: blurs.length > 0 ? median(blurs) : null,
    ...hiddenFigures(restored),
    gate: least && {
      mean: meanOf(gates.map(({ gate }) => gate ?? 0)) ?? 0,
      least: least.gate ?? 0,
      leastFrame: least.frame,
    },
    sharpness: most && {
      before: median(restored.map(({ sharpness }) => sharpness[0])),
      after: median(restored.map(({ sharpness }) => sharpness[1])),
    },
    change: most && {
      median: median(restored.map(({ change }) => change)),
      most: most.change,
      mostFrame: most.frame,
    },
    likeness: likenessFigures(likeness),
  };
}

function hiddenFigures(restored: readonly FaceFrame[]): Pick<FaceFigures, 'hidden'> {
  const frames = restored.filter(({ hidden = 0 }) => hidden > HIDDEN);
  const most = lowest(frames, ({ hidden = 0 }) => -hidden);
  if (!most) return {};
  return {
    hidden: { ranges: rangesOf(frames.map(({ frame }) => frame)), most: most.hidden ?? 0, mostFrame: most.frame },
  };
}

/** Median of each step over the frames that have a value; null where fewer than half have one. */
function grainFigures(curves: readonly (readonly (number | null)[])[]): FaceFigures['grain'] {
  const [first] = curves;
  if (!first) return null;
  return first.map((_, step) => {
    const told = curves.flatMap((curve) => curve[step] ?? []);
    return 2 * told.length >= curves.length ? 255 * median(told) : null;
  });
}

function likenessFigures(samples: FaceFrames['likeness']): FaceFigures['likeness'] {
  const before = meanOf(samples.map((sample) => sample.before));
  const after = meanOf(samples.map((sample) => sample.after));
  if (before === null || after === null) return null;
  const leastGain = Math.min(...samples.map((sample) => sample.after - sample.before));
  return { sampled: samples.length, before, after, gain: after - before, leastGain };
}

/** Neighbouring frames of one reason as one range. */
function limitsOf(frames: readonly LimitedFrame[]): FaceLimit[] {
  const reasons = [...new Set(frames.map(({ reason }) => reason))];
  return reasons
    .flatMap((reason) =>
      rangesOf(frames.filter((one) => one.reason === reason).map(({ frame }) => frame)).map((range) => ({
        ...range,
        reason,
      })),
    )
    .sort((a, b) => a.in - b.in);
}

function lowest(frames: readonly FaceFrame[], of: (face: FaceFrame) => number): FaceFrame | null {
  return frames.reduce<FaceFrame | null>((best, face) => (best && of(best) <= of(face) ? best : face), null);
}

function meanOf(values: readonly number[]): number | null {
  return values.length > 0 ? values.reduce((sum, v) => sum + v, 0) / values.length : null;
}

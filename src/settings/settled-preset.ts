import type { Preset } from './preset.ts';

/** The thresholds of the networks that a run uses, from their contracts. */
export interface NetworkThresholds {
  readonly detector: { readonly threshold: number };
  readonly recogniser: { readonly threshold: number; readonly floor: number };
}

/** A preset in which every threshold is a number. */
export type SettledPreset = Preset & {
  readonly tracking: { readonly detectorThreshold: number };
  readonly casting: { readonly threshold: number; readonly floor: number };
};

/** Lowest and highest score that a detector may be asked for, 0 … 1. */
const SCORES = [0.05, 0.99] as const;

/** The preset with its networks' own thresholds where it states none, and its shifts added to them. */
export function settledPreset(preset: Preset, { detector, recogniser }: NetworkThresholds): SettledPreset {
  const { tracking, casting } = preset;
  const score = (tracking.detectorThreshold ?? detector.threshold) + tracking.detectorShift;
  return {
    ...preset,
    tracking: {
      ...tracking,
      detectorThreshold: Math.min(SCORES[1], Math.max(SCORES[0], score)),
      detectorShift: 0,
    },
    casting: {
      ...casting,
      threshold: (casting.threshold ?? recogniser.threshold) + casting.thresholdShift,
      thresholdShift: 0,
      floor: casting.floor ?? recogniser.floor,
    },
  };
}

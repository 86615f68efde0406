import { contains } from '../film/range.ts';
import type { FaceFrames } from '../report/face-frames.ts';
import type { Report } from '../report/report.ts';
import type { Badness, BadnessFigure } from './api.ts';

/** What of each figure is about worth a look. */
const VISIBLE: Readonly<Record<BadnessFigure, number>> = {
  flicker: 0.25,
  likenessLost: 0.05,
  gate: 0.7,
  sharpness: 0.1,
  refusals: 0.25,
  change: 12,
};

/** Weights in the order in which a person should look: flicker first. */
const WEIGHTS: Readonly<Record<BadnessFigure, number>> = {
  flicker: 4,
  likenessLost: 3,
  gate: 2,
  sharpness: 1.5,
  refusals: 1,
  change: 0.5,
};

export const NOT_BAD: Badness = {
  ...{ score: 0, flicker: null, likenessLost: null, gate: null, sharpness: null, refusals: 0, change: null },
  most: null,
};

/** How bad the restored face of a track may be, by a run's figures. */
export function badnessOf(report: Pick<Report, 'faces' | 'flicker'>, track: string): Badness {
  const figures = report.faces[track];
  if (!figures) return NOT_BAD;
  const flicker = report.flicker[track]?.['hf2LpRatio'] ?? null;
  const all = figures.restored + figures.refused;
  const parts = {
    flicker,
    likenessLost: figures.likeness ? -figures.likeness.gain : null,
    gate: figures.gate ? 1 - figures.gate.least : null,
    sharpness:
      figures.sharpness && figures.sharpness.after > 0 ? figures.sharpness.before / figures.sharpness.after : null,
    refusals: all > 0 ? figures.refused / all : 0,
    change: figures.change?.most ?? null,
  };
  const beyond = {
    ...parts,
    // A ratio of 1 is no change.
    flicker: flicker === null ? null : flicker - 1,
    sharpness: parts.sharpness === null ? null : parts.sharpness - 1,
  };
  let score = 0;
  let most: BadnessFigure | null = null;
  let largest = 0;
  for (const key of Object.keys(WEIGHTS) as BadnessFigure[]) {
    const share = (WEIGHTS[key] * Math.max(0, beyond[key] ?? 0)) / (VISIBLE[key] * WEIGHTS.flicker);
    score += share;
    if (share > largest) [largest, most] = [share, key];
  }
  return { score, ...parts, most };
}

export function worstOf(all: readonly Badness[]): Badness {
  return all.reduce((worst, one) => (one.score > worst.score ? one : worst), NOT_BAD);
}

/** The frame of a range to look at first: where it flickers most, else where it is changed most, else its middle. */
export function worstFrameOf(
  faces: FaceFrames | undefined,
  range: { readonly in: number; readonly out: number },
): number {
  const restored = (faces?.restored ?? []).filter(({ frame }) => contains(range, frame));
  let worst: { readonly frame: number; readonly value: number } | null = null;
  for (const { frame, flicker, change } of restored) {
    const added = flicker ? Math.max(0, flicker[1] - flicker[0]) : 0;
    const value = added + change / 255;
    if (!worst || value > worst.value) worst = { frame, value };
  }
  return worst?.frame ?? Math.floor((range.in + range.out - 1) / 2);
}

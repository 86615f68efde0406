import { temporalNoiseSigma } from '../motion/noise.ts';
import type { AlignedWindow } from './aligned-window.ts';

/** How strong a frame's grain is: standard deviations of its luma, 0 … 1. */
export interface WindowGrain {
  /** Over the whole face; 0 where the frame has no neighbours. */
  readonly deviation: number;
  /** In `GRAIN_STEPS` equal steps of luma from 0 to 1; null where the face shows too little of that brightness to tell. */
  readonly byLuma: readonly (number | null)[];
}

const GRAIN_STEPS = 8;
/** Samples of a step from which it tells, and at which it counts as much as the whole face. */
const FEWEST = 60;
const ENOUGH = 200;

/**
 * The grain of a window's middle frame, from how aligned neighbours differ: texture is alike in both, grain is not. Of the two
 * nearest the quieter is believed. Samples are told apart by the mean of both frames, which is independent of their difference.
 */
export function grainOfWindow({ centre, neighbours, where, size }: AlignedWindow): WindowGrain {
  const area = size * size;
  const inside: number[] = [];
  for (let i = 0; i < area; i += 3) if ((where[i] as number) > 0) inside.push(i);
  const pick = (rgb: Float32Array) =>
    Float32Array.from(
      inside,
      (i) => 0.2126 * (rgb[i] as number) + 0.7152 * (rgb[area + i] as number) + 0.0722 * (rgb[2 * area + i] as number),
    );
  const own = pick(centre);
  const nearest = [neighbours.find((n) => n.offset < 0), neighbours.find((n) => n.offset > 0)];
  const found = nearest.flatMap((neighbour) => (neighbour ? [grainBetween(own, pick(neighbour.rgb))] : []));
  const [first, second = first] = found;
  if (!first || !second) return { deviation: 0, byLuma: new Array<null>(GRAIN_STEPS).fill(null) };
  return first.deviation <= second.deviation ? first : second;
}

function grainBetween(a: Float32Array, b: Float32Array): WindowGrain {
  const deviation = deviationOf(a, b);
  const steps = Array.from({ length: GRAIN_STEPS }, (): number[] => []);
  a.forEach((v, k) => {
    steps[stepOf((v + (b[k] as number)) / 2)]?.push(k);
  });
  const byLuma = steps.map((step) => {
    if (step.length < FEWEST) return null;
    const of = (samples: Float32Array) => Float32Array.from(step, (k) => samples[k] as number);
    const trust = step.length / (step.length + ENOUGH);
    return trust * deviationOf(of(a), of(b)) + (1 - trust) * deviation;
  });
  return { deviation, byLuma };
}

function deviationOf(a: Float32Array, b: Float32Array): number {
  const row = (samples: Float32Array) => ({ width: samples.length, height: 1, samples });
  return temporalNoiseSigma(row(a), row(b));
}

function stepOf(luma: number): number {
  return Math.min(GRAIN_STEPS - 1, Math.max(0, Math.floor(luma * GRAIN_STEPS)));
}

import type { Curve, TrackCurves } from '../../review/api.ts';

/** What a curve is called over its plot. */
export const CURVE_NAMES: Readonly<Record<Curve['name'], string>> = {
  flicker: 'Flicker',
  likeness: 'Likeness',
  gate: 'Gate',
  sharpness: 'Sharpness',
  change: 'Change',
  strength: 'Strength',
  mouth: 'Mouth',
  eyes: 'Eyes',
  score: 'Detector',
};

/** Columns of a plot: the numbers of the frames, then each line; null where nothing was measured. */
export function curveColumns(
  { in: from, out }: Pick<TrackCurves, 'in' | 'out'>,
  { lines }: Curve,
  first: number,
): [number[], ...(number | null)[][]] {
  const numbers = Array.from({ length: out - from }, (_, k) => first + from + k);
  return [numbers, ...lines.map(({ values }) => [...values])];
}

/** True for what is measured in a few frames alone: its points are drawn and joined. */
export function isSparse({ lines }: Curve): boolean {
  return lines.some(({ values }) => 2 * values.filter((value) => value !== null).length < values.length);
}

/** A curve's values in a frame, as `0.43 → 0.51` of plate and output; null where nothing was measured. */
export function valuesAt({ lines }: Curve, k: number): string | null {
  const values = lines.map(({ values: all }) => all[k] ?? null);
  return values.every((value) => value === null) ? null : values.map(short).join(' → ');
}

function short(value: number | null): string {
  return value === null ? '–' : String(Number(value.toPrecision(3)));
}

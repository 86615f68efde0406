import type { Compute } from '../../compute/compute.ts';
import { GRAIN_STEPS, type WindowGrain } from '../../compute/grains.ts';
import type { Figures } from '../../compute/image.ts';
import { type AlignedWindow, planesOfNeighbour } from './aligned-window.ts';

/** The grain of a window's middle frame against the nearest neighbour on each side, as `quieterGrain` takes it. */
export function grainOfWindow(
  compute: Compute,
  { centre, neighbours, offsets, where }: Pick<AlignedWindow, 'centre' | 'neighbours' | 'offsets' | 'where'>,
): Figures<readonly WindowGrain[]> {
  const nearest = [offsets.findIndex((offset) => offset < 0), offsets.findIndex((offset) => offset > 0)];
  using compared = compute.planes(neighbours, nearest.filter((k) => k >= 0).flatMap(planesOfNeighbour));
  return compute.grainBetween(centre, compared, where);
}

/** Of the two nearest neighbours the quieter is believed; without any nothing can be told. */
export function quieterGrain([first, second = first]: readonly WindowGrain[]): WindowGrain {
  if (!first || !second) return { deviation: 0, byLuma: new Array<null>(GRAIN_STEPS).fill(null) };
  return first.deviation <= second.deviation ? first : second;
}

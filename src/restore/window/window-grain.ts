import type { Compute } from '../../compute/compute.ts';
import { GRAIN_STEPS, type WindowGrain } from '../../compute/grains.ts';
import type { Figures } from '../../compute/image.ts';
import type { AlignedWindow } from './aligned-window.ts';

/** The grain of a window's middle frame against the nearest neighbour on each side, as `quieterGrain` takes it. */
export function grainOfWindow(
  compute: Compute,
  { centre, neighbours, where }: Pick<AlignedWindow, 'centre' | 'neighbours' | 'where'>,
): readonly Figures<WindowGrain>[] {
  const nearest = [neighbours.find((n) => n.offset < 0), neighbours.find((n) => n.offset > 0)];
  return nearest.flatMap((neighbour) => (neighbour ? [compute.grainBetween(centre, neighbour.rgb, where)] : []));
}

/** Of the two nearest neighbours the quieter is believed; without any nothing can be told. */
export function quieterGrain([first, second = first]: readonly WindowGrain[]): WindowGrain {
  if (!first || !second) return { deviation: 0, byLuma: new Array<null>(GRAIN_STEPS).fill(null) };
  return first.deviation <= second.deviation ? first : second;
}

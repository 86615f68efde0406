import { from, map, type ObservableInput, type OperatorFunction } from 'rxjs';
import type { Alteration } from '../../media/write/target.ts';
import { mapOrdered } from '../../stream/map-ordered.ts';
import type { Running } from '../../stream/running.ts';
import type { PlacedPlate } from './lift-faces.ts';

/** A plate whose faces have been comped into it. */
export interface CompedPlate<Face> extends PlacedPlate<Face> {
  /** The rows and columns that any face changed, and by which restorers; null where none did. */
  readonly changed: Alteration | null;
}

/**
 * Comps the faces of up to `atOnce` plates at a time, each into its plate, and hands the plates on in order.
 *
 * @param comp answers what was changed; once its signal is aborted, it begins nothing more. See `mapOrdered`
 */
export function compFaces<Face>(
  comp: (placed: PlacedPlate<Face>, signal: AbortSignal) => ObservableInput<Alteration | null>,
  atOnce: number,
  running: Running,
): OperatorFunction<PlacedPlate<Face>, CompedPlate<Face>> {
  return (plates) =>
    plates.pipe(
      mapOrdered(
        (placed, signal) => from(comp(placed, signal)).pipe(map((changed) => ({ ...placed, changed }))),
        atOnce,
        running,
      ),
    );
}

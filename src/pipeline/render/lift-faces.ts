import { map, type OperatorFunction } from 'rxjs';
import type { Plate } from '../../film/plate.ts';
import type { LentPlate } from '../../media/read/decode.ts';

/** A plate on its way through the stages of a take, with the faces that were placed in it. */
export interface PlacedPlate<Face> extends LentPlate {
  readonly faces: readonly Face[];
}

/** Places the faces of every plate, once and for all stages, and hands each of them over to be lifted. */
export function liftFaces<Face>(
  facesIn: (frame: number) => readonly Face[],
  lift: (plate: Plate, face: Face) => void,
): OperatorFunction<LentPlate, PlacedPlate<Face>> {
  return map((lent) => {
    const faces = facesIn(lent.plate.frame);
    for (const face of faces) lift(lent.plate, face);
    return { ...lent, faces };
  });
}

import { endWith, filter, type OperatorFunction } from 'rxjs';
import { contains, type FrameRange } from '../../film/range.ts';
import type { TakeWriter } from '../../media/write/target.ts';
import type { Loan } from '../../stream/frame-pool.ts';
import { mapOrdered } from '../../stream/map-ordered.ts';
import type { Running } from '../../stream/running.ts';
import type { CompedPlate } from './comp-faces.ts';

/**
 * Writes a take's plates one after another, hands through the frames that did not come, and gives every plate back. Plates beside
 * the take, which were decoded for their neighbours' sake, are not written. Emits those that were; to be finished by the caller.
 */
export function writeTake<Face>(
  take: FrameRange,
  writer: Pick<TakeWriter, 'write' | 'pass'>,
  giveBack: (loan: Loan) => void,
  running: Running,
): OperatorFunction<CompedPlate<Face>, CompedPlate<Face>> {
  return (plates) => {
    let next = take.in;
    const passUntil = async (frame: number, signal: AbortSignal): Promise<void> => {
      for (; next < frame; next++) {
        signal.throwIfAborted();
        await writer.pass(next);
      }
    };
    const write = async (comped: CompedPlate<Face> | null, signal: AbortSignal): Promise<CompedPlate<Face> | null> => {
      if (!comped) {
        await passUntil(take.out, signal);
        return null;
      }
      const { plate, loan, changed } = comped;
      try {
        if (!contains(take, plate.frame)) return null;
        await passUntil(plate.frame, signal);
        signal.throwIfAborted();
        await writer.write(plate, changed);
        next = plate.frame + 1;
        return comped;
      } finally {
        giveBack(loan);
      }
    };
    return plates.pipe(
      endWith(null),
      mapOrdered(write, 1, running),
      filter((written) => written !== null),
    );
  };
}

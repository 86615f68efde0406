import type { Plate } from '../../../src/film/plate.ts';
import { sampleFormat } from '../../../src/film/sample-format.ts';
import type { LentPlate } from '../../../src/media/read/decode.ts';

const FORMAT = sampleFormat('gray');

/** A plate of one pixel, and the frames whose plates were given back, in that order. */
export function lentPlates(): { readonly returned: readonly number[]; lent(frame: number): LentPlate } {
  const returned: number[] = [];
  return {
    returned,
    lent(frame) {
      const bytes = new Uint8Array(1);
      const plate: Plate = { frame, format: FORMAT, width: 1, height: 1, bytes };
      const loan = { bytes, retain: () => loan, release: () => void returned.push(frame) };
      return { plate, loan };
    },
  };
}

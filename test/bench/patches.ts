import { greatestError, KINDS, patchFileOf } from '../pipeline/handover/rebuilt.ts';
import { restoredFrame } from '../pipeline/handover/restored-frame.ts';
import type { Outcome } from './bench.ts';

/** One code of ten bits: the promise. */
const MOST = 1 / 1023;

/**
 * How far plate and patch, laid over each other, are from the restored frame: greatest error of all samples, of full scale, by kind of
 * plate. Random codes with two faces over each other, of which a rectangle is held out.
 */
export async function patchesBench(): Promise<Outcome> {
  const found = [];
  for (const kind of KINDS) {
    const premultiplied = await greatestError(kind, 'premultiplied');
    const straight = await greatestError(kind, 'straight');
    const { length } = await patchFileOf(restoredFrame(kind), 'premultiplied');
    found.push({ kind, premultiplied, straight, bytes: length });
  }
  return {
    tables: [
      {
        title: 'Plate and patch, laid over each other, beside the restored frame: greatest error, 1/1023 of full scale',
        columns: ['samples', 'taken for', 'range', 'premultiplied', 'straight'],
        rows: found.map(({ kind, premultiplied, straight }) => [
          kind.format,
          kind.transfer ?? 'rec709',
          kind.tags?.range ?? (kind.format.startsWith('yuv') ? 'tv' : 'pc'),
          1023 * premultiplied,
          1023 * straight,
        ]),
      },
    ],
    facts: found,
    broken: found.flatMap(({ kind, premultiplied, straight }) =>
      Math.max(premultiplied, straight) > MOST ? [`Patches of ${kind.format} miss the restored frame.`] : [],
    ),
  };
}

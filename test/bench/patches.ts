import { PATCH_ALPHAS, type PatchAlpha } from '../../src/film/patch-alpha.ts';
import { cutRegion, type Plate } from '../../src/film/plate.ts';
import { plateUnder } from '../../src/pipeline/handover/patch-picture.ts';
import type { Comped } from '../../src/render/face-rendering.ts';
import { noisePlate } from '../compute/plates.ts';
import { greatestError, KINDS, patchFileOf } from '../pipeline/handover/rebuilt.ts';
import { restoredFrame } from '../pipeline/handover/restored-frame.ts';
import type { Outcome } from './bench.ts';

/** One code of ten bits: the promise. */
const MOST = 1 / 1023;
/** Side of the patch whose cost is measured, pixels. */
const SIDE = 600;

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
  const costs = [];
  for (const format of ['gbrp10le', 'yuv420p10le']) {
    for (const alpha of PATCH_ALPHAS) costs.push({ format, alpha, ms: await cost(format, alpha) });
  }
  return {
    tables: [
      {
        title: `One patch of ${SIDE} x ${SIDE} pixels of an HD plate, of noise: processor time, ms`,
        columns: ['samples', 'alpha', 'ms'],
        rows: costs.map(({ format, alpha, ms }) => [format, alpha, ms]),
      },
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
    facts: { found, costs },
    broken: found.flatMap(({ kind, premultiplied, straight }) =>
      Math.max(premultiplied, straight) > MOST ? [`Patches of ${kind.format} miss the restored frame.`] : [],
    ),
  };
}

/** Milliseconds of processor time for a patch's file, the least of five. */
async function cost(format: string, alpha: PatchAlpha): Promise<number> {
  const [before, after] = [1, 2].map((seed) => noisePlate(format, 1920, 1080, seed)) as [Plate, Plate];
  const roi = { x: 600, y: 200, width: SIDE, height: SIDE };
  const region = cutRegion(after, roi);
  const comped = { region, matte: new Uint16Array(SIDE * SIDE).fill(40_000) } as unknown as Comped;
  const faces = [{ track: 't1', comped }];
  const untouched = cutRegion(before, plateUnder([roi], before));
  const colour = { tags: {}, transfer: 'rec709', plateHeight: 1080 } as const;
  const times: number[] = [];
  for (let run = 0; run < 5; run++) {
    const began = process.cpuUsage();
    await patchFileOf({ before, after, colour, faces, untouched }, alpha);
    const { user, system } = process.cpuUsage(began);
    times.push((user + system) / 1000);
  }
  return Math.min(...times);
}

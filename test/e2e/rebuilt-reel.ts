import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { plateColourOf } from '../../src/film/plate-colour.ts';
import { findFfmpeg } from '../../src/media/ffmpeg/ffmpeg.ts';
import { probeReel } from '../../src/media/read/probe-reel.ts';
import { codesOf, laidOver, readPatch } from '../pipeline/handover/rebuilt.ts';
import { decoded } from './decoded.ts';

/** What the patches of a run make of its reel. */
export interface RebuiltReel {
  /** Of the frames that have a patch. */
  readonly numbers: readonly number[];
  /** The greatest distance of plate and patch from the restored frame, of full scale, over all frames with a patch; Infinity where one is of another size. */
  readonly greatestError: number;
}

/** Lays premultiplied patches over the frames that plain decoding finds in a reel, and compares them with those of its restoration. */
export async function rebuiltReel(before: string, after: string, patches: string): Promise<RebuiltReel> {
  const reel = await probeReel(before, { transfer: 'auto' }, await findFfmpeg());
  const colour = plateColourOf(reel);
  const files = new Map(
    (await readdir(patches)).map((name) => [Number(/\.(\d+)\.exr$/.exec(name)?.[1]), name] as const),
  );
  const now = decoded(after);
  let greatestError = 0;
  for await (const plate of decoded(before)) {
    const restored = (await now.next()).value;
    const name = files.get(reel.first + plate.frame);
    if (name === undefined || !restored) continue;
    const patch = await readPatch(await readFile(join(patches, name)));
    const [was, is] = [codesOf(plate, { colour }), codesOf(restored, { colour })];
    is.forEach((channel, c) => {
      const laid = patch[c] as Float32Array;
      if (laid.length !== channel.length) greatestError = Infinity;
      channel.forEach((value, i) => {
        const rebuilt = laidOver(was[c]?.[i] as number, laid[i] as number, patch[3][i] as number, 'premultiplied');
        greatestError = Math.max(greatestError, Math.abs(rebuilt - value));
      });
    });
  }
  return { numbers: [...files.keys()].sort((a, b) => a - b), greatestError };
}

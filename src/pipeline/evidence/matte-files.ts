import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { copyDurably, makeFolder, publish, sweepStale, unfinishedName, writeDurably } from '../../disk/durable.ts';
import type { Plate } from '../../film/plate.ts';
import type { FrameRange } from '../../film/range.ts';
import type { Reel } from '../../film/reel.ts';
import { frameNumber } from '../../film/reel.ts';
import type { CompedFace } from '../render/comp-plate.ts';

/** Digits of a matte's number: as film scans are numbered, four at least. */
const DIGITS = 4;

/**
 * Writes the mattes of a frame's faces as one 16-bit grey PNG of the plate's size, `matte.NNNN.png`, numbered as the reel is:
 * 65535 = restored, 0 = not one bit changed. Where faces overlap the larger value counts.
 */
export async function writeMatte(
  folder: string,
  reel: Reel,
  plate: Plate,
  faces: readonly CompedFace[],
): Promise<void> {
  const whole = new Uint16Array(plate.width * plate.height);
  for (const { comped } of faces) {
    const { roi } = comped.region;
    for (let y = 0; y < roi.height; y++) {
      for (let x = 0; x < roi.width; x++) {
        const at = (roi.y + y) * plate.width + roi.x + x;
        whole[at] = Math.max(whole[at] as number, comped.matte[y * roi.width + x] as number);
      }
    }
  }
  const png = await sharp(whole, { raw: { width: plate.width, height: plate.height, channels: 1 } })
    .toColourspace('grey16')
    .png({ compressionLevel: 6 })
    .toBuffer();
  await makeFolder(folder);
  await writeDurably(join(folder, matteName(reel, plate.frame)), png);
}

function matteName(reel: Reel, frame: number): string {
  return `matte.${String(frameNumber(reel, frame)).padStart(DIGITS, '0')}.png`;
}

/** How many mattes are in a folder; 0 where there is none. */
export async function countMattes(folder: string): Promise<number> {
  const names: string[] = await readdir(folder).catch(() => []);
  return names.filter((name) => /^matte\.\d+\.png$/.test(name)).length;
}

/**
 * Copies the mattes of takes, which lie in `folders`, into the folder that a person asked for.
 *
 * @param replaced frames whose mattes an earlier output may have left there: those that no take has are removed
 */
export async function deliverMattes(
  folders: readonly string[],
  to: string,
  reel: Reel,
  replaced: FrameRange | null,
): Promise<void> {
  await makeFolder(to);
  await sweepStale(to);
  const delivered = new Set<string>();
  for (const folder of folders) {
    const names: string[] = await readdir(folder).catch(() => []);
    for (const name of names) {
      const final = join(to, name);
      const draft = unfinishedName(final);
      await copyDurably(join(folder, name), draft);
      await publish(draft, final);
      delivered.add(name);
    }
  }
  for (let frame = replaced?.in ?? 0; frame < (replaced?.out ?? 0); frame++) {
    const name = matteName(reel, frame);
    if (!delivered.has(name)) await rm(join(to, name), { force: true });
  }
}

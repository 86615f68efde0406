import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';

/** The mattes of a run by the reel's own frame numbers: width·height values of 0 … 65535, more than 0 = restored. */
export async function readMattes(folder: string): Promise<Map<number, Uint16Array>> {
  const mattes = new Map<number, Uint16Array>();
  for (const name of await readdir(folder).catch(() => [])) {
    const number = /^matte\.(\d+)\.png$/.exec(name)?.[1];
    if (number) mattes.set(Number(number), await readMatte(join(folder, name)));
  }
  return mattes;
}

export async function readMatte(path: string): Promise<Uint16Array> {
  const { data } = await sharp(path)
    .toColourspace('grey16')
    .raw({ depth: 'ushort' })
    .toBuffer({ resolveWithObject: true });
  return new Uint16Array(data.buffer, data.byteOffset, data.length / 2);
}

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Writes a preset that differs from the default only in takes of `frames` frames, so that a short reel has several; gives its path. */
export async function shortTakes(folder: string, frames: number): Promise<string> {
  const path = join(folder, `takes-of-${frames}.json`);
  const preset = {
    format: 'reelmend-preset/1',
    name: `takes-of-${frames}`,
    description: 'The default in short takes.',
    extends: 'restore',
    takes: { frames },
  };
  await writeFile(path, JSON.stringify(preset));
  return path;
}

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readSealed, writeSealed } from '../../src/disk/sealed-file.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reelmend-sealed-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('a sealed file', () => {
  it('gives back its header and its floats, across blocks', async () => {
    const path = join(folder, 'a');
    const long = Float32Array.from({ length: 200_001 }, (_, k) => k / 3);
    await writeSealed(path, 'RMTEST01', { name: 'a' }, [Float32Array.of(1.5), long, Float32Array.of(-2)]);
    const read = await readSealed(path, 'RMTEST01', async (header, next) => [
      header,
      await next(1),
      await next(long.length),
      await next(1),
    ]);
    expect(read).toEqual([{ name: 'a' }, Float32Array.of(1.5), long, Float32Array.of(-2)]);
  });

  it('gives back bytes behind floats', async () => {
    const path = join(folder, 'a');
    await writeSealed(path, 'RMTEST01', {}, [Float32Array.of(1.5), Uint8Array.of(1, 2, 3)]);
    const read = await readSealed(path, 'RMTEST01', async (_, next, bytes) => [await next(1), await bytes(3)]);
    expect(read).toEqual([Float32Array.of(1.5), Uint8Array.of(1, 2, 3)]);
  });

  it('is not read as another kind, nor with floats left over or changed, nor beyond its end', async () => {
    const path = join(folder, 'a');
    await writeSealed(path, 'RMTEST01', {}, [Float32Array.of(1, 2)]);
    const read = (magic: string, count: number) => readSealed(path, magic, async (_, next) => next(count));
    await expect(read('RMTEST02', 2)).rejects.toThrow('it is a file of another kind');
    await expect(read('RMTEST01', 1)).rejects.toThrow('it does not match its checksum');
    await expect(read('RMTEST01', 3)).rejects.toThrow('it is shorter than it says');
    const bytes = await readFile(path);
    bytes[bytes.length - 1] = 1;
    await writeFile(path, bytes);
    await expect(read('RMTEST01', 2)).rejects.toThrow('it does not match its checksum');
  });
});

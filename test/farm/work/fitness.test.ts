import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openHotFolder } from '../../../src/disk/hot-folder.ts';
import { sha256Of } from '../../../src/disk/sha256.ts';
import { unfitFor } from '../../../src/farm/work/fitness.ts';

const MIB = 2 ** 20;

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reelmend-fit-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('a machine', () => {
  it('is fit for a step that needs nothing, and for one that finds room', async () => {
    const hot = { folder: await openHotFolder({ folder: join(folder, 'hot'), bytes: 8 * MIB }), bytes: MIB };
    expect(await unfitFor({})).toBeNull();
    const disk = [{ folder: join(folder, 'not', 'made'), bytes: MIB }];
    expect(await unfitFor({ disk, hot, memory: MIB })).toBeNull();
  });

  it('is unfit where an output, the hot folder or memory has too little, and says all of it', async () => {
    const place = join(folder, 'hot');
    const hot = { folder: await openHotFolder({ folder: place, bytes: 8 * MIB }), bytes: 10 * MIB };
    const out = join(folder, 'out');
    const why = await unfitFor({ disk: [{ folder: out, bytes: 2 ** 60 }], hot, memory: 3 * MIB }, 2 * MIB);
    expect(why?.replace(/and [\d.]+ [GT]iB are free/, 'and so much are free')).toBe(
      `This machine has no room for the step now. About 1048576 TiB are needed, and so much are free on the disk of "${out}": free some space there. About 10.0 MiB are needed, and 8.0 MiB can be had in the hot folder "${place}": raise --hot-size, or free some space on its disk. About 3.0 MiB are needed, and 2.0 MiB of memory can be planned with: run fewer slots, or close other programs.`,
    );
  });

  it('is unfit while others hold what is in the hot folder, and fit afterwards', async () => {
    const hot = await openHotFolder({ folder: join(folder, 'hot'), bytes: 3 * MIB });
    const bytes = new Uint8Array(2 * MIB);
    const hold = await hot.hold();
    const fill = (draft: string) => writeFile(draft, bytes);
    await hold.get({ sha256: sha256Of(bytes), bytes: bytes.length, fill });
    expect(await unfitFor({ hot: { folder: hot, bytes: 2 * MIB } })).toContain(
      'and 1.0 MiB can be had in the hot folder',
    );
    await hold[Symbol.asyncDispose]();
    expect(await unfitFor({ hot: { folder: hot, bytes: 2 * MIB } })).toBeNull();
  });
});

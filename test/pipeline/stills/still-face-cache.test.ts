import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStillFaceCache } from '../../../src/pipeline/stills/still-face-cache.ts';
import type { StillFace } from '../../../src/workers/tracking-service.ts';

const FACES: readonly StillFace[] = [
  {
    score: 0.9,
    box: [10, 20, 30.5, 40],
    landmarks: Float32Array.of(1.25, 2, 3),
    embedding: Float32Array.of(0.6, -0.8),
  },
];

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reelmend-stills-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('the cache of faces in stills', () => {
  it('gives back what was written for the same file and the same networks, and nothing for others', async () => {
    const cache = openStillFaceCache(join(folder, 'stills'), 'a'.repeat(64));
    expect(await cache.write('1234', FACES)).toEqual({});
    expect(await cache.read('1234')).toEqual(FACES);
    expect(await cache.read('1235')).toBeNull();
    expect(await openStillFaceCache(join(folder, 'stills'), 'b'.repeat(64)).read('1234')).toBeNull();
  });

  it('has nothing where its file is damaged', async () => {
    const cache = openStillFaceCache(folder, 'a'.repeat(64));
    await cache.write('1234', FACES);
    const [name] = await readdir(folder);
    await writeFile(join(folder, name ?? ''), '[{"score":0.9}]');
    expect(await cache.read('1234')).toBeNull();
  });

  it('costs a note, not the run, where it cannot be written', async () => {
    const file = join(folder, 'a-file');
    await writeFile(file, '');
    const stills = join(file, 'stills');
    expect(await openStillFaceCache(stills, 'a'.repeat(64)).write('1234', FACES)).toEqual({
      note: `The faces found in stills could not be kept: "${stills}" cannot be written: a part of the path is a file, not a folder. Choose another place. The next run will look at the stills again.`,
    });
  });
});

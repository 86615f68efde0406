import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Region } from '../../../src/film/plate.ts';
import { sampleFormat } from '../../../src/film/sample-format.ts';
import type { RenderedFace } from '../../../src/pipeline/kept/face-file.ts';
import { openFaceStore } from '../../../src/pipeline/kept/face-store.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reelmend-faces-'));
});
afterEach(() => rm(folder, { recursive: true }));

const ROI = { x: 4, y: 2, width: 6, height: 4 };
const keyOf = (digit: string) => digit.repeat(64);

/** A plate's region whose bytes begin with `first`, and go on with every value that bytes have. */
function plateOf(format: Region['format'], first: number): Region {
  const length = format.planes.length * ROI.width * ROI.height * format.bytes;
  return { roi: ROI, format, bytes: Uint8Array.from({ length }, (_, k) => first + 7 * k) };
}

/** A face that was comped into other bytes. */
function faceIn(format: Region['format']) {
  return {
    region: plateOf(format, 101),
    matte: Uint16Array.from({ length: ROI.width * ROI.height }, (_, k) => (2741 * k) % 65536),
    changed: { in: 3, out: 5 },
    face: {
      ...{ before: 0.1, after: 0.2, sharpnessBefore: 1 / 3, sharpnessAfter: 2, change: 0.25 },
      ...{ beforeGrid: Float32Array.of(0.1, 0.2), afterGrid: Float32Array.of(0.3) },
    },
    facts: {
      strength: 1,
      limit: 'small',
      averaged: 3.5,
      dirt: 0,
      grain: [null, 0.02],
      gate: 0.7,
      blur: 1.5,
      carried: 1,
    },
  } satisfies RenderedFace;
}

const FLOAT = sampleFormat('gbrpf32le');

describe('the faces of a reel on the disk', () => {
  it.each(['gbrp', 'gbrp10le', 'gbrpf32le'])('come back to the bit, in another run (%s)', async (name) => {
    const format = sampleFormat(name);
    const face = faceIn(format);
    const store = await openFaceStore(folder, 'quick:a');
    await store.write(keyOf('a'), face, plateOf(format, 3));
    expect(await store.finish()).toEqual({});
    const another = await openFaceStore(folder, 'quick:a');
    const kept = await another.read(keyOf('a'));
    expect(kept?.shown).toEqual({ change: 0.25, gate: 0.7 });
    expect(await kept?.rendered(plateOf(format, 3))).toEqual(face);
  });

  it('hold those that were refused, and why', async () => {
    const store = await openFaceStore(folder, 'quick:a');
    await store.write(keyOf('a'), { refused: 'flash' }, plateOf(FLOAT, 3));
    const kept = await store.read(keyOf('a'));
    expect(kept?.shown).toBeNull();
    expect(await kept?.rendered(plateOf(FLOAT, 3))).toEqual({ refused: 'flash' });
  });

  it('are no other reel’s', async () => {
    const store = await openFaceStore(folder, 'quick:a');
    await store.write(keyOf('a'), faceIn(FLOAT), plateOf(FLOAT, 3));
    const other = await openFaceStore(folder, 'quick:b');
    expect([store.isEmpty(), other.isEmpty()]).toEqual([false, true]);
    expect(await other.read(keyOf('a'))).toBeNull();
  });

  it('are not found where a file is damaged, shortened or gone', async () => {
    const store = await openFaceStore(folder, 'quick:a');
    const keys = ['a', 'b', 'c', 'd'].map(keyOf) as [string, string, string, string];
    for (const key of keys) await store.write(key, faceIn(FLOAT), plateOf(FLOAT, 3));
    const [reel] = await readdir(folder);
    const [whole, damaged, shortened, gone] = keys.map((key) =>
      join(folder, reel as string, `${key}.face`),
    ) as typeof keys;
    const bytes = await readFile(whole);
    bytes[90] = (bytes[90] as number) ^ 1;
    await writeFile(damaged, bytes);
    await writeFile(shortened, bytes.subarray(0, 60));
    await rm(gone);
    const found = await Promise.all(keys.map(async (key) => (await store.read(key)) !== null));
    expect(found).toEqual([true, false, false, false]);
  });

  it('go where they are too many, those first that were not used for longest', async () => {
    const store = await openFaceStore(folder, 'quick:a');
    for (const digit of 'abc') await store.write(keyOf(digit), faceIn(FLOAT), plateOf(FLOAT, 3));
    const [reel] = await readdir(folder);
    const paths = [...'abc'].map((digit) => join(folder, reel as string, `${keyOf(digit)}.face`));
    for (const path of paths) await utimes(path, 1, 1);
    await store.read(keyOf('a'));
    const { length } = await readFile(paths[0] as string);
    const full = await openFaceStore(folder, 'quick:a', 2 * length);
    await full.write(keyOf('d'), faceIn(FLOAT), plateOf(FLOAT, 3));
    await full.finish();
    expect((await readdir(join(folder, reel as string))).map((name) => name[0]).sort()).toEqual(['a', 'd']);
  });
});

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readStill } from '../../../src/pipeline/stills/read-still.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'read-still-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('a still', () => {
  it('of 8 bits is read as it is, and for painting in 16', async () => {
    const path = join(folder, 'eight.png');
    const samples = Uint8Array.of(0, 1, 127, 128, 254, 255);
    await sharp(samples, { raw: { width: 2, height: 1, channels: 3 } })
      .png()
      .toFile(path);
    const { width, height, rgb, deep } = await readStill(path);
    expect([width, height]).toEqual([2, 1]);
    expect([...rgb]).toEqual([...samples]);
    expect([...deep]).toEqual([0, 257, 32639, 32896, 65278, 65535]);
  });

  it('of 16 bits keeps them for painting, and is rounded for the networks', async () => {
    const path = join(folder, 'sixteen.png');
    const samples = Uint16Array.of(0, 128, 129, 32767, 65406, 65535);
    await sharp(samples, { raw: { width: 2, height: 1, channels: 3 } })
      .toColourspace('rgb16')
      .png()
      .toFile(path);
    const { rgb, deep } = await readStill(path);
    expect([...deep]).toEqual([...samples]);
    expect([...rgb]).toEqual([0, 0, 1, 127, 254, 255]);
  });
});

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PATCH_TEMPLATE } from '../../src/face/patch.ts';
import { parseContract } from '../../src/model/contract.ts';
import { openLibrary } from '../../src/model/library.ts';
import { type MaskerOptions, openMasker } from '../../src/model/masker.ts';
import { drawnMasker } from './drawn-maskers.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reelmend-masker-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const opened = async (id: string, kind: 'green' | 'blue' | 'classes', options: MaskerOptions = {}) =>
  openMasker(openLibrary({ cacheDir: folder }), await drawnMasker(folder, id, kind), options);

const SKIN = [0.8, 0.5, 0.4];
const GREEN = [0.1, 0.8, 0.2];
const BLUE = [0.1, 0.2, 0.8];

/** A square of skin, the left quarter of which is green and the lowest quarter blue. */
function drawnFace(side: number): Float32Array {
  return Float32Array.from({ length: 3 * side * side }, (_, i) => {
    const [x, y] = [i % side, Math.floor((i % side ** 2) / side)];
    const colour = x < side / 4 ? GREEN : y >= (3 * side) / 4 ? BLUE : SKIN;
    return colour[Math.floor(i / side ** 2)] as number;
  });
}

/** The shares of a masker's answer in the green, the blue and the rest: means of 0 … 1. */
function shares(mask: Float32Array): Record<string, number> {
  const side = Math.sqrt(mask.length);
  const mean = (isIn: (x: number, y: number) => boolean) => {
    const inside = mask.filter((_, i) => isIn(i % side, Math.floor(i / side)));
    return Math.round(100 * (inside.reduce((sum, v) => sum + v, 0) / inside.length)) / 100;
  };
  return {
    green: mean((x) => x < side / 4),
    blue: mean((x, y) => x >= side / 4 && y >= (3 * side) / 4),
    skin: mean((x, y) => x >= side / 4 && y < (3 * side) / 4),
  };
}

describe('a masker', () => {
  it('with the ports of XSeg is shown BGR row by row, and answers where the face is', async () => {
    await using masker = await opened('xseg', 'green');
    expect(masker.side).toBe(256);
    expect(masker.five).toEqual(PATCH_TEMPLATE);
    expect(shares(await masker.mask(drawnFace(256)))).toEqual({ green: 0, blue: 1, skin: 1 });
    await using other = await opened('other', 'blue');
    expect(shares(await other.mask(drawnFace(256)))).toEqual({ green: 1, blue: 0, skin: 1 });
  });

  it('with the ports of BiSeNet is shown ImageNet’s numbers, and its best class tells', async () => {
    await using masker = await opened('bisenet', 'classes');
    expect(masker.side).toBe(512);
    expect(shares(await masker.mask(drawnFace(512)))).toEqual({ green: 0, blue: 0, skin: 1 });
  });

  it('sees as the face what its settings say', async () => {
    await using masker = await opened('glasses', 'classes', { classes: ['skin', 'glasses'] });
    expect(shares(await masker.mask(drawnFace(512)))).toEqual({ green: 0, blue: 1, skin: 1 });
    await using bare = await opened('hair', 'classes', { classes: ['hair'] });
    expect(shares(await bare.mask(drawnFace(512)))).toEqual({ green: 1, blue: 0, skin: 0 });
  });

  it('needs a face laid by five points', async () => {
    const path = await drawnMasker(folder, 'loose', 'green');
    const contract = JSON.parse(await readFile(path, 'utf8'));
    await writeFile(path, JSON.stringify({ ...contract, template: { name: 'any' } }));
    await expect(openMasker(openLibrary({ cacheDir: folder }), path)).rejects.toThrow(
      'Model "loose": a masker is shown faces by five points, such as "ffhq", but its contract says "any". Correct the contract loose.json.',
    );
  });
});

/** What of a contract these tests change. */
interface WrittenContract {
  readonly outputs: { shape: number[] }[];
  readonly decoder: { classes: string[] };
}

describe('the contract of a masker', () => {
  const read = async (kind: 'green' | 'classes', change: (contract: WrittenContract) => void) => {
    const contract = JSON.parse(await readFile(await drawnMasker(folder, 'near', kind), 'utf8'));
    change(contract);
    return () => parseContract(JSON.stringify(contract), 'near.json');
  };

  it('has one map as large as its picture', async () => {
    expect(
      await read('green', (contract) => {
        for (const output of contract.outputs) output.shape = [1, 128, 128, 1];
      }),
    ).toThrow(
      'Model "near": its output "output" should have the shape [1, 1, 256, 256] or [1, 256, 256, 1], but has [1, 128, 128, 1]. Correct the contract near.json.',
    );
  });

  it('has a map for each of its classes, and the face among them', async () => {
    expect(
      await read('classes', (contract) => {
        contract.decoder.classes.pop();
      }),
    ).toThrow('its output "output" should have the shape [1, 18, 512, 512], but has [1, 19, 512, 512].');
    expect(
      await read('classes', (contract) => {
        contract.decoder.classes = contract.decoder.classes.map((name: string) => (name === 'nose' ? 'ear' : name));
      }),
    ).toThrow('its decoder takes "nose" for the face, which is not among its classes.');
  });
});

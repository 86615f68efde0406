import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { makeTinyReel } from '../e2e/tiny-reel.ts';
import { drawnNetwork, knownNetwork } from '../model/drawn-network.ts';
import { ended } from './captured-io.ts';

let folder: string;
let file: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reelmend-cli-import-'));
  vi.stubEnv('REELMEND_MODELS', join(folder, 'own'));
  vi.stubEnv('REELMEND_CONFIG', join(folder, 'config'));
  await mkdir(join(folder, 'files'));
  file = join(folder, 'files', 'w600k_r50.onnx');
  await writeFile(file, drawnNetwork(await knownNetwork('arcface-w600k-r50')));
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

describe('importing models', () => {
  it('says what each file is, what for, under which licence and how that was told, or why it is not', async () => {
    const bad = join(folder, 'files', 'x.onnx');
    await writeFile(bad, '');
    const { code, stdout } = await ended(['models', 'import', join(folder, 'files')]);
    expect(stdout).toBe(`${file}  arcface-w600k-r50 (new)
  ArcFace of WebFace600K, ResNet-50; tells who a face is: --recogniser arcface-w600k-r50
  Licence: non-commercial research (non-commercial), as stated in README of InsightFace, of its pretrained models. Its first run needs --accept-licence arcface-w600k-r50.
  Recognised by its ports and name. Written by reelmend.
${bad}  not imported
  It is empty.
`);
    expect(code).toBe(0);
    expect((await ended(['models', 'import', bad])).code).toBe(1);
    expect((await ended(['models', 'import', join(folder, 'none')])).code).toBe(2);
    const list = await ended(['models', 'list']);
    expect(list.stdout).toMatch(
      /arcface-w600k-r50 +recognise +present +\d+ bytes +non-commercial research +non-commercial +\//,
    );
  });

  it('lets a network that is not free run only when that is accepted, and says how', async () => {
    const reel = join(folder, 'reel');
    await makeTinyReel(reel, 2, 0);
    const asked = ['inspect', reel, '--recogniser', 'arcface-w600k-r50', '--no-cache', '--quiet'];
    const { code, stderr } = await ended(asked);
    expect(stderr).toBe(`reelmend: This network’s licence is not free, and not accepted yet:
  arcface-w600k-r50 (ArcFace of WebFace600K, ResNet-50): "non-commercial research", as stated in README of InsightFace, of its pretrained models; it is not for commercial use.
Read it; where it allows what you do, add once: --accept-licence arcface-w600k-r50
`);
    expect(code).toBe(2);
  });

  it('tells of a file that was moved away when models are verified', async () => {
    await rm(file);
    const { code, stderr } = await ended(['models', 'verify', 'arcface-w600k-r50']);
    expect(stderr).toBe(
      `reelmend: your model arcface-w600k-r50, ${file}, is not there any more. Run "reelmend models import <file> --name arcface-w600k-r50" on the file where it is now.\n`,
    );
    expect(code).toBe(1);
  });
});

import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env } from 'onnxruntime-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fetchingLibraries, hasNoAccelerator, runtimeVersion } from '../../src/model/runtime.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reelmend-runtime-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A runtime as it is installed, with one more library beside its own. */
async function runtimeWith(library: string): Promise<string> {
  const libraries = join(folder, library, 'bin', 'napi-v6', 'linux', 'x64');
  await mkdir(libraries, { recursive: true });
  await writeFile(join(libraries, library), '');
  return join(folder, library);
}

describe('what is known of the runtime before a network is opened', () => {
  it('is its version, as it says itself when it is loaded', () => {
    expect(runtimeVersion()).toBe(env.versions.node);
  });

  it('is on Linux that no accelerator is there, but where the library for CUDA is installed: that has to be tried', async () => {
    const isCardHere = !hasNoAccelerator(await runtimeWith('libonnxruntime.so.1'), 'linux');
    expect(hasNoAccelerator(await runtimeWith('libonnxruntime_providers_shared.so'), 'linux')).toBe(!isCardHere);
    expect(hasNoAccelerator(await runtimeWith('libonnxruntime_providers_cuda.so'), 'linux')).toBe(false);
    expect(hasNoAccelerator(await runtimeWith('onnxruntime_providers_cuda.dll'), 'linux')).toBe(false);
  });

  it('is nothing elsewhere, where accelerators come with the system', async () => {
    for (const platform of ['win32', 'darwin'] as const) {
      expect(hasNoAccelerator(await runtimeWith('libonnxruntime.so.1'), platform)).toBe(false);
    }
  });

  it('is the script that fetches what CUDA needs, which is there', () => {
    const [, script] = /^ONNXRUNTIME_NODE_INSTALL=cuda12 node "(.+)"$/.exec(fetchingLibraries() ?? '') ?? [];
    if (process.platform === 'linux' && process.arch === 'x64') expect(existsSync(script as string)).toBe(true);
  });
});

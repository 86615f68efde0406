import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env } from 'onnxruntime-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { knownDevice, runtimeVersion } from '../../src/model/runtime.ts';

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

  it('is the device that was asked for', () => {
    expect(knownDevice('cpu')).toBe('cpu');
    expect(knownDevice('cuda')).toBe('cuda');
  });

  it('is that "auto" comes to the processor, but where the library for CUDA is installed: that has to be tried', async () => {
    expect(knownDevice('auto', await runtimeWith('libonnxruntime.so.1'))).toBe('cpu');
    expect(knownDevice('auto', await runtimeWith('libonnxruntime_providers_shared.so'))).toBe('cpu');
    expect(knownDevice('auto', await runtimeWith('libonnxruntime_providers_cuda.so'))).toBeNull();
    expect(knownDevice('auto', await runtimeWith('onnxruntime_providers_cuda.dll'))).toBeNull();
  });
});

import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cardEnvironment } from '../../../src/farm/work/card-environment.ts';
import { openScratch } from '../../e2e/scratch.ts';

/** Two equal cards as NVIDIA's driver lists them. */
const LISTED = `0, GPU-5e1f8d9c-0000-0000-0000-000000000000, 00000000:3B:00.0
1, GPU-77aa0001-0000-0000-0000-000000000000, 00000000:AF:00.0`;

async function listing(folder: string): Promise<string> {
  const program = join(folder, 'nvidia-smi');
  await writeFile(program, `#!/bin/sh\ncat <<'END'\n${LISTED}\nEND\n`);
  await chmod(program, 0o755);
  return program;
}

describe('the environment of a slot with a card', () => {
  it('names the card to CUDA by its number on the bus, and to Vulkan by its place there', async () => {
    await using scratch = await openScratch('card-environment');
    const program = await listing(scratch.path);
    const vulkan = { DRI_PRIME: 'pci-0000_af_00_0', MESA_VK_DEVICE_SELECT_FORCE_DEFAULT_DEVICE: '1' };
    const cuda = { CUDA_DEVICE_ORDER: 'PCI_BUS_ID' };
    expect(await cardEnvironment('1', program)).toEqual({
      ...{ env: { ...cuda, CUDA_VISIBLE_DEVICES: '1', ...vulkan }, shortcoming: null },
    });
    expect((await cardEnvironment('GPU-77aa', program)).env).toEqual({
      ...{ ...cuda, CUDA_VISIBLE_DEVICES: 'GPU-77aa', ...vulkan },
    });
  });

  it('says where Vulkan is left with every card', async () => {
    await using scratch = await openScratch('card-environment');
    const cuda = { CUDA_DEVICE_ORDER: 'PCI_BUS_ID', CUDA_VISIBLE_DEVICES: '2' };
    const program = await listing(scratch.path);
    expect(await cardEnvironment('2', program)).toEqual({
      env: cuda,
      shortcoming: `Vulkan sees every card of this machine: "${program}" lists no card 2. Correct --gpu.`,
    });
    expect(await cardEnvironment('2', '/nowhere/nvidia-smi')).toEqual({
      env: cuda,
      shortcoming:
        'Vulkan sees every card of this machine, not card 2 alone: "/nowhere/nvidia-smi", which tells their places on the bus, is not there, or fails. Install it, or run a container a card.',
    });
  });
});

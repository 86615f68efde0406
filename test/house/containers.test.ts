import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { packageFolder } from '../../src/disk/package-folder.ts';
import { hasTools, TOOLS_SKIPPED, tool } from '../farm/export/engine-tools.ts';

const CONTAINERS = join(packageFolder(), 'docs', 'containers');
const SCHEMA = join(packageFolder(), 'test', 'fixtures', 'compose-spec', 'compose-spec.json');

const textOf = (name: string) => readFile(join(CONTAINERS, name), 'utf8');
const composed = async (name: string) => parse(await textOf(name), { merge: true });

/** What the validator of JSON schemas says of a Compose file; nothing where it is one. */
async function faultsOf(file: unknown): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'reelmend-compose-'));
  try {
    const path = join(folder, 'compose.json');
    await writeFile(path, JSON.stringify(file));
    const { code, text } = await tool('jsonschema', ['-i', path, SCHEMA], { PYTHONWARNINGS: 'ignore' });
    return code === 0 ? '' : text;
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe('the image', () => {
  it('is made of files that are let through to it', async () => {
    const copied = [...(await textOf('Dockerfile')).matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, from]) =>
      (from ?? '').split(' '),
    );
    const passed = (await textOf('Dockerfile.dockerignore')).split('\n').filter((line) => line.startsWith('!'));
    expect(passed.map((line) => line.slice(1)).sort()).toEqual([...new Set(copied)].sort());
  });

  it.skipIf(!hasTools)(`has nothing that hadolint warns of${TOOLS_SKIPPED}`, async () => {
    expect(await tool('hadolint', [join(CONTAINERS, 'Dockerfile')])).toEqual({ code: 0, text: '' });
  });
});

describe('the composed farm', () => {
  it('has a queue that forgets nothing', async () => {
    const { services } = await composed('compose.yaml');
    expect(services.queue.command.join(' ')).toBe(
      'redis-server --appendonly yes --appendfsync everysec --maxmemory-policy noeviction',
    );
    expect(services.queue.volumes).toEqual(['queue:/data']);
  });

  it('lets nobody reach it from other machines', async () => {
    const { services } = await composed('compose.yaml');
    const ports = Object.values<{ ports?: string[] }>(services).flatMap(({ ports = [] }) => ports);
    expect(ports).toEqual([`127.0.0.1:\${QUEUE_PORT:-6379}:6379`]);
  });

  it('shows workers the reels under the name that they have outside', async () => {
    const { services } = await composed('compose.yaml');
    expect(services.worker.volumes[0]).toMatch(/^\$\{REELS:\?[^}]+\}:\$\{REELS\}$/);
  });

  describe.skipIf(!hasTools)(`held to the Compose specification${TOOLS_SKIPPED}`, () => {
    it.each(['compose.yaml', 'compose.nvidia.yaml'])('is one: %s', async (name) => {
      expect(await faultsOf(await composed(name))).toBe('');
    });

    it('is told from what is none', async () => {
      expect(await faultsOf({ services: { worker: { imagine: 'reelmend' } } })).toMatch(
        /'imagine' does not match any of the regexes/,
      );
    });
  });
});

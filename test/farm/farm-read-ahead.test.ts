import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reelmend } from '../e2e/command.ts';
import { filesOf } from '../e2e/files-of.ts';
import { eventsIn, type FarmScene, openFarmScene } from './farm-scene.ts';
import { NO_REDIS } from './redis-server.ts';

describe.skipIf(NO_REDIS !== null)('a worker that reads ahead', () => {
  let scene: FarmScene;
  beforeAll(async () => {
    scene = await openFarmScene('farm-ahead');
  });
  afterAll(() => scene[Symbol.asyncDispose]());

  it('renders the takes that come next from its fast disk, to the same output, and keeps no hold of their frames', async () => {
    const words = ['--hot', scene.at('hot'), '--hot-size', '2G', '--read-ahead', '--log', scene.at('ahead.log')];
    let pid = 0;
    {
      await using worker = scene.work(words);
      pid = worker.pid;
      expect(await scene.submit('ahead', '--wait')).toMatchObject({ code: 0 });
      worker.signal('SIGTERM');
      expect(await worker.ended).toBe(0);
    }
    expect(await filesOf(scene.at('ahead'))).toEqual(scene.whole);
    const report = scene.at('ahead.report');
    for (const name of await readdir(report, { recursive: true })) {
      const text = await readFile(join(report, name), 'utf8').catch(() => '');
      expect([name, text.includes(scene.at('hot'))]).toEqual([name, false]);
    }
    const told = await eventsIn(scene.at('ahead.log'));
    const read = told.filter(({ code }) => code === 'FRAMES_READ_AHEAD');
    const steps = read.map(({ labels }) => labels['step']);
    // Of the three takes with a face, all but the first come next after another.
    expect(steps).toEqual(['take-1', 'take-2']);
    const { size } = await stat(join(scene.at('reel'), 'scan.1001.dpx'));
    for (const { counts } of read) {
      expect(counts['frames']).toBeGreaterThan(0);
      expect(counts['frames']).toBeLessThanOrEqual(8);
      expect(counts['bytes']).toBe((counts['frames'] ?? 0) * size);
    }
    expect(told.filter(({ code }) => code.startsWith('E_'))).toEqual([]);
    const holds = await readdir(join(scene.at('hot'), 'holds'));
    expect(holds.filter((name) => name.includes(`-${pid}-`))).toEqual([]);
  });
});

it('a worker that is to read ahead, and has no fast disk, is refused', async () => {
  const end = await reelmend(['work', '--queue', 'redis://127.0.0.1:1', '--read-ahead'], '/nowhere');
  expect(end).toMatchObject({
    code: 2,
    stderr: expect.stringContaining(
      '--read-ahead has no folder to copy frames into. Name one on a fast disk of this machine: --hot <folder>.',
    ),
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filesOf } from '../e2e/files-of.ts';
import { type FarmScene, openFarmScene } from './farm-scene.ts';
import { NO_REDIS } from './redis-server.ts';
import { atStep, until } from './worker-process.ts';

describe.skipIf(NO_REDIS !== null)('a farm that loses its queue', () => {
  let scene: FarmScene;
  beforeAll(async () => {
    scene = await openFarmScene('farm-queue');
  });
  afterAll(() => scene[Symbol.asyncDispose]());

  it('ends a worker that is stopped twice while its queue is away', async () => {
    await using worker = scene.work();
    expect(await scene.submit('away')).toMatchObject({ code: 0 });
    await atStep(scene.server.redis, (step) => step.startsWith('take'), worker.pid);
    await scene.server.kill();
    worker.signal('SIGTERM');
    // Two signals of a kind that a process has not looked at yet are one.
    await new Promise((resolve) => setTimeout(resolve, 500));
    worker.signal('SIGTERM');
    const late = new Promise((resolve) => setTimeout(resolve, 20_000, 'late'));
    expect(await Promise.race([worker.ended, late])).toBe(0);
    await scene.server.start();
    await scene.server.redis.flushall();
  });

  it('loses nothing where its queue is killed and starts again, and goes on where it was emptied', async () => {
    await using worker = scene.work();
    const waiting = scene.submit('restarted', '--wait');
    await atStep(scene.server.redis, (step) => step.startsWith('take'), worker.pid);
    await scene.server.kill();
    await scene.server.start();
    expect(await waiting).toMatchObject({ code: 0 });
    expect(await filesOf(scene.at('restarted'))).toEqual(scene.whole);
    // It was back within a lease.
    expect(worker.said()).not.toContain('The lease has run out');

    const lost = scene.submit('emptied', '--wait');
    await until(async () => (/take-\d+ of ".*emptied" is done/.test(worker.said()) ? true : undefined));
    await scene.server.redis.flushall();
    expect(await lost).toMatchObject({ code: 1 });
    expect(await scene.submit('emptied', '--wait')).toMatchObject({ code: 0 });
    expect(await filesOf(scene.at('emptied'))).toEqual(scene.whole);
    const done = worker.said().match(/take-\d+ of ".*emptied" is done/g) ?? [];
    expect(new Set(done).size).toBe(done.length);
  });
});

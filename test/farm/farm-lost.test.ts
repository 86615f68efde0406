import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filesOf } from '../e2e/files-of.ts';
import { type FarmScene, openFarmScene } from './farm-scene.ts';
import { NO_REDIS } from './redis-server.ts';
import { atStep, until } from './worker-process.ts';

describe.skipIf(NO_REDIS !== null)('a farm that loses a machine', () => {
  let scene: FarmScene;
  beforeAll(async () => {
    scene = await openFarmScene('farm-lost');
  });
  afterAll(() => scene[Symbol.asyncDispose]());

  it('gives the step of a worker that was killed to another', async () => {
    await using one = scene.work();
    const waiting = scene.submit('worker', '--wait');
    await atStep(scene.server.redis, (step) => step.startsWith('take'), one.pid);
    one.signal('SIGKILL');
    const killed = performance.now();
    await using _other = scene.work();
    expect(await waiting).toMatchObject({ code: 0 });
    // A lease of 15 s and two sweeps of 5 s, and the work itself.
    expect((performance.now() - killed) / 1000).toBeLessThan(45);
    expect(await filesOf(scene.at('worker'))).toEqual(scene.whole);
  });

  it('lets a worker that slept past its lease publish nothing', async () => {
    await using one = scene.work();
    const waiting = scene.submit('asleep', '--wait');
    await atStep(scene.server.redis, (step) => step.startsWith('take'), one.pid);
    one.signal('SIGSTOP');
    await using _other = scene.work();
    expect(await waiting).toMatchObject({ code: 0 });
    one.signal('SIGCONT');
    await until(async () =>
      one.said().includes('The lease has run out, and another worker may be at the step') ? true : undefined,
    );
    expect(await filesOf(scene.at('asleep'))).toEqual(scene.whole);
  });
});

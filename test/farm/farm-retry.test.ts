import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filesOf } from '../e2e/files-of.ts';
import { eventsIn, type FarmScene, openFarmScene } from './farm-scene.ts';
import { NO_REDIS } from './redis-server.ts';
import { atStep, childrenOf, until } from './worker-process.ts';

describe.skipIf(NO_REDIS !== null)('a farm where something fails', () => {
  let scene: FarmScene;
  beforeAll(async () => {
    scene = await openFarmScene('farm-retry');
    await symlink(scene.scratch.path, scene.at('nas'));
  });
  afterAll(() => scene[Symbol.asyncDispose]());
  /** An output as a machine names it that sees its folder elsewhere. */
  const elsewhere = (out: string) => [join(scene.at('nas'), out), '--map', `${scene.scratch.path}=${scene.at('nas')}`];

  it('passes a take through whose slots always crash, names it, and restores it when it is tried again', async () => {
    await using worker = scene.work(['--log', scene.at('crashing.log')]);
    const waiting = scene.submit('crashing', '--wait');
    for (let attempt = 0; attempt < 3; attempt++) {
      const before = worker.said().split('take-1 of').length;
      await atStep(scene.server.redis, (step) => step === 'take-1', worker.pid);
      const [slot] = await childrenOf(worker.pid);
      process.kill(slot ?? 0, 'SIGKILL');
      await until(async () => (worker.said().split('take-1 of').length > before ? true : undefined));
    }
    const end = await waiting;
    expect(end.code).toBe(3);
    expect(end.stderr).toMatch(
      /1 take was passed through untouched; the report names them\. To try again: reelmend retry [0-9a-f]{12}/,
    );
    expect(await filesOf(scene.at('crashing'))).not.toEqual(scene.whole);
    const status = await scene.ask('status', ...elsewhere('crashing'));
    expect(status.stdout).toContain(join(scene.at('nas'), 'crashing'));
    expect(status.stdout).toContain('take-1 was given up: The process of slot 0 ended with the signal SIGKILL');

    expect(await scene.ask('retry', ...elsewhere('crashing'), '--log', scene.at('crashing.log'))).toMatchObject({
      code: 0,
    });
    expect(await scene.submit('crashing', '--wait')).toMatchObject({ code: 0 });
    expect(await filesOf(scene.at('crashing'))).toEqual(scene.whole);
    const told = await eventsIn(scene.at('crashing.log'));
    const failures = told.filter(({ code }) => /E_STEP|ORDER/.test(code));
    expect(failures.map(({ code, counts }) => [code, counts['frames']])).toEqual([
      ['E_STEP_FAILED', undefined],
      ['E_STEP_FAILED', undefined],
      ['E_STEP_GIVEN_UP', 8],
      ['ORDER_RETRIED', undefined],
    ]);
  });

  it('cancels an order, and goes on with it when it is submitted again', async () => {
    await using worker = scene.work();
    const waiting = scene.submit('cancelled', '--wait');
    await atStep(scene.server.redis, (step) => step.startsWith('take'), worker.pid);
    const log = ['--log', scene.at('cancelled.log')];
    expect(await scene.ask('cancel', ...elsewhere('cancelled'), ...log)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`What is finished lies in "${join(scene.at('nas'), 'cancelled.work')}"`),
    });
    expect((await eventsIn(scene.at('cancelled.log'))).map(({ code }) => code)).toEqual(['ORDER_CANCELLED']);
    expect(await waiting).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('reelmend: the order was cancelled. Submit the reel again to go on.'),
    });
    expect(await scene.submit('cancelled', '--wait')).toMatchObject({ code: 0 });
    expect(await filesOf(scene.at('cancelled'))).toEqual(scene.whole);
  });

  it('does a step that was being cancelled when its order was submitted again', async () => {
    await using worker = scene.work();
    await scene.submit('again');
    await atStep(scene.server.redis, (step) => step === 'take-1', worker.pid);
    // It does not hear that it is to stop, and is killed for it later.
    const [slot] = await childrenOf(worker.pid);
    process.kill(slot ?? 0, 'SIGSTOP');
    await scene.ask('cancel', scene.at('again'));
    expect(await scene.submit('again', '--wait')).toMatchObject({ code: 0 });
    expect(worker.said()).toContain(`take-1 of "${scene.at('again')}" was handed back.`);
    expect(await filesOf(scene.at('again'))).toEqual(scene.whole);
  });

  it('cancels an order whose place another one of the same output takes', async () => {
    await scene.server.redis.flushall();
    const first = await scene.submit('replaced');
    const id = /Order +([0-9a-f]{12})/.exec(first.stdout)?.[1] ?? '';
    await using _worker = scene.work();
    expect(await scene.submit('replaced', '--grain', 'none', '--wait')).toMatchObject({ code: 0 });
    expect((await scene.ask('status', id)).stdout).toMatch(new RegExp(`^${id} .* cancelled`, 'm'));
  });

  it('leaves an order to workers of its versions, and says who would do it', async () => {
    // Workers of other tests, which were killed, are taken for living for a while.
    await scene.server.redis.flushall();
    const other = await otherFfmpeg(scene.at('other'));
    await using stranger = scene.work([], { FFMPEG_PATH: other });
    await until(async () => (stranger.said().includes('other-1.0') ? true : undefined));
    const end = await scene.submit('versions');
    expect(end.code).toBe(0);
    expect(end.stderr).toMatch(
      /^Note: no worker is running that may do this order, which is for Reelmend .*\. Those that run have other versions: Reelmend .* with ffmpeg other-1\.0 .*\. Start one: reelmend work --queue redis:\/\/127/m,
    );
    await using late = scene.work([], { FFMPEG_PATH: other });
    await until(async () => (late.said().includes('waits for Reelmend') ? true : undefined));
    expect((await scene.ask('status', scene.at('versions'))).stdout).toContain('No worker of its versions is running.');
  });

  it('refuses a mount that is another folder, and says so in the status', async () => {
    await mkdir(scene.at('elsewhere'));
    await using _wrong = scene.work(['--map', `${scene.scratch.path}=${scene.at('elsewhere')}`]);
    expect((await scene.submit('mounted')).code).toBe(0);
    const told = await until(async () => {
      const { stdout } = await scene.ask('status', scene.at('mounted'));
      return stdout.includes('leaves track-0 to others') ? stdout : undefined;
    });
    expect(told).toContain(
      `by --map ${scene.scratch.path}=${scene.at('elsewhere')} it is "${scene.at('elsewhere')}/mounted.work/farm" here`,
    );
  });
});

/** An ffmpeg that is the one of this machine, but for what it calls itself. */
async function otherFfmpeg(folder: string): Promise<string> {
  await mkdir(folder);
  for (const name of ['ffmpeg', 'ffprobe']) {
    const path = join(folder, name);
    await writeFile(path, `#!/bin/sh\n${name} "$@" | sed 's/^ffmpeg version [^ ]*/ffmpeg version other-1.0/'\n`);
    await chmod(path, 0o755);
  }
  return join(folder, 'ffmpeg');
}

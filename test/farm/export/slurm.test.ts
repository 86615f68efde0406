import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { EngineJob } from '../../../src/farm/export/engine-job.ts';
import { slurmScript } from '../../../src/farm/export/slurm.ts';
import { JOB, LARGE, STEPS } from './engine-jobs.ts';
import { ended, hasTools, type StandIns, standIns, TOOLS_SKIPPED, tool } from './engine-tools.ts';

/** Submits the job to the stand-in for Slurm, which runs it. */
async function submitted(job: EngineJob, { folder, env }: StandIns, ...options: readonly string[]) {
  const script = join(folder, 'reel.sh');
  await writeFile(script, slurmScript(job));
  const end = await ended('bash', [script, ...options], env);
  const asked = (await readFile(join(folder, 'submitted'), 'utf8')).trimEnd().split('\n');
  return { ...end, asked };
}

describe('a script for Slurm', () => {
  it('submits four arrays, of which each waits for the one before', async () => {
    await using farm = await standIns();
    const { code, text, asked } = await submitted(JOB, farm);
    expect([code, text]).toEqual([
      0,
      'Submitted: track 101, cast 102, take 103, conform 104. To stop them all: scancel 101 102 103 104\n',
    ]);
    expect(asked.map((line) => /--array=(\S+)/.exec(line)?.[1])).toEqual(['0-2', '0-0', '0-2', '0-0']);
    expect(asked.map((line) => /--dependency=(\S+)/.exec(line)?.[1])).toEqual([
      undefined,
      'afterok:101',
      'afterok:102',
      'afterok:102,afterany:103',
    ]);
    expect(await farm.steps()).toEqual(STEPS);
  });

  it('calls run-step with the order as it is named, whatever a shell makes of such a name', async () => {
    await using farm = await standIns();
    await submitted(LARGE, farm);
    expect((await farm.calls())[0]).toBe(
      `run-step --job /mnt/nas/it\\'s\\ \\$HOME/out.work/farm/order.json --map /mnt/nas=/data/\\$\\(nas\\) --step track --index 0 --of 3 `,
    );
  });

  it('asks for GPUs where frames are worked on, for what else it was told to, and hands its own arguments on', async () => {
    await using farm = await standIns();
    const { asked } = await submitted(LARGE, farm, '--partition=gpu');
    expect(asked.map((line) => line.slice(line.indexOf('--kill-on-invalid-dep=yes') + 26))).toEqual([
      '--gres=gpu:2 --cpus-per-task=8 --mem=25088M --time=90 --partition=gpu',
      '--dependency=afterok:101 --cpus-per-task=8 --mem=25088M --time=90 --partition=gpu',
      '--dependency=afterok:102 --gres=gpu:2 --cpus-per-task=8 --mem=25088M --time=90 --partition=gpu',
      '--dependency=afterok:102,afterany:103 --cpus-per-task=8 --mem=25088M --time=90 --partition=gpu',
    ]);
  });

  it('tries a task three times that asks to be tried again, or crashes, and then conforms without it', async () => {
    await using farm = await standIns();
    await farm.endWith('track-1', [75, 139]);
    await farm.endWith('take-0', [75, 75, 75, 75]);
    await submitted(JOB, farm);
    expect(await farm.steps()).toEqual([
      ...['track 0/3', 'track 1/3', 'track 1/3', 'track 1/3', 'track 2/3', 'cast 0/1'],
      ...['take 0/3', 'take 0/3', 'take 0/3', 'take 1/3', 'take 2/3', 'conform 0/1, passing what is missing'],
    ]);
  });

  it.each([65, 3, 1])('does not try a task again that ends with %i', async (code) => {
    await using farm = await standIns();
    await farm.endWith('take-1', [code]);
    await submitted(JOB, farm);
    expect(await farm.steps()).toEqual(STEPS);
  });

  it.each([
    ['tracking', 'track-2', STEPS.slice(0, 3)],
    ['casting', 'cast-0', STEPS.slice(0, 4)],
  ])('runs nothing behind %s that failed', async (_, task, steps) => {
    await using farm = await standIns();
    await farm.endWith(task, [1]);
    await submitted(JOB, farm);
    expect(await farm.steps()).toEqual(steps);
  });

  it.skipIf(!hasTools)(`has nothing that ShellCheck warns of${TOOLS_SKIPPED}`, async () => {
    await using farm = await standIns();
    for (const job of [JOB, LARGE]) {
      const script = join(farm.folder, 'reel.sh');
      await writeFile(script, slurmScript(job));
      expect(await tool('shellcheck', [script])).toEqual({ code: 0, text: '' });
    }
  });
});

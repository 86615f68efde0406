import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { EngineJob } from '../../../src/farm/export/engine-job.ts';
import { openjdTemplate } from '../../../src/farm/export/openjd.ts';
import { JOB, LARGE, STEPS } from './engine-jobs.ts';
import { hasTools, type StandIns, standIns, TOOLS_SKIPPED, tool } from './engine-tools.ts';

async function written(job: EngineJob, { folder }: StandIns): Promise<string> {
  const file = join(folder, 'reel.yaml');
  await writeFile(file, openjdTemplate(job));
  return file;
}

/** Runs the job to its last step on this machine, with `parameters` such as `Parts=2`. */
async function ran(job: EngineJob, farm: StandIns, parameters: readonly string[] = [], ...more: readonly string[]) {
  const given = ['BackOff=0', ...parameters].flatMap((parameter) => ['-p', parameter]);
  const args = ['run', await written(job, farm), '--step', 'conform', '--run-dependencies', ...given, ...more];
  return tool('openjd', args, farm.env);
}

describe('a template of Open Job Description', () => {
  it('asks for what it was told to, and for GPUs where frames are worked on', () => {
    const { steps } = parse(openjdTemplate(LARGE));
    const others = [
      { name: 'amount.worker.vcpu', min: 8 },
      { name: 'amount.worker.memory', min: 25088 },
    ];
    const rendering = [{ name: 'amount.worker.gpu', min: 2 }, ...others];
    const amounts = steps.map((step: { hostRequirements: { amounts: unknown } }) => step.hostRequirements.amounts);
    expect(amounts).toEqual([rendering, others, rendering, others]);
    expect(steps[0].script.actions.onRun.timeout).toBe(5400);
  });

  describe.skipIf(!hasTools)(`run by openjd-cli${TOOLS_SKIPPED}`, () => {
    it.each([
      ['least', JOB],
      ['most', LARGE],
    ])('is valid, with the %s that may be asked for', async (_, job) => {
      await using farm = await standIns();
      expect((await tool('openjd', ['check', await written(job, farm)])).text).toMatch(/passes validation checks/);
    });

    it('runs four steps, each after the one before, with the order as it is named', async () => {
      await using farm = await standIns();
      expect((await ran(JOB, farm)).code).toBe(0);
      expect(await farm.steps()).toEqual(STEPS);
      expect((await farm.calls())[0]).toBe(
        `run-step --job /mnt/nas/it\\'s\\ \\$HOME/out.work/farm/order.json --step track --index 0 --of 3 `,
      );
    });

    it('hands the path mapping rules of its host on, for the folders that they move', async () => {
      await using farm = await standIns();
      const rule = {
        source_path_format: 'POSIX',
        source_path: "/mnt/nas/it's $HOME",
        destination_path: '/Volumes/nas',
      };
      const rules = JSON.stringify({ version: 'pathmapping-1.0', path_mapping_rules: [rule] });
      expect((await ran(JOB, farm, [], '--path-mapping-rules', rules)).code).toBe(0);
      expect((await farm.calls())[0]).toBe(
        `run-step --job /Volumes/nas/out.work/farm/order.json --step track --map /mnt/nas/it\\'s\\ \\$HOME=/Volumes/nas --index 0 --of 3 `,
      );
    });

    it('shares takes among as many tasks as it is told when it is submitted', async () => {
      await using farm = await standIns();
      expect((await ran(JOB, farm, ['Parts=2'])).code).toBe(0);
      expect((await farm.steps()).slice(4)).toEqual(['take 0/2', 'take 1/2', 'conform 0/1, passing what is missing']);
    });

    it('tries three times what asks to be tried again, or crashes, and then conforms without it', async () => {
      await using farm = await standIns();
      await farm.endWith('track-0', [75, 139]);
      await farm.endWith('take-1', [75, 75, 75, 75]);
      await farm.endWith('take-2', [65, 65]);
      const { code, text } = await ran(JOB, farm);
      expect(code).toBe(0);
      expect(text).toContain('openjd_status: Takes failed with code 75. Conform passes them through.');
      expect(text).toContain('openjd_status: Takes failed with code 65. Conform passes them through.');
      expect(await farm.steps()).toEqual([
        ...['track 0/3', 'track 0/3', 'track 0/3', 'track 1/3', 'track 2/3', 'cast 0/1'],
        ...['take 0/3', 'take 1/3', 'take 1/3', 'take 1/3', 'take 2/3', 'conform 0/1, passing what is missing'],
      ]);
    });

    it('stops at a take that failed where it is told to', async () => {
      await using farm = await standIns();
      await farm.endWith('take-1', [65]);
      expect((await ran(JOB, farm, ['FailedTakes=stop'])).code).toBe(1);
      expect((await farm.steps()).at(-1)).toBe('take 1/3');
    });

    it.each([
      ['tracking', 'track-2', STEPS.slice(0, 3)],
      ['casting', 'cast-0', STEPS.slice(0, 4)],
      ['conforming', 'conform-0', STEPS],
    ])('fails where %s failed, and runs nothing behind it', async (_, task, steps) => {
      await using farm = await standIns();
      await farm.endWith(task, [65]);
      expect((await ran(JOB, farm)).code).toBe(1);
      expect(await farm.steps()).toEqual(steps);
    });
  });
});

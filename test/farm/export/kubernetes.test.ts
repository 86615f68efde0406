import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { packageFolder } from '../../../src/disk/package-folder.ts';
import type { EngineJob } from '../../../src/farm/export/engine-job.ts';
import { type KubernetesPods, kubernetesJobs } from '../../../src/farm/export/kubernetes.ts';
import { JOB, LARGE, STEPS } from './engine-jobs.ts';
import { ended, hasTools, type StandIns, standIns, TOOLS_SKIPPED, tool } from './engine-tools.ts';

const RUN_JOBS = join(packageFolder(), 'docs', 'containers', 'run-jobs.sh');
const PODS: KubernetesPods = {
  image: 'registry.example/reelmend:0.1.0',
  volumes: [
    { claim: 'nas', path: '/mnt/nas' },
    { claim: 'reelmend-cache', path: '/var/cache/reelmend' },
  ],
};

const jobsOf = (job: EngineJob, pods = PODS) => parseAllDocuments(kubernetesJobs(job, pods)).map((one) => one.toJS());

/** Runs the Jobs as `docs/containers/run-jobs.sh` does, on the stand-in for a cluster. */
async function ran(job: EngineJob, { folder, env }: StandIns, ...options: readonly string[]) {
  const file = join(folder, 'reel.yaml');
  await writeFile(file, kubernetesJobs(job, PODS));
  return ended('bash', [RUN_JOBS, file, ...options], env);
}

describe('Jobs for Kubernetes', () => {
  it('are run one after the other, each for all its indexes', async () => {
    await using farm = await standIns();
    expect(await ran(JOB, farm)).toEqual({ code: 0, text: '' });
    expect(await farm.steps()).toEqual(STEPS);
  });

  it('are run in the namespace that kubectl is told, and not again by the same command', async () => {
    await using farm = await standIns();
    await ran(JOB, farm, '--namespace', 'film');
    await ran(JOB, farm, '--namespace', 'film');
    expect(await farm.steps()).toEqual(STEPS);
    const asked = (await readFile(join(farm.folder, 'asked'), 'utf8')).trimEnd().split('\n');
    expect(asked.filter((line) => !line.endsWith(' --namespace film'))).toEqual([]);
  });

  it('are named so that a cluster takes the name, and differently for another order of the same reel', () => {
    const names = (job: EngineJob) => jobsOf(job).map(({ metadata }) => metadata.name);
    expect(names(JOB)).toEqual([
      'newsreel-7-1938-8ebf26-track',
      'newsreel-7-1938-8ebf26-cast',
      'newsreel-7-1938-8ebf26-take',
      'newsreel-7-1938-8ebf26-conform',
    ]);
    expect(names({ ...JOB, orderPath: '/other/order.json' })[0]).not.toBe(names(JOB)[0]);
    expect(names({ ...JOB, name: '№' })[0]).toMatch(/^reel-[0-9a-f]{6}-track$/);
    // A pod is called by its Job and its index, in 63 letters.
    for (const name of names({ ...JOB, name: 'x'.repeat(300) })) expect(`${name}-9999`.length).toBeLessThanOrEqual(63);
  });

  it('call run-step with the order as it is named, whatever a cluster makes of such a name', async () => {
    await using farm = await standIns();
    await ran(LARGE, farm);
    expect((await farm.calls())[0]).toBe(
      `run-step --job /mnt/nas/it\\'s\\ \\$HOME/out.work/farm/order.json --map /mnt/nas=/data/\\$\\(nas\\) --step track --index 0 --of 3 `,
    );
  });

  it('give each index three tries, but one that is damaged, and conform without it', async () => {
    await using farm = await standIns();
    await farm.endWith('take-0', [75, 75, 75, 75]);
    await farm.endWith('take-1', [65, 65]);
    await farm.endWith('take-2', [75, 1]);
    const { code, text } = await ran(JOB, farm);
    expect([code, text]).toEqual([
      0,
      'Step take failed in part or whole; see: kubectl logs -l reelmend/reel=newsreel-7-1938-8ebf26,reelmend/step=take --prefix\n',
    ]);
    expect((await farm.steps()).slice(4)).toEqual([
      ...['take 0/3', 'take 0/3', 'take 0/3', 'take 1/3', 'take 2/3', 'take 2/3', 'take 2/3'],
      'conform 0/1, passing what is missing',
    ]);
  });

  it.each([
    ['tracking', 'track-2', STEPS.slice(0, 3)],
    ['casting', 'cast-0', STEPS.slice(0, 4)],
    ['conforming', 'conform-0', STEPS],
  ])('end with an error where %s failed, and run nothing behind it', async (_, task, steps) => {
    await using farm = await standIns();
    await farm.endWith(task, [65]);
    expect((await ran(JOB, farm)).code).toBe(1);
    expect(await farm.steps()).toEqual(steps);
  });

  it('end with an error where the cluster has none of them, and wait for nothing', async () => {
    await using farm = await standIns();
    await writeFile(join(farm.folder, 'forgets'), '');
    expect(await ran(JOB, farm)).toEqual({
      code: 1,
      text: 'The cluster has no Job of step track labelled reelmend/reel=newsreel-7-1938-8ebf26 where kubectl looks: check its --namespace and --context.\n',
    });
  });

  it('are not looked for in a file that has none', async () => {
    await using farm = await standIns();
    const file = join(farm.folder, 'other.yaml');
    await writeFile(file, 'kind: Pod\n');
    expect(await ended('bash', [RUN_JOBS, file], farm.env)).toEqual({
      code: 2,
      text: `${file} has no label reelmend/reel: give the file that export --as kubernetes wrote.\n`,
    });
  });

  it('end with an error where the reel is done with takes that were passed through, which no further try would better', async () => {
    await using farm = await standIns();
    await farm.endWith('conform-0', [3, 3]);
    expect((await ran(JOB, farm)).code).toBe(1);
    expect(await farm.steps()).toEqual(STEPS);
  });

  it('ask for what they were told to, and for GPUs where frames are worked on', () => {
    const pods = jobsOf(LARGE).map(({ spec }) => spec.template.spec);
    expect(pods.map((pod) => pod.activeDeadlineSeconds)).toEqual([5400, 5400, 5400, 5400]);
    const requests = { cpu: 8, memory: '25088Mi' };
    const rendering = { requests, limits: { memory: '25088Mi', 'nvidia.com/gpu': 2 } };
    const other = { requests, limits: { memory: '25088Mi' } };
    expect(pods.map((pod) => pod.containers[0].resources)).toEqual([rendering, other, rendering, other]);
    expect(pods[0].containers[0].volumeMounts).toEqual([
      { name: 'volume-1', mountPath: '/mnt/nas' },
      { name: 'volume-2', mountPath: '/var/cache/reelmend' },
    ]);
    expect(pods[0].volumes).toEqual([
      { name: 'volume-1', persistentVolumeClaim: { claimName: 'nas' } },
      { name: 'volume-2', persistentVolumeClaim: { claimName: 'reelmend-cache' } },
    ]);
  });

  describe.skipIf(!hasTools)(`held to what Kubernetes publishes${TOOLS_SKIPPED}`, () => {
    // The first version whose Jobs may have limits of their own for each index without a switch, and the newest that is known.
    it.each(['1.29', '1.37'])('are valid for version %s', async (version) => {
      await using farm = await standIns();
      for (const job of [JOB, LARGE]) {
        const file = join(farm.folder, 'reel.yaml');
        await writeFile(file, kubernetesJobs(job, PODS));
        const { code, text } = await tool('kubernetes-validate', ['--strict', '-k', version, file]);
        expect([code, text]).toEqual([0, expect.stringContaining('passed')]);
      }
    });

    it('are told from what is not valid', async () => {
      await using farm = await standIns();
      const file = join(farm.folder, 'reel.yaml');
      await writeFile(file, kubernetesJobs(JOB, PODS).replace('completionMode', 'completionMood'));
      expect((await tool('kubernetes-validate', ['--strict', file])).code).toBe(1);
    });
  });

  it.skipIf(!hasTools)(`are run by a script that ShellCheck warns of nothing in${TOOLS_SKIPPED}`, async () => {
    expect(await tool('shellcheck', [RUN_JOBS])).toEqual({ code: 0, text: '' });
  });
});

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type MachineCores, machineCores } from '../../../src/farm/work/machine-cores.ts';
import { coresOfSlots, coresToUse } from '../../../src/farm/work/slot-cores.ts';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'reelmend-cores-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

/** A Linux machine by its tables. */
async function drawn(files: Readonly<Record<string, string>>, processors: number): Promise<MachineCores> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  return machineCores({ root, platform: 'linux', arch: 'x64', processors });
}

/** Processors k and k + `cores` are one core, as systems number them mostly. */
function topology(cores: number, threads: number, packages = 1): Record<string, string> {
  const files: Record<string, string> = {};
  for (let k = 0; k < cores * threads; k++) {
    const folder = `sys/devices/system/cpu/cpu${k}/topology`;
    files[`${folder}/core_id`] = `${(k % cores) % (cores / packages)}\n`;
    files[`${folder}/physical_package_id`] = `${Math.floor((k % cores) / (cores / packages))}\n`;
  }
  return files;
}

const allowed = (list: string) => ({ 'proc/self/status': `Name:\tnode\nCpus_allowed_list:\t${list}\n` });

describe('the cores of a machine', () => {
  it('are counted, and not their threads', async () => {
    const machine = await drawn({ ...topology(8, 2), ...allowed('0-15') }, 16);
    expect(machine).toEqual({ processors: [0, 1, 2, 3, 4, 5, 6, 7], physical: 8, quota: Infinity });
  });

  it('are those of all packages, whose cores have the same numbers', async () => {
    const machine = await drawn({ ...topology(8, 2, 2), ...allowed('0-15') }, 16);
    expect(machine.physical).toBe(8);
  });

  it('are those that this process may run on', async () => {
    const machine = await drawn({ ...topology(8, 2), ...allowed('1-2,9,12') }, 16);
    expect(machine).toMatchObject({ processors: [1, 2, 12], physical: 3 });
  });

  it.each<[string, Record<string, string>]>([
    ['version 2', { 'proc/self/cgroup': '0::/a/b\n', 'sys/fs/cgroup/a/b/cpu.max': '250000 100000\n' }],
    [
      'version 2, of a group above',
      {
        'proc/self/cgroup': '0::/a/b\n',
        'sys/fs/cgroup/a/b/cpu.max': 'max 100000\n',
        'sys/fs/cgroup/a/cpu.max': '250000 100000\n',
      },
    ],
    [
      'version 2, of a container that does not see its group',
      { 'proc/self/cgroup': '0::/outside\n', 'sys/fs/cgroup/cpu.max': '250000 100000\n' },
    ],
    [
      'version 1',
      {
        'proc/self/cgroup': '4:memory:/x\n3:cpu,cpuacct:/a\n0::/\n',
        'sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_quota_us': '125000\n',
        'sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_period_us': '50000\n',
      },
    ],
    [
      'version 1, mounted by its own name',
      {
        'proc/self/cgroup': '3:cpuset:/\n1:cpu:/a\n',
        'sys/fs/cgroup/cpu/cpu.cfs_quota_us': '250000\n',
        'sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000\n',
      },
    ],
  ])('are no more than a control group of %s allows', async (_, group) => {
    const machine = await drawn({ ...topology(8, 1), ...allowed('0-7'), ...group }, 8);
    expect(machine.quota).toBe(2.5);
    expect(coresToUse(machine)).toBe(1);
  });

  it('have no quota where their groups have none', async () => {
    const group = {
      'proc/self/cgroup': '1:cpu:/\n0::/\n',
      'sys/fs/cgroup/cpu/cpu.cfs_quota_us': '-1\n',
      'sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000\n',
      'sys/fs/cgroup/cpu.max': 'max 100000\n',
    };
    expect((await drawn({ ...topology(4, 1), ...allowed('0-3'), ...group }, 4)).quota).toBe(Infinity);
  });

  it('are supposed to have two threads where a system does not say it, which is told', async () => {
    const note = 'This system does not say how many cores its 8 processors are; two processors a core are supposed.';
    expect(await drawn(allowed('0-7'), 8)).toMatchObject({ physical: 4, note });
    for (const platform of ['win32', 'darwin'] as const) {
      const machine = await machineCores({ root, platform, arch: 'x64', processors: 8 });
      expect(machine).toEqual({ processors: null, physical: 4, quota: Infinity, note });
    }
    const apple = await machineCores({ root, platform: 'darwin', arch: 'arm64', processors: 8 });
    expect(apple).toEqual({ processors: null, physical: 8, quota: Infinity });
  });

  it('are here at most the processors that this process may run on', async () => {
    const machine = await machineCores();
    expect(machine.physical).toBeGreaterThanOrEqual(1);
    expect(machine.physical).toBeLessThanOrEqual(availableParallelism());
  });
});

describe('the cores of slots', () => {
  const machine = (physical: number): MachineCores => ({
    processors: Array.from({ length: physical }, (_, k) => k),
    physical,
    quota: Infinity,
  });

  it.each([
    [1, 1],
    [2, 1],
    [4, 2],
    [10, 7],
    [64, 44],
  ])('are of %i physical ones %i in all', (physical, used) => {
    expect(coresToUse(machine(physical))).toBe(used);
  });

  it('are shared without one core given twice, the last ones first', () => {
    expect(coresOfSlots(machine(10), 3).map(({ processors }) => processors)).toEqual([
      [3, 4],
      [5, 6],
      [7, 8, 9],
    ]);
    expect(coresOfSlots(machine(10), 1)).toEqual([{ count: 7, processors: [3, 4, 5, 6, 7, 8, 9] }]);
  });

  it('are one each where there are more slots, which then share them', () => {
    expect(coresOfSlots(machine(4), 3).map(({ processors }) => processors)).toEqual([[2], [3], [2]]);
  });

  it('are only counted where processes cannot be bound', () => {
    const machine = { processors: null, physical: 10, quota: Infinity };
    expect(coresOfSlots(machine, 2)).toEqual([
      { count: 3, processors: null },
      { count: 4, processors: null },
    ]);
  });
});

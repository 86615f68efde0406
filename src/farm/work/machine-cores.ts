import { readFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';

/** What a machine computes with, as far as this process may use it. */
export interface MachineCores {
  /** One processor of each physical core that this process may run on, by the system's numbers; null where processes cannot be bound. */
  readonly processors: readonly number[] | null;
  /** Physical cores. */
  readonly physical: number;
  /** Seconds of processors a second that control groups allow; `Infinity` where they set no limit. */
  readonly quota: number;
  /** What is only supposed, as a sentence. */
  readonly note?: string;
}

/** Where the facts are read. */
export interface MachineFacts {
  /** Under which `proc` and `sys` lie. */
  readonly root: string;
  readonly platform: NodeJS.Platform;
  readonly arch: string;
  /** Logical processors. */
  readonly processors: number;
}

/** Reads what this machine computes with: on Linux from its own tables, elsewhere by what is usual. */
export async function machineCores(
  facts: MachineFacts = { root: '/', platform: process.platform, arch: process.arch, processors: cpus().length },
): Promise<MachineCores> {
  const { root, platform, arch, processors } = facts;
  if (platform !== 'linux') {
    // Apple's own processors have one thread a core.
    if (platform === 'darwin' && arch === 'arm64') return { processors: null, physical: processors, quota: Infinity };
    return { processors: null, ...supposed(processors), quota: Infinity };
  }
  const quota = Math.min(await quotaOfVersion2(root), await quotaOfVersion1(root));
  const allowed = await allowedProcessors(root, processors);
  const cores = new Map<string, number>();
  for (const processor of allowed) {
    const core = await coreOf(root, processor);
    if (core === null) return { processors: allowed, ...supposed(allowed.length), quota };
    if (!cores.has(core)) cores.set(core, processor);
  }
  return { processors: [...cores.values()], physical: cores.size, quota };
}

/** Where it is not known whether two processors are one core. */
function supposed(processors: number): Pick<MachineCores, 'physical' | 'note'> {
  return {
    physical: Math.max(1, Math.floor(processors / 2)),
    note: `This system does not say how many cores its ${processors} processors are; two processors a core are supposed.`,
  };
}

/** Those that this process may run on: the limits of control groups and of `taskset` are in it. */
async function allowedProcessors(root: string, all: number): Promise<number[]> {
  const status = await textOf(root, 'proc/self/status');
  const list = /^Cpus_allowed_list:\s*(\S+)/m.exec(status)?.[1] ?? '';
  const numbers = list.split(',').flatMap((part) => {
    const [first = Number.NaN, last = first] = part.split('-').map(Number);
    return first <= last ? Array.from({ length: last - first + 1 }, (_, k) => first + k) : [];
  });
  return numbers.length > 0 ? numbers : Array.from({ length: all }, (_, k) => k);
}

/** Names the physical core of a processor; null where the system does not say it. */
async function coreOf(root: string, processor: number): Promise<string | null> {
  const topology = `sys/devices/system/cpu/cpu${processor}/topology`;
  const [core, cluster, die] = await Promise.all(
    ['core_id', 'physical_package_id', 'die_id'].map(async (name) =>
      (await textOf(root, `${topology}/${name}`)).trim(),
    ),
  );
  return core === '' || cluster === '' ? null : `${cluster} ${die} ${core}`;
}

/** `cpu.max` of this process's group and of those above it: microseconds of processors, and of the clock. */
async function quotaOfVersion2(root: string): Promise<number> {
  const group = /^0::(.*)$/m.exec(await textOf(root, 'proc/self/cgroup'))?.[1] ?? '/';
  return least('sys/fs/cgroup', group, async (folder) => {
    const limit = await textOf(root, `${folder}/cpu.max`);
    return limit.trim().split(/\s+/).map(Number);
  });
}

/** The same of version 1. */
async function quotaOfVersion1(root: string): Promise<number> {
  const [, controllers, group] =
    /^\d+:((?:[^:\n]*,)?cpu(?:,[^:\n]*)?):(.*)$/m.exec(await textOf(root, 'proc/self/cgroup')) ?? [];
  if (controllers === undefined || group === undefined) return Infinity;
  const quotas = ['cpu', controllers].map((mount) =>
    least(`sys/fs/cgroup/${mount}`, group, async (folder) => [
      Number(await textOf(root, `${folder}/cpu.cfs_quota_us`)),
      Number(await textOf(root, `${folder}/cpu.cfs_period_us`)),
    ]),
  );
  return Math.min(...(await Promise.all(quotas)));
}

/** The least of the quotas of a group and all above it; of a container, whose group's name is of the outside, of the mount's own. */
async function least(
  mount: string,
  group: string,
  read: (folder: string) => Promise<readonly number[]>,
): Promise<number> {
  const names = group.split('/').filter((name) => name !== '');
  let quota = Infinity;
  for (let depth = names.length; depth >= 0; depth--) {
    const [most = 0, period = 0] = await read([mount, ...names.slice(0, depth)].join('/'));
    if (most > 0 && period > 0) quota = Math.min(quota, most / period);
  }
  return quota;
}

async function textOf(root: string, path: string): Promise<string> {
  return readFile(join(root, path), 'utf8').catch(() => '');
}

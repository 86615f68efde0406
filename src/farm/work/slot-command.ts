import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { SlotCores } from './slot-cores.ts';

/** How a slot is started. */
export interface SlotCommand {
  readonly program: string;
  readonly args: readonly string[];
  /** What its environment has beside the worker's. */
  readonly env: Readonly<Record<string, string>>;
  /** True: the system holds it, and all that it starts, to its cores. False: it is only told how many to use. */
  readonly bound: boolean;
}

/**
 * A command that is held to the cores of its slot: by `taskset` of util-linux, which all processes that it starts inherit; where that is
 * not there, it is told to keep to as many, which holds each pool of threads to them, but not all pools together.
 *
 * @param path folders in which `taskset` is looked for
 */
export async function slotCommand(
  { count, processors }: SlotCores,
  program: string,
  args: readonly string[],
  path: string = process.env['PATH'] ?? '',
): Promise<SlotCommand> {
  const taskset = processors && process.platform === 'linux' ? await onPath('taskset', path) : null;
  if (!taskset || !processors) {
    return { program, args, env: { REELMEND_CORES: `${count}` }, bound: false };
  }
  return { program: taskset, args: ['-c', processors.join(','), program, ...args], env: {}, bound: true };
}

async function onPath(program: string, path: string): Promise<string | null> {
  for (const folder of path.split(delimiter)) {
    const file = join(folder, program);
    const isThere = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (folder !== '' && isThere) return file;
  }
  return null;
}

import { type Ended, ended } from '../cli/captured-io.ts';

/**
 * Runs a command line in this process, with code that is loaded and compiled already. The built command, which hands its arguments to the
 * same function, is for what only a process shows: its exit code, its signals, its own standard output.
 */
export async function reelmendHere(
  args: readonly string[],
  cache: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const set = { ...env, REELMEND_CACHE: cache };
  const before = Object.keys(set).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, set);
  try {
    return await ended(args);
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
}

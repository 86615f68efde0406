import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageFolder } from '../../src/disk/package-folder.ts';
import { type LogLine, readLine } from '../../src/log/log-line.ts';
import { type CommandEnd, reelmend, reelmendOrThrow } from '../e2e/command.ts';
import { filesOf } from '../e2e/files-of.ts';
import { openScratch, type Scratch } from '../e2e/scratch.ts';
import { shortTakes } from '../e2e/short-takes.ts';
import { makeTinyReel } from '../e2e/tiny-reel.ts';
import { openRedisServer, type RedisServer } from './redis-server.ts';
import { startWorker, type WorkerProcess } from './worker-process.ts';

/** A queue, a reel of four takes, and what one process makes of it. */
export interface FarmScene extends AsyncDisposable {
  readonly server: RedisServer;
  readonly scratch: Scratch;
  /** The files of `reelmend restore`, by their hashes. */
  readonly whole: Readonly<Record<string, string>>;
  at(name: string): string;
  work(words?: readonly string[], env?: Readonly<Record<string, string>>): WorkerProcess;
  submit(out: string, ...more: string[]): Promise<CommandEnd>;
  /** Another command of the farm. */
  ask(...words: string[]): Promise<CommandEnd>;
}

/** The events of a log. */
export async function eventsIn(log: string): Promise<LogLine[]> {
  const text = await readFile(log, 'utf8');
  return text.split('\n').flatMap((line) => readLine(line)?.line ?? []);
}

export async function openFarmScene(name: string): Promise<FarmScene> {
  const scratch = await openScratch(name);
  const at = (file: string) => join(scratch.path, file);
  const server = await openRedisServer(at('redis'));
  const portrait = join(packageFolder(), 'samples', 'portrait.png');
  await makeTinyReel(at('reel'), 24, 8);
  const preset = await shortTakes(scratch.path, 8);
  const flags = ['--preset', preset, '--reference', portrait, '--restorer', 'replace', '--quiet'];
  await reelmendOrThrow(['restore', at('reel'), '--out', at('whole'), ...flags], scratch.cache);
  const { url } = server;
  return {
    ...{ server, scratch, at, whole: await filesOf(at('whole')) },
    work: (words = [], env = {}) => startWorker(url, scratch.cache, words, env),
    submit: (out, ...more) =>
      reelmend(['submit', at('reel'), '--out', at(out), ...flags, '--queue', url, ...more], scratch.cache),
    ask: (...words) => reelmend([...words, '--queue', url], scratch.cache),
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await scratch[Symbol.asyncDispose]();
    },
  };
}

import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdtemp, readFile, rename, rm, symlink, truncate, unlink, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { packageFolder } from '../../src/disk/package-folder.ts';
import { packageVersion } from '../../src/disk/package-version.ts';
import { openEventLog } from '../../src/log/event-log.ts';
import { type FoundLine, readLine } from '../../src/log/log-line.ts';

const WRITER = join(packageFolder(), 'test', 'log', 'log-writer.mjs');

/** More lines than a process writes until it is killed. */
const ENDLESS = 1e6;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reelmend-log-'));
});
afterEach(() => rm(folder, { recursive: true }));
const at = (name: string) => join(folder, name);

async function linesOf(name: string): Promise<string[]> {
  return (await readFile(at(name), 'utf8')).split('\n').filter((line) => line !== '');
}

const codesIn = async (name: string) => (await linesOf(name)).map((line) => readLine(line)?.line?.code ?? 'damaged');

describe('a line of a log', () => {
  it('says when, where, what, of what, how much and how long', async () => {
    using log = openEventLog(at('run.log'), { reel: '/scans/r1', gpu: 3 });
    const before = Date.now();
    log.write({
      code: 'TAKE_RENDERED',
      labels: { shot: 2, take: '1001-1048', gpu: undefined },
      counts: { frames: 48, restored: 40, bytes: undefined },
      seconds: 1.5,
    });
    const [text = ''] = await linesOf('run.log');
    const { '@timestamp': time, ...line } = JSON.parse(text);
    expect(Date.parse(time)).toBeGreaterThanOrEqual(before);
    expect(line).toEqual({
      'log.level': 'info',
      'host.name': hostname(),
      'host.hostname': hostname(),
      'process.pid': process.pid,
      'ecs.version': '8.10.0',
      'service.name': 'reelmend',
      'service.version': packageVersion(),
      'event.dataset': 'reelmend',
      'event.kind': 'event',
      'event.category': ['process'],
      'event.type': ['end'],
      'event.code': 'TAKE_RENDERED',
      'event.outcome': 'success',
      'event.duration': 1_500_000_000,
      labels: { reel: '/scans/r1', gpu: '3', shot: '2', take: '1001-1048' },
      reelmend: { frames: 48, restored: 40 },
      message: 'A take was rendered.',
    });
  });

  it('keeps its code and the class of what failed apart', async () => {
    using log = openEventLog(at('run.log'));
    const error = Object.assign(new RangeError('The disk is full.'), { code: 'ENOSPC' });
    log.write({ code: 'E_RUN_FAILED', error });
    log.write({ code: 'E_STEP_FAILED', error: 'no error', message: 'It went wrong.' });
    const [failed, other] = (await linesOf('run.log')).map((text) => JSON.parse(text));
    expect(failed).toMatchObject({
      'log.level': 'error',
      'event.code': 'E_RUN_FAILED',
      'event.outcome': 'failure',
      'error.type': 'RangeError',
      'error.code': 'ENOSPC',
      'error.message': 'The disk is full.',
      'error.stack_trace': error.stack,
    });
    expect(other).toMatchObject({
      'log.level': 'warn',
      'error.type': 'string',
      'error.message': 'no error',
      message: 'It went wrong.',
    });
  });
});

describe('a log that processes share', () => {
  it('has every line of each process in its order, those of a killed one too, and no two in one', async () => {
    const lines = 2000;
    const children = ['0', '1', '2', '3'].map((slot) => {
      const args = [WRITER, at('run.log'), slot, String(slot === '0' ? ENDLESS : lines)];
      return spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    });
    const [victim] = children;
    victim?.stdout.once('data', () => victim.kill('SIGKILL'));
    const ends = children.map((child) => once(child, 'exit'));
    expect(await Promise.all(ends)).toEqual([
      [null, 'SIGKILL'],
      [0, null],
      [0, null],
      [0, null],
    ]);

    const frames = new Map<string, number[]>();
    const damaged: string[] = [];
    for (const text of await linesOf('run.log')) {
      const { line, isDamaged } = readLine(text) as FoundLine;
      if (isDamaged) damaged.push(text);
      if (!line) continue;
      const { slot = '', frame } = line.labels;
      frames.set(slot, [...(frames.get(slot) ?? []), Number(frame)]);
    }
    const upTo = (count: number) => Array.from({ length: count }, (_, k) => k);
    const killed = frames.get('0') ?? [];
    expect(killed).toEqual(upTo(killed.length));
    expect(killed.length).toBeGreaterThanOrEqual(100);
    for (const slot of ['1', '2', '3']) expect(frames.get(slot)).toEqual(upTo(lines));
    // The line that the kill met, if it met one.
    expect(damaged.length).toBeLessThanOrEqual(1);
  }, 60_000);

  it('goes on behind a line that a kill cut off', async () => {
    await writeFile(at('run.log'), '{"log.level":"info","@timest');
    using log = openEventLog(at('run.log'));
    log.write({ code: 'RUN_STARTED' });
    log.write({ code: 'RUN_FINISHED' });
    expect(await codesIn('run.log')).toEqual(['damaged', 'RUN_STARTED', 'RUN_FINISHED']);
  });
});

describe('a log that is rotated', () => {
  it('is begun anew after a rename, at the next line', async () => {
    using log = openEventLog(at('run.log'));
    log.write({ code: 'RUN_STARTED' });
    await rename(at('run.log'), at('run.log.1'));
    log.write({ code: 'TAKE_RENDERED' });
    log.write({ code: 'RUN_FINISHED' });
    expect(await codesIn('run.log.1')).toEqual(['RUN_STARTED']);
    expect(await codesIn('run.log')).toEqual(['TAKE_RENDERED', 'RUN_FINISHED']);
  });

  it('goes on at its beginning after it was copied and truncated', async () => {
    using log = openEventLog(at('run.log'));
    log.write({ code: 'RUN_STARTED' });
    await copyFile(at('run.log'), at('run.log.1'));
    await truncate(at('run.log'));
    log.write({ code: 'RUN_FINISHED' });
    expect(await codesIn('run.log.1')).toEqual(['RUN_STARTED']);
    expect(await codesIn('run.log')).toEqual(['RUN_FINISHED']);
  });
});

describe('a log that cannot be written', () => {
  it('is told once, and says how much it lacks when it can be written again', async () => {
    await symlink('/dev/full', at('run.log'));
    const told: string[] = [];
    using log = openEventLog(at('run.log'), {}, (sentence) => void told.push(sentence));
    log.write({ code: 'RUN_STARTED' });
    log.write({ code: 'TAKE_RENDERED' });
    await unlink(at('run.log'));
    log.write({ code: 'RUN_FINISHED' });
    expect(told).toEqual([
      `Events are missing from the log: "${at('run.log')}" cannot be written (ENOSPC: no space left on device, write). The run goes on, and later events are tried.`,
    ]);
    expect(await codesIn('run.log')).toEqual(['E_LOG_LOST', 'RUN_FINISHED']);
    expect(JSON.parse((await linesOf('run.log'))[0] ?? '').reelmend).toEqual({ lines: 2 });
  });

  it('in a folder that is not there costs nothing but the note', () => {
    const told: string[] = [];
    using log = openEventLog(at('none/run.log'), {}, (sentence) => void told.push(sentence));
    log.write({ code: 'RUN_STARTED' });
    expect(told).toEqual([
      `Events are missing from the log: "${at('none/run.log')}" cannot be written (ENOENT: no such file or directory, open '${at('none/run.log')}'). The run goes on, and later events are tried.`,
    ]);
  });

  it('where room ends in the midst of a line, is whole again behind it', async () => {
    // 16 blocks of 1024 bytes, which end in the third or fourth line.
    const script = `ulimit -f 16; exec "${process.execPath}" "${WRITER}" "${at('run.log')}" 0 6`;
    const { stderr } = await promisify(execFile)('bash', ['-c', script]);
    expect(stderr).toContain('cannot be written (EFBIG: file too large, write)');
    using log = openEventLog(at('run.log'));
    log.write({ code: 'RUN_FINISHED' });
    const codes = await codesIn('run.log');
    expect(codes.slice(0, -2)).toEqual(codes.slice(0, -2).map(() => 'E_FRAME_DAMAGED'));
    expect(codes.slice(-2)).toEqual(['damaged', 'RUN_FINISHED']);
  });
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, readFile, rm, stat, symlink, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageFolder } from '../../src/disk/package-folder.ts';
import { type LogLine, readLine } from '../../src/log/log-line.ts';
import { COMMAND, reelmend } from './command.ts';
import { reelmendHere } from './command-here.ts';
import { filesOf } from './files-of.ts';
import { openScratch, type Scratch } from './scratch.ts';
import { shortTakes } from './short-takes.ts';
import { makeTinyReel } from './tiny-reel.ts';

const PORTRAIT = join(packageFolder(), 'samples', 'portrait.png');

let scratch: Scratch;
let preset: string;
const at = (...names: readonly string[]) => join(scratch.path, ...names);

beforeAll(async () => {
  scratch = await openScratch('log');
  preset = await shortTakes(scratch.path, 8);
  await makeTinyReel(at('reel'), 9, 5);
  await truncate(at('reel', 'scan.1012.dpx'), 3000);
});
afterAll(() => scratch[Symbol.asyncDispose]());

const restore = (out: string, ...more: readonly string[]) => [
  ...['restore', at('reel'), '--out', at(out), '--reference', PORTRAIT, '--restorer', 'replace', '--preset', preset],
  ...['--device', 'cpu', '--max-isolated', '100', '--quiet', ...more],
];

async function linesIn(name: string): Promise<LogLine[]> {
  const text = await readFile(at(name), 'utf8').catch(() => '');
  return linesOf(text);
}

function linesOf(text: string): LogLine[] {
  return text.split('\n').flatMap((one) => {
    const found = readLine(one);
    if (found?.isDamaged) throw new Error(`A damaged line: ${one}`);
    return found?.line ?? [];
  });
}

/** Sends a signal to a run as soon as its log tells of a take; answers its exit code, and the signal that ended it. */
async function endedBy(signal: 'SIGKILL' | 'SIGINT', args: readonly string[], log: string): Promise<unknown[]> {
  const child = spawn(process.execPath, [COMMAND, ...args], {
    env: { ...process.env, REELMEND_CACHE: scratch.cache },
    stdio: 'ignore',
  });
  const exit = once(child, 'exit');
  while (!codesOf(await linesIn(log)).includes('TAKE_RENDERED')) await setTimeout(5);
  child.kill(signal);
  return exit;
}

const codesOf = (lines: readonly LogLine[]) => lines.map(({ code }) => code);

/** What lines of a code tell, beside when and by whom. */
function told(lines: readonly LogLine[], code: string) {
  return lines
    .filter((line) => line.code === code)
    .map(({ labels: { command: _, reel: __, gpu: ___, ...labels }, counts, reason }) => ({ labels, counts, reason }));
}

describe('the log of a restore', () => {
  it('has what happened in its order, with shot, take, frame and device', async () => {
    const { code } = await reelmend(restore('out', '--log', at('run.log'), '--master', 'ffv1'), scratch.cache);
    expect(code).toBe(0);
    const lines = await linesIn('run.log');
    expect(codesOf(lines).filter((one) => one !== 'STAGE_FINISHED')).toEqual([
      'RUN_STARTED',
      ...['E_FRAME_DAMAGED', 'REEL_TRACKED', 'DEVICE_CHOSEN'],
      ...['TAKE_RENDERED', 'TAKE_RENDERED', 'TAKE_COPIED', 'MASTER_MADE', 'RUN_FINISHED'],
    ]);
    for (const { labels } of lines) expect(labels).toMatchObject({ command: 'restore', reel: at('reel') });
    expect(told(lines, 'E_FRAME_DAMAGED')).toEqual([
      {
        labels: { frame: '1012' },
        counts: { frames: 1 },
        reason: 'scan.1012.dpx is cut off: 230400 bytes of picture are needed from byte 2048, 952 are there',
      },
    ]);
    expect(told(lines, 'DEVICE_CHOSEN')).toEqual([
      { labels: { device: 'cpu' }, counts: {}, reason: '--device cpu was asked for.' },
    ]);
    const device = 'cpu';
    expect([...told(lines, 'TAKE_RENDERED'), ...told(lines, 'TAKE_COPIED')]).toEqual([
      { labels: { shot: '1', take: '1001-1005', device }, counts: { frames: 5, restored: 5 }, reason: null },
      { labels: { shot: '1', take: '1006-1009', device }, counts: { frames: 4, restored: 4 }, reason: null },
      { labels: { shot: '2', take: '1010-1014' }, counts: { frames: 5, restored: 0 }, reason: null },
    ]);
    expect(told(lines, 'STAGE_FINISHED').map(({ labels: { stage } }) => stage)).toEqual([
      ...['reading', 'tracking', 'rendering', 'conforming'],
      ...['reading', 'mastering', 'verifying', 'report'],
    ]);
    const [end] = lines.slice(-1);
    expect(end?.counts).toEqual({ frames: 14, restored: 9, isolated: 1, takes: 3, exit: 0 });
    const stages = lines.filter((line) => line.code === 'STAGE_FINISHED');
    const sum = stages.reduce((all, { seconds }) => all + (seconds ?? 0), 0);
    expect(sum).toBeGreaterThan(0);
    expect(sum).toBeLessThanOrEqual(end?.seconds ?? 0);
  });

  it('tells what an earlier run had finished, and that it was killed by its missing end', async () => {
    const args = restore('killed', '--log', at('killed.log'));
    expect(await endedBy('SIGKILL', args, 'killed.log')).toEqual([null, 'SIGKILL']);
    const before = (await linesIn('killed.log')).length;

    expect((await reelmendHere(args, scratch.cache)).code).toBe(0);
    const lines = await linesIn('killed.log');
    const [killed, after] = [codesOf(lines.slice(0, before)), codesOf(lines.slice(before))];
    expect([killed[0], killed.includes('RUN_FINISHED')]).toEqual(['RUN_STARTED', false]);
    expect([after[0], after.at(-1)]).toEqual(['RUN_STARTED', 'RUN_FINISHED']);
    const takes = after.filter((code) => code.startsWith('TAKE_'));
    expect(takes.length).toBe(3);
    expect(takes[0]).toBe('TAKE_KEPT');
    expect(await filesOf(at('killed'))).toEqual(await filesOf(at('out')));
  });

  it('tells that a person stopped it', async () => {
    const args = restore('stopped', '--log', at('stopped.log'));
    expect(await endedBy('SIGINT', args, 'stopped.log')).toEqual([130, null]);
    const lines = await linesIn('stopped.log');
    expect(lines.at(-1)).toMatchObject({ code: 'RUN_STOPPED', counts: { exit: 130 } });
  });

  it('tells of a frame without a file, and of a master that cannot be made with the gap', async () => {
    await cp(at('reel'), at('gap'), { recursive: true });
    await rm(at('gap', 'scan.1013.dpx'));
    const args = restore('gapped', '--log', at('gap.log'), '--allow-gaps', '--master', 'ffv1');
    expect((await reelmendHere(args.with(1, at('gap')), scratch.cache)).code).toBe(1);
    const lines = await linesIn('gap.log');
    expect(told(lines, 'E_FRAME_MISSING')).toEqual([
      { labels: { frame: '1013' }, counts: { frames: 1 }, reason: expect.any(String) },
    ]);
    expect(told(lines, 'E_MASTER_FAILED')).toEqual([{ labels: { master: 'ffv1' }, counts: {}, reason: null }]);
    expect(lines.find(({ code }) => code === 'E_MASTER_FAILED')?.error?.message).toContain('1013');
    expect(lines.at(-1)?.counts).toEqual({ frames: 14, restored: 9, isolated: 2, takes: 3, exit: 1 });
  });

  it('tells once a take and reason of a face that is left alone, and in how many frames', async () => {
    await makeTinyReel(at('small'), 9, 0, { width: 192, height: 108 });
    const args = restore('left-alone', '--log', at('small.log'), '--restorer', 'repair');
    expect((await reelmendHere(args.with(1, at('small')), scratch.cache)).code).toBe(0);
    const lines = await linesIn('small.log');
    const face = { shot: '1', device: 'cpu', track: 'f1001', person: 'actor' };
    expect(told(lines, 'FACE_REFUSED')).toEqual([
      { labels: { ...face, take: '1001-1005' }, counts: { refused: 5 }, reason: 'small' },
      { labels: { ...face, take: '1006-1009' }, counts: { refused: 4 }, reason: 'small' },
    ]);
  });

  it('goes to standard output with -, and what the command answers to standard error', async () => {
    const { code, stdout, stderr } = await reelmend(restore('out', '--log', '-'), scratch.cache);
    expect(code).toBe(0);
    expect(codesOf(linesOf(stdout)).filter((one) => !/STAGE|FRAME/.test(one))).toEqual([
      ...['RUN_STARTED', 'REEL_TRACKED', 'DEVICE_CHOSEN', 'RUN_FINISHED'],
    ]);
    expect(stderr).toContain('This was finished by an earlier run; there was nothing to do.\n');
  });

  it('costs a note where it cannot be written, and not the run', async () => {
    const { code, stderr } = await reelmendHere(restore('noted', '--log', '/dev/full'), scratch.cache);
    expect(code).toBe(0);
    expect(stderr.split('\n').filter((line) => line.includes('missing from the log'))).toEqual([
      'Note: Events are missing from the log: "/dev/full" cannot be written (ENOSPC: no space left on device, write). The run goes on, and later events are tried.',
    ]);
    expect((await stat(at('noted', 'scan.1001.dpx'))).size).toBeGreaterThan(0);
  });

  it('tells why a run failed', async () => {
    const args = ['restore', at('none'), '--out', at('never'), '--log', at('failed.log'), '--quiet'];
    expect((await reelmendHere(args, scratch.cache)).code).toBe(2);
    const lines = await linesIn('failed.log');
    expect(codesOf(lines)).toEqual(['RUN_STARTED', 'E_RUN_FAILED']);
    expect(lines[1]).toMatchObject({
      counts: { exit: 2 },
      error: {
        type: 'ReelError',
        message: `"${at('none')}" does not exist. A movie, a folder of numbered stills or a pattern such as scan.%04d.dpx was expected: check the path.`,
      },
    });
  });

  it('has each picture of a folder with --each', async () => {
    await mkdir(at('album'));
    for (const frame of ['1001', '1010', '1012']) {
      await cp(at('reel', `scan.${frame}.dpx`), at('album', `scan.${frame}.dpx`));
    }
    await symlink(at('nowhere.dpx'), at('album', 'gone.dpx'));
    const args = ['restore', at('album'), '--each', '--out', at('each'), '--reference', PORTRAIT];
    const more = [
      '--restorer',
      'replace',
      '--device',
      'cpu',
      '--quiet',
      '--log',
      at('each.log'),
      '--max-isolated',
      '1',
    ];
    expect((await reelmendHere([...args, ...more], scratch.cache)).code).toBe(3);
    const lines = await linesIn('each.log');
    const picture = (frame: string) => ({ picture: `scan.${frame}.dpx` });
    expect(told(lines, 'PICTURE_RESTORED')).toEqual([
      { labels: picture('1001'), counts: { frames: 1, restored: 1, refused: 0 }, reason: null },
    ]);
    expect(told(lines, 'PICTURE_UNTOUCHED').map(({ labels }) => labels)).toEqual([picture('1010')]);
    expect(told(lines, 'E_PICTURE_DAMAGED')).toEqual([
      { labels: { picture: 'gone.dpx' }, counts: { frames: 1 }, reason: 'is a link to what does not exist' },
      {
        labels: picture('1012'),
        counts: { frames: 1, restored: 0, refused: 0 },
        reason: expect.stringContaining('cut off'),
      },
    ]);
    expect(codesOf(lines).slice(-2)).toEqual(['E_TOO_MANY_DAMAGED', 'RUN_FINISHED']);
    expect(lines.at(-1)?.counts).toEqual({ frames: 4, restored: 1, isolated: 2, takes: 3, exit: 3 });
  });
});

describe('the log of another command', () => {
  const log = (name: string) => ['--log', at(`${name}.log`), '--quiet'];
  const within = (lines: readonly LogLine[]) => codesOf(lines).filter((code) => !/STAGE|FRAME/.test(code));

  it('tells what inspect finds, and which licence a person accepted', async () => {
    const args = ['inspect', at('reel'), '--accept-licence', 'faceres', ...log('inspect')];
    expect((await reelmendHere(args, scratch.cache, { REELMEND_CONFIG: at('config') })).code).toBe(0);
    const lines = await linesIn('inspect.log');
    expect(within(lines)).toEqual(['RUN_STARTED', 'LICENCE_ACCEPTED', 'REEL_TRACKED', 'RUN_FINISHED']);
    expect(told(lines, 'LICENCE_ACCEPTED')).toEqual([
      { labels: { network: 'faceres' }, counts: {}, reason: expect.any(String) },
    ]);
    expect(lines.at(-1)?.counts).toEqual({ frames: 14, shots: 2, tracks: 1, exit: 0 });
  });

  it('tells on what preview renders', async () => {
    const args = ['preview', at('reel'), '--out', at('shown'), '--restorer', 'repair'];
    const more = ['--range', '1001-1003', '--device', 'cpu', ...log('preview')];
    expect((await reelmendHere([...args, ...more], scratch.cache)).code).toBe(0);
    const lines = await linesIn('preview.log');
    expect(within(lines)).toEqual(['RUN_STARTED', 'REEL_TRACKED', 'DEVICE_CHOSEN', 'RUN_FINISHED']);
    expect(lines.at(-1)?.counts).toEqual({ frames: 3, restored: 3, exit: 0 });
  });

  it('tells which masters were made, and which were there', async () => {
    await makeTinyReel(at('short'), 0, 3);
    const args = ['master', at('short'), '--rate', '24', '--preset', 'ffv1', '--out', at('masters'), ...log('master')];
    for (let k = 0; k < 2; k++) expect((await reelmendHere(args, scratch.cache)).code).toBe(0);
    const lines = await linesIn('master.log');
    expect(within(lines)).toEqual([
      ...['RUN_STARTED', 'MASTER_MADE', 'RUN_FINISHED'],
      ...['RUN_STARTED', 'MASTER_KEPT', 'RUN_FINISHED'],
    ]);
    expect(told(lines, 'MASTER_MADE')).toEqual([
      { labels: { master: 'ffv1' }, counts: { frames: 3, bytes: expect.any(Number) }, reason: null },
    ]);
  });
});

describe('the metrics of a restore', () => {
  it('can be scraped while it runs', async () => {
    const args = [...restore('scraped').filter((arg) => arg !== '--quiet'), '--metrics', '0'];
    const child = spawn(process.execPath, [COMMAND, ...args], {
      env: { ...process.env, REELMEND_CACHE: scratch.cache },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    const exit = once(child, 'exit');
    let last = '';
    while (child.exitCode === null) {
      const url = /^Metrics {2}(\S+)$/m.exec(stderr)?.[1];
      const answer = url && (await fetch(url).catch(() => null));
      if (answer) last = (await answer.text().catch(() => '')) || last;
      await setTimeout(10);
    }
    expect(await exit).toEqual([0, null]);
    expect(last).toMatch(/^reelmend_takes_total\{outcome="rendered"\} [12]$/m);
    expect(last).toMatch(/^reelmend_frames_restored_total [59]$/m);
    expect(last).toMatch(/^reelmend_frames_isolated_total\{code="E_FRAME_DAMAGED"\} 1$/m);
    expect(last).toMatch(/^process_resident_memory_bytes \d+$/m);
  });
});

import { spawnSync } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { foldersIn, temporaryFolder } from '../backup/drawn-reel.ts';
import { COMMAND } from '../e2e/command.ts';
import { ended } from './captured-io.ts';

let scratch: Awaited<ReturnType<typeof temporaryFolder>>;
let folders: Record<'a' | 'b' | 'c', string>;
/** Flags for three folders. */
let to: string[];
let film: string;
beforeAll(async () => {
  scratch = await temporaryFolder();
  folders = await foldersIn(scratch.path, ['a', 'b', 'c']);
  to = Object.values(folders).flatMap((folder) => ['--to', `file:${folder}`]);
  film = join(scratch.path, 'film.mkv');
  await writeFile(film, 'a film');
});
afterAll(() => scratch[Symbol.asyncDispose]());

/** What is written, without what differs from run to run. */
const plain = (text: string) =>
  text
    .replaceAll(scratch.path, '')
    .replace(/\d{8}T\d{9}Z-[0-9a-f]{16}/g, 'ID')
    .replace(/ +/g, ' ');

const oneDisk = (what: string) =>
  `Note: file:/a and file:/b and file:/c lie on the disk of "${what}": where it fails, all of them are lost.\n`;

describe('reelmend backup', () => {
  it('says how the copies are, and the second time that nothing had to be sent', async () => {
    const first = await ended(['backup', film, ...to, '--quiet']);
    expect(plain(first.stdout)).toBe(
      'target copy sent size there already\nfile:/a good 1 6 bytes 0\nfile:/b good 1 6 bytes 0\nfile:/c good 1 6 bytes 0\nBackup ID: 1 file, 6 bytes, below \n',
    );
    expect(plain(first.stderr)).toBe(oneDisk('/film.mkv'));
    expect(first.code).toBe(0);
    const second = await ended(['backup', film, ...to, '--quiet']);
    expect(plain(second.stdout)).toContain('file:/a good 0 0 bytes 1\n');
    expect(second.code).toBe(0);
    const third = await ended(['backup', film, ...to, '--trust', '7', '--quiet']);
    expect(plain(third.stdout)).toContain('file:/a good 0 0 bytes 1, 1 not read again\n');
    expect(third.code).toBe(0);
  });

  it('shows how far it is', async () => {
    const { stderr } = await ended(['backup', film, ...to]);
    expect(stderr).toMatch(/^Reading {2}0\.0\/0\.0 MiB \(100 %\)\n/);
    expect(stderr).toMatch(/\nCopying {2}0\.0\/0\.0 MiB \(\d+ %\)\n/);
  });

  it('ends with exit code 1 where a copy is not good, and says why', async () => {
    const none = join(scratch.path, 'none');
    const { code, stdout, stderr } = await ended(['backup', film, ...to.slice(2), '--to', `file:${none}`, '--quiet']);
    expect(code).toBe(1);
    expect(plain(stdout)).toContain('file:/none not good 0 0 bytes 0\n');
    expect(plain(stderr)).toContain(
      'reelmend: file:/none is down: there is no folder "/none". Mount its disk, or create the folder where it is new.\nreelmend: 2 of 3 copies are good.\n',
    );
  });

  it('names no backup where no copy is good', async () => {
    const none = `file:${join(scratch.path, 'none')}`;
    const { code, stdout, stderr } = await ended(['backup', film, '--to', none, '--copies', '1', '--quiet']);
    expect(plain(stdout)).toBe('target copy sent size there already\nfile:/none not good 0 0 bytes 0\n');
    expect(stderr).toContain('reelmend: 0 of 1 copies are good.\n');
    expect(code).toBe(1);
  });

  it('ends with exit code 1 where a file was left out', async () => {
    const folder = join(scratch.path, 'odd');
    await mkdir(folder);
    spawnSync('mkfifo', [join(folder, 'pipe')]);
    const { code, stderr } = await ended(['backup', folder, ...to, '--quiet']);
    expect(code).toBe(1);
    expect(plain(stderr)).toBe(
      `${oneDisk('/odd')}reelmend: "odd/pipe" was not backed up: it is neither a file nor a folder.\n`,
    );
  });

  it.each<[string, string[], string]>([
    ['no target', [], 'Add --to and where copies are: file:<folder> or s3://bucket/prefix; again for more.'],
    ['copies that are no number', ['--copies', 'three'], '--copies should be a number of copies, but is "three".'],
    ['a time that is none', ['--at', '2 am'], '--at "2 am" is not a time of day. Write it as 02:00.'],
    [
      'a flag of another command',
      ['--manifest', '2026'],
      "unknown option '--manifest'. Add --help to see what there is.",
    ],
  ])('refuses %s with exit code 2', async (what, given, message) => {
    const targets = what === 'no target' ? [] : to;
    const { code, stderr } = await ended(['backup', film, ...targets, ...given]);
    expect(stderr).toBe(`reelmend: ${message}\n`);
    expect(code).toBe(2);
  });

  it('says what to install where the packages that speak to S3 are missing, and needs none for folders', () => {
    const hide = `--import=${pathToFileURL(join(import.meta.dirname, 'hide-aws.mjs'))}`;
    const env = { ...process.env, NODE_OPTIONS: hide };
    const run = (targets: string[]) =>
      spawnSync(process.execPath, [COMMAND, 'backup', film, ...targets, '--quiet'], { env, encoding: 'utf8' });
    const { status, stderr } = run([...to.slice(2), '--to', 's3://films/reel']);
    expect(stderr).toBe(
      'reelmend: s3://films/reel: what speaks to S3 is not installed. Run "npm install @aws-sdk/client-s3@3.1169.0 @aws-sdk/lib-storage@3.1169.0", or give file: targets alone.\n',
    );
    expect(status).toBe(2);
    expect(run(to).status).toBe(0);
  });

  it('names the versions to install that are tested', async () => {
    const { optionalDependencies } = JSON.parse(await readFile(join(COMMAND, '../../../../package.json'), 'utf8'));
    expect(optionalDependencies['@aws-sdk/client-s3']).toBe('3.1169.0');
    expect(optionalDependencies['@aws-sdk/lib-storage']).toBe('3.1169.0');
  });

  it('with --at says when it begins, and stops in order while it waits', async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 300);
    const { code, stdout, stderr } = await ended(['backup', film, ...to, '--at', '02:00'], stop.signal);
    expect(stderr).toMatch(/^The next backup is at \d{4}-\d\d-\d\d 02:00\.\n$/);
    expect(stdout).toBe('');
    expect(code).toBe(0);
  });
});

describe('reelmend backup --at with --metrics', () => {
  it('serves them at one address from the first moment, not from one backup to the next', async () => {
    const stop = new AbortController();
    const address = /^Metrics {2}(http:\S+)$/m;
    const io = { text: '' };
    const running = ended(['backup', film, ...to, '--at', '02:00', '--metrics', '127.0.0.1:0'], stop.signal, (text) => {
      io.text += text;
    });
    await vi.waitFor(() => expect(io.text).toMatch(address));
    const [, url = ''] = address.exec(io.text) ?? [];
    expect((await fetch(url)).status).toBe(200);
    stop.abort();
    expect((await running).code).toBe(0);
    await expect(fetch(url)).rejects.toThrow();
  });
});

describe('reelmend backup verify, list and restore', () => {
  it('say how the copies are, what there is, and where it was put', async () => {
    const verified = await ended(['backup', 'verify', ...to, '--quiet']);
    expect(plain(verified.stdout)).toMatch(
      /^target copy damaged absent\nfile:\/a good 0 0\nfile:\/b good 0 0\nfile:\/c good 0 0\nBackup ID: \d files?, \d+ bytes, below \n$/,
    );
    expect([verified.code, verified.stderr]).toEqual([0, '']);
    const listed = await ended(['backup', 'list', ...to.slice(0, 2)]);
    expect(plain(listed.stdout)).toMatch(/^backup files size below on\n(?:ID \d+ \d+ bytes file:\/a\n)+$/);
    expect(listed.code).toBe(0);
    const made = await ended(['backup', film, ...to, '--quiet']);
    const [id = ''] = /\d{8}T\d{9}Z-[0-9a-f]{16}/.exec(made.stdout) ?? [];
    const back = join(scratch.path, 'back');
    const restored = await ended(['backup', 'restore', back, ...to.slice(0, 2), '--manifest', id, '--quiet']);
    expect(plain(restored.stdout)).toBe('Restored 1 file (6 bytes) of ID to /back\n');
    expect([restored.code, restored.stderr]).toEqual([0, '']);
    expect(await readFile(join(back, 'film.mkv'), 'utf8')).toBe('a film');
  });

  it('end with exit code 1 where copies are damaged and a file is lost', async () => {
    const made = await ended(['backup', film, ...to, '--quiet']);
    const [id = ''] = /\d{8}T\d{9}Z-[0-9a-f]{16}/.exec(made.stdout) ?? [];
    const manifest = JSON.parse(await readFile(join(folders.a, 'manifests', `${id}.json`), 'utf8'));
    const hash = manifest.files[0].sha256;
    for (const folder of [folders.a, folders.b])
      await writeFile(join(folder, 'objects', hash.slice(0, 2), hash), 'a filn');
    const verified = await ended(['backup', 'verify', ...to, '--manifest', id, '--quiet']);
    expect(plain(verified.stderr)).toBe(
      [
        'reelmend: file:/a corrupts: "film.mkv" is not what was sent. Back up again where the files are still there: what is good is not sent again.',
        'reelmend: file:/b corrupts: "film.mkv" is not what was sent. Back up again where the files are still there: what is good is not sent again.',
        'reelmend: 1 of 3 copies is good.\n',
      ].join('\n'),
    );
    expect(verified.code).toBe(1);
    await rm(join(folders.c, 'objects', hash.slice(0, 2), hash));
    const restore = ['backup', 'restore', join(scratch.path, 'lost'), ...to, '--manifest', id, '--quiet'];
    const restored = await ended(restore);
    expect(plain(restored.stdout)).toBe('Restored 0 files (0 bytes) of ID to /lost.incomplete\n');
    expect(plain(restored.stderr)).toContain(
      'reelmend: "film.mkv" is lost: no target that answers has it as it was.\n',
    );
    expect(restored.code).toBe(1);
  });

  it('say where there is no backup', async () => {
    await mkdir(join(scratch.path, 'empty'));
    const { code, stderr } = await ended([
      'backup',
      'restore',
      join(scratch.path, 'x'),
      '--to',
      `file:${scratch.path}/empty`,
    ]);
    expect(stderr).toBe('reelmend: No target holds a backup. Check --to.\n');
    expect(code).toBe(1);
  });
});

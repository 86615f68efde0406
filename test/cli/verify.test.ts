import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ended } from './captured-io.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reelmend-verify-cli-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('reelmend verify and sign', () => {
  it.each([
    [
      ['verify', 'out', '--restore-plate', '1001'],
      2,
      'reelmend: --restore-plate and --to belong together: the frame, and the file that its plate goes to.\n',
    ],
    [
      ['verify', 'out', '--restore-plate', 'x', '--to', 'y'],
      2,
      'reelmend: --restore-plate "x" is not a number of a frame. Write it as digits, such as 1001.\n',
    ],
    [
      ['sign', 'out', '--sign', 'c.pem'],
      2,
      'reelmend: --sign and --key belong together: the certificate, and its private key.\n',
    ],
    [['sign', 'out'], 2, 'reelmend: Add --sign and --key: the certificate, and its private key.\n'],
    [['sign'], 2, 'reelmend: Give the output that is signed, or --make-development-certificate.\n'],
  ])('refuse %j', async (args, code, stderr) => {
    expect(await ended(args)).toEqual({ code, stdout: '', stderr });
  });

  it('fail where there is no log', async () => {
    const log = join(folder, 'out.report', 'edit-log.jsonl');
    expect(await ended(['verify', join(folder, 'out')])).toEqual({
      code: 1,
      stdout: '',
      stderr: `reelmend: "${log}" cannot be read: ENOENT: no such file or directory, open '${log}'. Give the report's folder by --report; outputs of versions that wrote no log cannot be verified by one.\n`,
    });
  });

  it('make a development certificate once, and say what it is', async () => {
    const [place, certificate, key] = ['c', 'c/cert.pem', 'c/key.pem'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    const made = await ended(['sign', '--make-development-certificate', place]);
    expect(made).toEqual({
      code: 0,
      stdout: `Certificate  ${certificate}\nKey          ${key}\nIt is for development: its names say so, and whoever reads what it signed is told that nobody vouches for it.\n`,
      stderr: '',
    });
    expect(await ended(['sign', '--make-development-certificate', place])).toMatchObject({ code: 2 });
  });
});

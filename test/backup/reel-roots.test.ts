import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { backUp } from '../../src/backup/back-up.ts';
import { findSources } from '../../src/backup/find-sources.ts';
import { rootsOf } from '../../src/backup/reel-roots.ts';
import type { Report } from '../../src/report/report.ts';
import { REPORT } from '../report/report-of.ts';
import { temporaryFolder } from './drawn-reel.ts';

let scratch: Awaited<ReturnType<typeof temporaryFolder>>;
let out: string;
beforeAll(async () => {
  scratch = await temporaryFolder();
  out = join(scratch.path, 'restored.mkv');
  const masters = join(scratch.path, 'delivery');
  const report: Report = {
    ...REPORT,
    preset: { ...REPORT.preset, name: 'mine, detail.strength=0.8' },
    outputs: [{ path: out, sha256: '0'.repeat(64), frames: 3 }],
    beside: [
      { kind: 'mattes', folder: join(scratch.path, 'mattes') },
      { kind: 'tracks', folder: join(scratch.path, 'gone') },
    ],
    masters: {
      made: [
        {
          preset: 'ffv1',
          path: join(masters, 'restored.ffv1.mkv'),
          frames: 3,
          bytes: 1,
          lossless: true,
          psnr: null,
          ssim: null,
        },
      ],
      failed: [],
    },
  };
  const files = {
    'restored.mkv': 'film',
    'restored.mkv.report/report.json': JSON.stringify(report),
    'restored.mkv.report/tracks.json': '{}',
    'restored.mkv.work/lock.json': '{}',
    'restored.mkv.work/published': 'key',
    'restored.mkv.work/takes/00000000-0123456789abcdef/take.json': '{}',
    'restored.mkv.work/takes/00000000-0123456789abcdef/faces.json': '{}',
    'restored.mkv.work/takes/00000000-0123456789abcdef/segment.mkv': 'film',
    'restored.mkv.work/takes/00000000-0123456789abcdef/evidence/before.png': 'picture',
    'restored.mkv.work/farm/order.json': '{}',
    'restored.mkv.work/farm/tracks/0.reelmend': 'tracks',
    'mattes/0001.png': 'matte',
    'delivery/restored.ffv1.mkv': 'master',
    'delivery/restored.ffv1.mkv.json': '{}',
    'delivery/ascmhl/ascmhl_chain.xml': '<xml/>',
    'delivery/other.mov': 'nobody knows what',
    'restored.mov': 'another film',
  };
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(scratch.path, name)), { recursive: true });
    await writeFile(join(scratch.path, name), text);
  }
});
afterAll(() => scratch[Symbol.asyncDispose]());

describe('what belongs to a restored reel', () => {
  it('is its report, the records of its takes, and what the report says was written beside it', async () => {
    const { files, folders } = await findSources((await rootsOf(out)).roots);
    expect(files.map(({ path }) => path)).toEqual([
      'delivery/ascmhl/ascmhl_chain.xml',
      'delivery/restored.ffv1.mkv',
      'delivery/restored.ffv1.mkv.json',
      'mattes/0001.png',
      'restored.mkv',
      'restored.mkv.report/report.json',
      'restored.mkv.report/tracks.json',
      'restored.mkv.work/farm/order.json',
      'restored.mkv.work/farm/tracks/0.reelmend',
      'restored.mkv.work/published',
      'restored.mkv.work/takes/00000000-0123456789abcdef/faces.json',
      'restored.mkv.work/takes/00000000-0123456789abcdef/take.json',
    ]);
    expect(folders.map(({ path }) => path)).not.toContain('restored.mkv.work/takes/00000000-0123456789abcdef/evidence');
  });

  it('is told to lack a preset that does not come with Reelmend', async () => {
    expect((await rootsOf(out)).notes).toEqual([
      `"${out}" was restored by the preset "mine", which does not come with Reelmend: it is backed up where --with gives its file.`,
    ]);
  });

  it('is nothing else where a path is no output of a report', async () => {
    const other = join(scratch.path, 'restored.mov');
    expect(await rootsOf(other)).toEqual({ roots: [{ path: other }], notes: [] });
  });
});

it('A path at which there is nothing is a wrong use', async () => {
  const none = join(scratch.path, 'none.mkv');
  await mkdir(join(scratch.path, 'copy'));
  await expect(backUp({ what: [none], to: [`file:${join(scratch.path, 'copy')}`], copies: 1 })).rejects.toThrow(
    `There is no file or folder "${none}" to back up. Check the path.`,
  );
});

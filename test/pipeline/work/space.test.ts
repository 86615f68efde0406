import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatBytes } from '../../../src/disk/format-bytes.ts';
import { assertSpace } from '../../../src/pipeline/work/space.ts';

describe('the check of free space', () => {
  it('passes for a folder that is yet to be made on a disk with room', async () => {
    await assertSpace(join(tmpdir(), 'not', 'yet', 'made'), 1000);
  });

  it('says what is needed, what is free, and how much to free', async () => {
    const out = join(tmpdir(), 'restored');
    await expect(assertSpace(out, 2 ** 60)).rejects.toThrow(
      /^Not enough space for ".*restored": about \d+ TiB are needed, [\d.]+ [GT]iB are free\. Free \d+ TiB, or choose an output on another disk\.$/,
    );
  });

  it('writes sizes for people', () => {
    expect([0, 1023, 1536, 120 * 2 ** 20, 2 ** 41].map(formatBytes)).toEqual([
      '0 bytes',
      '1023 bytes',
      '1.5 KiB',
      '120 MiB',
      '2.0 TiB',
    ]);
  });
});

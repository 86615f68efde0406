import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { backUp } from '../../src/backup/back-up.ts';
import { restoreBackup } from '../../src/backup/restore-backup.ts';
import { drawReel, foldersIn, picture, temporaryFolder } from './drawn-reel.ts';
import { openS3Store, type S3Store, s3Target } from './s3-store.ts';

let store: S3Store;
let scratch: Awaited<ReturnType<typeof temporaryFolder>>;
let reel: string;
beforeAll(async () => {
  store = await openS3Store();
  scratch = await temporaryFolder();
  reel = join(scratch.path, 'reel');
  await drawReel(reel);
});
afterAll(async () => {
  await store[Symbol.asyncDispose]();
  await scratch[Symbol.asyncDispose]();
});

/** Two folders and a bucket, empty. */
async function threeTargets(name: string): Promise<string[]> {
  const above = join(scratch.path, name);
  await mkdir(above);
  const { nas, usb } = await foldersIn(above, ['nas', 'usb']);
  return [`file:${nas}`, `file:${usb}`, s3Target(store, name)];
}

describe('a backup', () => {
  it('lies on all targets, each object once, and comes back bit for bit from each', async () => {
    const to = await threeTargets('whole');
    const summary = await backUp({ what: [reel], to });
    expect(summary).toMatchObject({ files: 7, success: true, leftOut: [], copies: 3, from: scratch.path });
    // Two frames are one object.
    expect(summary.targets).toEqual(
      to.map((target) => ({ target, good: true, sent: 6, sentBytes: summary.bytes - 300_000, kept: 0, trusted: 0 })),
    );
    const before = await picture(reel);
    for (const [k, target] of to.entries()) {
      const folder = join(scratch.path, `back-${k}`);
      const restored = await restoreBackup({ to: [target], folder });
      expect(restored).toEqual({
        manifest: summary.manifest,
        folder,
        files: 7,
        bytes: summary.bytes,
        lost: [],
        notes: [],
      });
      expect(await picture(join(folder, 'reel'))).toEqual(before);
    }
  });

  it('sends nothing that is there already, and what is new alone', async () => {
    const to = await threeTargets('twice');
    const first = await backUp({ what: [reel], to });
    const second = await backUp({ what: [reel], to });
    expect(second.manifest).not.toBe(first.manifest);
    expect(second.targets).toEqual(
      to.map((target) => ({ target, good: true, sent: 0, sentBytes: 0, kept: 6, trusted: 0 })),
    );
  });
});

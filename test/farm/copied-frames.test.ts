import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { concatMap, lastValueFrom, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { sha256Of } from '../../src/disk/sha256.ts';
import { type SourceCopy, sourceFacts } from '../../src/disk/source-copy.ts';
import { copiedFrames } from '../../src/farm/steps/copied-frames.ts';
import type { FolderReel } from '../../src/film/reel.ts';
import { pictureBytes } from '../../src/film/sample-format.ts';
import type { RunEvent } from '../../src/log/run-event.ts';
import { decodePlates } from '../../src/media/read/decode.ts';
import type { PlateDecoder } from '../../src/media/read/decode-copies.ts';
import { openFolder } from '../../src/media/read/folder/frame-folder.ts';
import { framePool } from '../../src/stream/frame-pool.ts';
import { QUIET } from '../e2e/job-of.ts';
import { writeShots } from '../e2e/tiny-reel.ts';
import { ffmpeg, temporaryFolder } from '../media/lavfi.ts';

const folder = await temporaryFolder();

async function hashesOf(reel: FolderReel, decode: PlateDecoder): Promise<string[]> {
  const pool = framePool(2, pictureBytes(reel.format, reel.width, reel.height));
  return lastValueFrom(
    decode(reel, { in: 0, out: reel.frames }, { pool, ffmpeg }).pipe(
      concatMap(async ({ plate, loan }) => {
        const hash = `${plate.frame} ${createHash('md5').update(plate.bytes).digest('hex')}`;
        loan.release();
        return hash;
      }),
      toArray(),
    ),
  );
}

describe('A take whose frames were read ahead', () => {
  it('is read from the copies that are whole, and from the reel where one was changed or its file was', async () => {
    await writeShots(join(folder, 'scan'), [['empty', 5]]);
    await mkdir(join(folder, 'hot'));
    const reel = await openFolder(join(folder, 'scan'), { transfer: 'auto' }, ffmpeg);
    const copies: SourceCopy[] = [];
    for (const source of reel.files as string[]) {
      const path = join(folder, 'hot', basename(source));
      await copyFile(source, path);
      copies.push({ source, path, sha256: sha256Of(await readFile(path)), ...(await sourceFacts(source)) });
    }
    const [, rotten, , touched] = copies as [SourceCopy, SourceCopy, SourceCopy, SourceCopy];
    const { atime, mtime } = await stat(rotten.path);
    const bytes = await readFile(rotten.path);
    bytes[9000] = (bytes[9000] ?? 0) ^ 1;
    await writeFile(rotten.path, bytes);
    await utimes(rotten.path, atime, mtime);
    await utimes(touched.source, new Date(), new Date(0));

    const told: RunEvent[] = [];
    const context = { ...QUIET, mayPublish: async () => {}, passesMissing: false };
    const frames = await copiedFrames({ ...context, copies, onEvent: (event) => told.push(event) });
    expect(await hashesOf(reel, frames.decode)).toEqual(await hashesOf(reel, decodePlates));
    frames.tell();
    expect(told).toEqual([
      { code: 'E_HOT_DAMAGED', reason: `scan.1002.dpx is not what its SHA-256 ${rotten.sha256} says` },
      { code: 'FRAMES_READ_AHEAD', counts: { frames: 3, bytes: 3 * rotten.bytes } },
    ]);
  });

  it('says nothing of copies where there are none', async () => {
    const told: RunEvent[] = [];
    const context = { ...QUIET, mayPublish: async () => {}, passesMissing: false };
    const frames = await copiedFrames({ ...context, onEvent: (event) => told.push(event) });
    frames.tell();
    expect(told).toEqual([]);
  });
});

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { concatMap, lastValueFrom, toArray } from 'rxjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Plate } from '../../src/film/plate.ts';
import type { FolderReel, StillKind } from '../../src/film/reel.ts';
import { pictureBytes } from '../../src/film/sample-format.ts';
import { type Ffmpeg, findFfmpeg } from '../../src/media/ffmpeg/ffmpeg.ts';
import { decodePlates } from '../../src/media/read/decode.ts';
import { openFolder } from '../../src/media/read/folder/frame-folder.ts';
import { openFolderTarget } from '../../src/media/write/folder/folder-target.ts';
import { framePool } from '../../src/stream/frame-pool.ts';
import { differingSamples, drawStill, extensionOf, repaint } from './still/footage.ts';
import { FIRST, placeIn } from './write-take.ts';

let ffmpeg: Ffmpeg;
const root = mkdtempSync(join(tmpdir(), 'reelmend-round-'));

beforeAll(async () => {
  ffmpeg = await findFfmpeg({});
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function platesOf(reel: FolderReel): Promise<Plate[]> {
  const pool = framePool(2, pictureBytes(reel.format, reel.width, reel.height));
  const copied = concatMap(async ({ plate, loan }: { plate: Plate; loan: { release(): void } }) => {
    const copy = { ...plate, bytes: Uint8Array.from(plate.bytes) };
    loan.release();
    return copy;
  });
  return lastValueFrom(decodePlates(reel, { in: 0, out: reel.frames }, { pool, ffmpeg }).pipe(copied, toArray()));
}

const kinds: [StillKind, string, string[]][] = [
  ['dpx', 'gbrp10be', []],
  ['dpx', 'rgb48be', []],
  ['tiff', 'rgb48le', ['-compression_algo', 'raw']],
  ['tiff', 'rgba', ['-compression_algo', 'deflate']],
  ['tiff', 'gray16le', ['-compression_algo', 'packbits']],
  ['png', 'rgb24', []],
  ['png', 'rgb48be', []],
  ['png', 'pal8', []],
  ['png', 'ya16be', []],
  ['exr', 'gbrpf32le', ['-format', 'float', '-compression', 'zip16']],
  ['jpeg', 'yuvj420p', ['-q:v', '2', '-color_range', 'pc']],
  ['jpeg', 'yuvj444p', ['-q:v', '2', '-color_range', 'pc']],
];

describe('a reel of stills, read, changed, written and read again', () => {
  test.each(kinds)('%s of %s %j differs in the changed rows only', async (kind, pixelFormat, options) => {
    const name = `${kind} ${pixelFormat} ${options.join(' ')}`;
    const source = join(root, name);
    mkdirSync(source);
    const still = drawStill(kind, pixelFormat, '48x32', options);
    for (const n of [8, 9, 10]) writeFileSync(join(source, `a ${n}.${extensionOf(kind)}`), still);
    const reel = await openFolder(source, { transfer: 'auto' }, ffmpeg);
    const plates = await platesOf(reel);
    expect(plates).toHaveLength(3);

    const out = join(root, `${name} out`);
    const target = await openFolderTarget(reel, { out, work: `${out}.work`, range: { in: 0, out: 3 } });
    await using take = await target.openTake({ in: 0, out: 3 }, placeIn(`${out}.work`));
    await take.write(plates[0] as Plate, null);
    // Rows of whole JPEG units, so that no block has an unchanged row.
    const changed = repaint(plates[1] as Plate, 16, 32);
    await take.write(changed, { in: 16, out: 32 });
    await take.pass(2);
    await target.conform([await take.finish()], FIRST);

    const written = await openFolder(out, { transfer: 'auto' }, ffmpeg);
    const [first, second, third] = (await platesOf(written)) as [Plate, Plate, Plate];
    for (const [file, plate] of [
      [0, first],
      [2, third],
    ] as const) {
      expect(Buffer.from(plate.bytes).equals((plates[file] as Plate).bytes)).toBe(true);
      const path = reel.files[file] as string;
      expect(readFileSync(join(out, basename(path))).equals(readFileSync(path))).toBe(true);
    }
    expect(differingSamples(second, plates[1] as Plate, (row) => row < 16)).toBe(0);
    expect(differingSamples(second, plates[1] as Plate, (row) => row >= 16)).toBeGreaterThan(100);
    if (kind !== 'jpeg') expect(differingSamples(second, changed, () => true)).toBe(0);
  });
});

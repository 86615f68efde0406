import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { create } from 'tar';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tarFiles } from '../../src/model/tar-files.ts';

/** Longer than the 255 characters that the old header holds. */
const LONG = `package/${'folder-of-weights/'.repeat(16)}weights.bin`;
const FILES: Readonly<Record<string, string>> = {
  'package/model.json': '{}',
  'package/empty.txt': '',
  'package/weights.bin': 'w'.repeat(70_000),
  [LONG]: 'deep',
};

let folder: string;
let archive: Buffer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reelmend-tar-'));
  for (const [name, content] of Object.entries(FILES)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  archive = Buffer.from(await create({ cwd: folder }, ['package']).concat());
});
afterAll(() => rm(folder, { recursive: true }));

async function* piecesOf(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const textsOf = (files: ReadonlyMap<string, Uint8Array>) =>
  Object.fromEntries([...files].map(([name, content]) => [name, new TextDecoder().decode(content)]));

describe('the files of a tar archive', () => {
  it.each([100, 512, 1 << 20])(
    'are whole, whatever the pieces it comes in (%d bytes) and the length of their names',
    async (size) => {
      expect(textsOf(await tarFiles(piecesOf(archive, size), () => true))).toEqual(FILES);
    },
  );

  it('are only those that are wanted, and no folders', async () => {
    const found = await tarFiles(piecesOf(archive, 4096), (name) => /^package(\/|\/model\.json)$/.test(name));
    expect(textsOf(found)).toEqual({ 'package/model.json': '{}' });
  });

  it('are refused where the archive is cut off inside one of them, or is none', async () => {
    const weights = archive.indexOf('w'.repeat(600));
    await expect(tarFiles(piecesOf(archive.subarray(0, weights + 500), 4096), () => true)).rejects.toThrow('Truncated');
    await expect(tarFiles(piecesOf(Buffer.alloc(2048, 0x41), 4096), () => true)).rejects.toThrow('checksum failure');
  });

  it('end with the error of the stream that they come from', async () => {
    async function* broken() {
      yield archive.subarray(0, 2000);
      throw new Error('The line went dead.');
    }
    await expect(tarFiles(broken(), () => true)).rejects.toThrow('The line went dead.');
  });
});

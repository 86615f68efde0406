import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Ffmpeg, findFfmpeg } from '../../../../src/media/ffmpeg/ffmpeg.ts';
import { openFolder } from '../../../../src/media/read/folder/frame-folder.ts';
import { matchName, parseFramePattern } from '../../../../src/media/read/folder/frame-pattern.ts';
import { findSequences } from '../../../../src/media/read/folder/frame-sequence.ts';
import { describeNumbers } from '../../../../src/media/read/folder/list-words.ts';
import { drawStill } from '../../still/footage.ts';

let ffmpeg: Ffmpeg;
const root = mkdtempSync(join(tmpdir(), 'reelmend-folder-'));
const auto = { transfer: 'auto' } as const;
const scan = drawStill('dpx', 'gbrp10be', '48x32');

beforeAll(async () => {
  ffmpeg = await findFfmpeg({});
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

function folderOf(name: string, files: Readonly<Record<string, Buffer | string>>): string {
  const folder = join(root, name);
  mkdirSync(folder, { recursive: true });
  for (const [file, bytes] of Object.entries(files)) writeFileSync(join(folder, file), bytes);
  return folder;
}

function scans(first: number, last: number, nameOf = (n: number) => `scan.${String(n).padStart(4, '0')}.dpx`) {
  return Object.fromEntries(Array.from({ length: last - first + 1 }, (_, i) => [nameOf(first + i), scan]));
}

describe('a folder of stills', () => {
  test('opens as a reel with the numbers of its files', async () => {
    const folder = folderOf('plain', {
      ...scans(1001, 1012),
      'notes.txt': 'reel 3',
      'Thumbs.db': 'x',
      '._scan.1001.dpx': 'x',
      'poster.jpg': 'x',
    });
    const reel = await openFolder(folder, auto, ffmpeg);
    expect(reel).toMatchObject({
      kind: 'folder',
      still: 'dpx',
      width: 48,
      height: 32,
      frames: 12,
      first: 1001,
      pixelFormat: 'gbrp10le',
      transfer: 'rec709',
    });
    expect(reel.format.name).toBe('gbrp10le');
    expect(reel.files[11]).toBe(join(folder, 'scan.1012.dpx'));
    expect(reel.damaged.size).toBe(0);
  });

  test('counts 1 to 10 without leading zeros in the order of the numbers', async () => {
    const folder = folderOf(
      'unpadded',
      scans(1, 10, (n) => `${n}.dpx`),
    );
    const reel = await openFolder(folder, auto, ffmpeg);
    expect(reel.first).toBe(1);
    expect(reel.files.map((file) => file?.slice(folder.length + 1))).toEqual(
      Array.from({ length: 10 }, (_, i) => `${i + 1}.dpx`),
    );
  });

  test('takes names with spaces, quotes, percent signs and other alphabets as they are', async () => {
    const nameOf = (n: number) => `-Ролик 3 "l'été" 100% ${n} v2.dpx`;
    const folder = folderOf("o'dd %04d näme", scans(7, 9, nameOf));
    const reel = await openFolder(folder, auto, ffmpeg);
    expect(reel).toMatchObject({ first: 7, frames: 3 });
    expect(reel.files[0]).toBe(join(folder, nameOf(7)));
  });

  test('follows links to files that lie elsewhere', async () => {
    const folder = folderOf('links', {});
    const real = folderOf('real', scans(1, 2));
    for (const name of readdirSync(real)) symlinkSync(join(real, name), join(folder, name));
    expect((await openFolder(folder, auto, ffmpeg)).frames).toBe(2);
  });

  test.each(['scan.%04d.dpx', 'scan.####.dpx', 'scan.%d.dpx'])('is chosen by the pattern %s', async (pattern) => {
    const folder = folderOf('patterns', { ...scans(1001, 1004), ...scans(1, 3, (n) => `proxy.000${n}.dpx`) });
    const reel = await openFolder(join(folder, pattern), auto, ffmpeg);
    expect(reel).toMatchObject({ first: 1001, frames: 4 });
  });

  test('is cut to the range of a pattern', async () => {
    const folder = folderOf('range', scans(1001, 1008));
    expect(await openFolder(join(folder, 'scan.[1003-1005].dpx'), auto, ffmpeg)).toMatchObject({
      first: 1003,
      frames: 3,
    });
    await expect(openFolder(join(folder, 'scan.[1007-1010].dpx'), auto, ffmpeg)).rejects.toThrow(
      /2 frames 1009 to 1010 are missing/,
    );
  });

  test('with several sequences is refused with their names and the way to choose', async () => {
    const folder = folderOf('several', {
      ...scans(1, 3, (n) => `left.000${n}.dpx`),
      ...scans(1, 2, (n) => `right.000${n}.dpx`),
    });
    await expect(openFolder(folder, auto, ffmpeg)).rejects.toThrow(
      `"${folder}" holds 2 numbered sequences, and a reel is one: left.####.dpx (3 files, 1 to 3), right.####.dpx (2 files, 1 to 2). Choose one by its pattern, such as "${join(folder, 'left.####.dpx')}".`,
    );
  });

  test('with a gap is refused with the missing numbers, unless gaps are allowed', async () => {
    const files = scans(1, 12);
    for (const number of ['0003', '0007', '0008']) delete files[`scan.${number}.dpx`];
    const folder = folderOf('gap', files);
    await expect(openFolder(folder, auto, ffmpeg)).rejects.toThrow(
      `"${folder}" is numbered from 1 to 12, and 3 frames 3, 7 to 8 are missing. Put the files there, or add --allow-gaps to leave the gaps as they are.`,
    );
    const reel = await openFolder(folder, { ...auto, allowGaps: true }, ffmpeg);
    expect(reel.frames).toBe(12);
    expect(reel.files[2]).toBeNull();
    expect([...reel.damaged]).toEqual([
      [2, 'frame 3 is missing'],
      [6, 'frame 7 is missing'],
      [7, 'frame 8 is missing'],
    ]);
  });

  test('with the same number twice is refused', async () => {
    const folder = folderOf('twice', { 'a1.dpx': scan, 'a01.dpx': scan, 'a2.dpx': scan });
    await expect(openFolder(folder, auto, ffmpeg)).rejects.toThrow(
      /same frame number more than once \(a1.dpx\)\. Keep one file of each number, or choose some by a pattern such as ".*a#.dpx"\.$/,
    );
  });

  test('with mixed sizes is refused with the first of the odd ones', async () => {
    const folder = folderOf('sizes', {
      ...scans(1, 4),
      'scan.0002.dpx': drawStill('dpx', 'gbrp10be', '64x32'),
      'scan.0004.dpx': drawStill('dpx', 'rgb48be', '48x32'),
    });
    await expect(openFolder(folder, auto, ffmpeg)).rejects.toThrow(
      /2 are 48×32 gbrp10le \(scan.0001.dpx …\), but 64×32 gbrp10le: scan.0002.dpx; 48×32 gbrp16le: scan.0004.dpx/,
    );
  });

  test('of unrelated stills, of none, or that does not exist is refused in one sentence', async () => {
    const portraits = folderOf('portraits', { 'anna.dpx': scan, 'ben.dpx': scan });
    await expect(openFolder(portraits, auto, ffmpeg)).rejects.toThrow(/2 stills without numbers \(anna.dpx, ben.dpx\)/);
    await expect(openFolder(folderOf('empty', { 'a.txt': 'x' }), auto, ffmpeg)).rejects.toThrow(/holds no stills/);
    await expect(openFolder(join(root, 'nowhere'), auto, ffmpeg)).rejects.toThrow(/neither a folder nor a pattern/);
    await expect(openFolder(join(root, 'nowhere/a.%04d.dpx'), auto, ffmpeg)).rejects.toThrow(/there is no folder/);
    await expect(openFolder(join(root, 'plain/take.%04d.dpx'), auto, ffmpeg)).rejects.toThrow(
      /matches the pattern take.%04d.dpx. There are: scan.####.dpx/,
    );
  });

  test('names every damaged file and keeps the size of the good ones', async () => {
    const wrongSize = drawStill('dpx', 'gbrp10be', '64x48');
    const folder = folderOf('damaged', {
      ...scans(1, 8),
      'scan.0001.dpx': wrongSize.subarray(0, 5000),
      'scan.0005.dpx': '',
      'scan.0006.dpx': 'not a scan at all'.repeat(200),
    });
    truncateSync(join(folder, 'scan.0003.dpx'), scan.length - 1);
    const reel = await openFolder(folder, auto, ffmpeg);
    expect(reel).toMatchObject({ width: 48, height: 32, frames: 8 });
    expect([...reel.damaged.keys()]).toEqual([0, 2, 4, 5]);
    expect(reel.damaged.get(2)).toMatch(
      /^scan.0003.dpx is cut off: 6144 bytes of picture are needed from byte 1664, 6143 are there$/,
    );
    expect(reel.damaged.get(5)).toMatch(/^scan.0006.dpx is not a DPX file/);
  });

  test('of which nothing can be decoded is refused with the first reason', async () => {
    const folder = folderOf('ruined', { 'a1.dpx': scan.subarray(0, 3000), 'a2.dpx': 'x'.repeat(4000) });
    await expect(openFolder(folder, auto, ffmpeg)).rejects.toThrow(
      /None of the 2 stills .* can be read. The first: a1.dpx is cut off/,
    );
  });

  test('takes the rate and the transfer that its scans name, unless it is told otherwise', async () => {
    // ffmpeg's header ends before the film header; a scanner's does not.
    const log = Buffer.concat([scan.subarray(0, 1664), Buffer.alloc(384), scan.subarray(1664)]);
    expect(log.toString('latin1', 0, 4)).toBe('SDPX');
    log.writeUInt32BE(2048, 4);
    log.writeUInt32BE(log.length, 16);
    log[801] = 3;
    log.writeFloatBE(23.976, 1724);
    const folder = folderOf('log', { 'a1.dpx': log, 'a2.dpx': log });
    expect(await openFolder(folder, auto, ffmpeg)).toMatchObject({ transfer: 'log', rate: { num: 24000, den: 1001 } });
    const told = { transfer: 'rec709', rate: { num: 25, den: 1 } } as const;
    expect(await openFolder(folder, told, ffmpeg)).toMatchObject({ transfer: 'rec709', rate: { num: 25, den: 1 } });
  });

  test.each([
    ['tiff', 'rgb48le', [], { pixelFormat: 'rgb48le', transfer: 'rec709', colour: {} }],
    ['png', 'rgb48be', [], { pixelFormat: 'rgb48be', transfer: 'rec709', colour: { range: 'pc' } }],
    [
      'jpeg',
      'yuvj420p',
      ['-color_range', 'pc'],
      {
        pixelFormat: 'yuvj420p',
        transfer: 'rec709',
        colour: { range: 'pc', matrix: 'bt470bg', chromaLocation: 'center' },
      },
    ],
    ['exr', 'gbrpf32le', ['-format', 'half'], { pixelFormat: 'gbrpf32le', transfer: 'linear', colour: {} }],
  ] as const)('of %s opens with its samples and colour tags', async (kind, pixelFormat, options, expected) => {
    const still = drawStill(kind, pixelFormat, '48x32', options);
    const extension = { tiff: 'TIF', png: 'png', jpeg: 'jpg', exr: 'exr' }[kind];
    const folder = folderOf(`kind-${kind}`, { [`a1.${extension}`]: still, [`a2.${extension}`]: still });
    expect(await openFolder(folder, auto, ffmpeg)).toMatchObject({
      still: kind,
      frames: 2,
      rate: { num: 24, den: 1 },
      ...expected,
    });
  });

  test('stops reading when it is aborted', async () => {
    const folder = folderOf('aborted', scans(1, 40));
    await expect(openFolder(folder, auto, ffmpeg, AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
  });
});

describe('the names of frames', () => {
  test('are matched by patterns as ffmpeg matches them', () => {
    const match = (pattern: string, name: string) => {
      const parsed = parseFramePattern(pattern);
      return parsed && matchName(parsed, name)?.number;
    };
    expect(match('a.%04d.dpx', 'a.0012.dpx')).toBe(12);
    expect(match('a.%04d.dpx', 'a.12345.dpx')).toBe(12345);
    expect(match('a.%04d.dpx', 'a.012.dpx')).toBeUndefined();
    expect(match('a.%04d.dpx', 'a.00012.dpx')).toBeUndefined();
    expect(match('100%% a%d.png', '100% a7.png')).toBe(7);
    expect(match('##.png', '07.png')).toBe(7);
    expect(match('x.[0099-0101].png', 'x.0100.png')).toBe(100);
    expect(match('x.[99-101].png', 'x.100.png')).toBe(100);
    expect(parseFramePattern('scan.dpx')).toBeUndefined();
    expect(parseFramePattern('a#b#.dpx')).toBeUndefined();
  });

  test('are counted by the number with the most values, the last of equal ones', () => {
    const names = (list: string[]) =>
      findSequences(list).sequences.map(({ prefix, suffix, files }) => [prefix, suffix, [...files.keys()]]);
    expect(names(['s01_1001_v2.dpx', 's01_1002_v2.dpx'])).toEqual([['s01_', '_v2.dpx', [1001, 1002]]]);
    expect(names(['s01_1001.dpx', 's02_1001.dpx', 's02_1002.dpx'])).toEqual([
      ['s02_', '.dpx', [1001, 1002]],
      ['s01_', '.dpx', [1001]],
    ]);
    expect(names(['scan.2k.0007.dpx'])).toEqual([['scan.2k.', '.dpx', [7]]]);
  });

  test('are told in runs', () => {
    expect(describeNumbers([1, 2, 3, 7, 9, 10])).toBe('1 to 3, 7, 9 to 10');
    expect(describeNumbers([1, 3, 5], 2)).toBe('1, 3 and more');
  });
});

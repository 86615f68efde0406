import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { probeReel } from '../../../../src/media/read/probe-reel.ts';
import { ffmpeg, temporaryFolder } from '../../lavfi.ts';
import { drawStill } from '../../still/footage.ts';

const root = await temporaryFolder();
const scan = drawStill('dpx', 'gbrp10be', '48x32');
const larger = drawStill('dpx', 'gbrp10be', '64x32');
const png = drawStill('png', 'rgb24', '48x32');

const numbers = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, i) => first + i);
const padded = (number: number) => String(number).padStart(4, '0');
let made = 0;

function folderOf(names: readonly string[], bytes: Buffer = scan): string {
  made += 1;
  const folder = join(root, `folder ${made}`);
  mkdirSync(folder);
  for (const name of names) writeFileSync(join(folder, name), bytes);
  return folder;
}

const open = (path: string, allowGaps = false) => probeReel(path, { transfer: 'auto', allowGaps }, ffmpeg);

async function refusal(path: string, allowGaps = false): Promise<string> {
  const error = await open(path, allowGaps).then(
    () => new Error('It opened.'),
    (reason: unknown) => reason as Error,
  );
  expect(error.name).toBe('ReelError');
  return error.message;
}

interface Refused {
  readonly of: string;
  readonly names: readonly string[];
  /** With `~` for the folder. */
  readonly sentence: string;
  /** First number and count of the files that the advised path opens. */
  readonly opens: readonly [first: number, frames: number];
}

const EACH = ' For pictures that have nothing to do with each other there is reelmend restore --each.';
const SEVERAL = '"~" holds 2 numbered sequences, and a reel is one';

const REFUSED: readonly Refused[] = [
  {
    of: 'two sequences whose numbers have one digit and two',
    names: [...numbers(8, 12).map((n) => `left${n}.dpx`), ...numbers(1, 3).map((n) => `right${n}.dpx`)],
    sentence: `${SEVERAL}: left#.dpx (5 files, 8 to 12), right#.dpx (3 files, 1 to 3). Choose one by its pattern, such as "~/left#.dpx".${EACH}`,
    opens: [8, 5],
  },
  {
    of: 'two sequences, one with numbers that grow beyond their zeros',
    names: [...numbers(9998, 10_001).map((n) => `a.${padded(n)}.dpx`), 'b1.dpx'],
    sentence: `${SEVERAL}: a.####.dpx (4 files, 9998 to 10001), b#.dpx (1 file, 1). Choose one by its pattern, such as "~/a.####.dpx".${EACH}`,
    opens: [9998, 4],
  },
  {
    of: 'two sequences, one filled with zeros to no one width',
    names: ['a1.dpx', 'a02.dpx', 'a003.dpx', 'b1.dpx'],
    sentence: `${SEVERAL}: a[1-3].dpx (3 files, 1 to 3), b#.dpx (1 file, 1). Choose one by its pattern, such as "~/a[1-3].dpx".${EACH}`,
    opens: [1, 3],
  },
  {
    of: 'two sequences with a mark of a pattern in a name',
    names: ['reel#3_1.dpx', 'reel#3_2.dpx', 'b1.dpx'],
    sentence: `${SEVERAL}: reel#3_%d.dpx (2 files, 1 to 2), b#.dpx (1 file, 1). Choose one by its pattern, such as "~/reel#3_%d.dpx".${EACH}`,
    opens: [1, 2],
  },
  {
    of: 'two sequences with a percent sign and a hash in a name',
    names: ['a#50%d 1.dpx', 'a#50%d 2.dpx', 'b1.dpx'],
    sentence: `${SEVERAL}: a#50%%d %d.dpx (2 files, 1 to 2), b#.dpx (1 file, 1). Choose one by its pattern, such as "~/a#50%%d %d.dpx".${EACH}`,
    opens: [1, 2],
  },
  {
    of: 'two sequences with a range in a name',
    names: ['r[1-2]_1.dpx', 'r[1-2]_2.dpx', 'b1.dpx'],
    sentence: `${SEVERAL}: r[1-2]_%d.dpx (2 files, 1 to 2), b#.dpx (1 file, 1). Choose one by its pattern, such as "~/r[1-2]_%d.dpx".${EACH}`,
    opens: [1, 2],
  },
  {
    of: 'two sequences, one with a number of twenty digits',
    names: ['a20240101120000000001.dpx', 'a20240101120000000002.dpx', 'b1.dpx'],
    sentence: `${SEVERAL}: a20240###############.dpx (2 files, 101120000000001 to 101120000000002), b#.dpx (1 file, 1). Choose one by its pattern, such as "~/a20240###############.dpx".${EACH}`,
    opens: [101_120_000_000_001, 2],
  },
  {
    of: 'two versions of each frame',
    names: numbers(1, 3).flatMap((n) => [`a_${padded(n)}_v1.dpx`, `a_${padded(n)}_v2.dpx`]),
    sentence: `${SEVERAL}: a_####_v1.dpx (3 files, 1 to 3), a_####_v2.dpx (3 files, 1 to 3). Choose one by its pattern, such as "~/a_####_v1.dpx".${EACH}`,
    opens: [1, 3],
  },
  {
    of: 'each frame twice, by the case of its extension',
    names: ['a1.dpx', 'a1.DPX', 'a2.dpx', 'a2.DPX'],
    sentence: `${SEVERAL}: a#.DPX (2 files, 1 to 2), a#.dpx (2 files, 1 to 2). Choose one by its pattern, such as "~/a#.DPX".${EACH}`,
    opens: [1, 2],
  },
  {
    of: 'each frame twice, by the zeros before its number',
    names: ['a1.dpx', 'a01.dpx', 'a02.dpx', 'a2.dpx', 'a03.dpx'],
    sentence:
      '"~" holds the same frame number more than once (a1.dpx, a2.dpx). Keep one file of each number, or choose some by a pattern such as "~/a##.dpx".',
    opens: [1, 3],
  },
  {
    of: 'numbers below 0 and above',
    names: ['a.-002.dpx', 'a.-001.dpx', 'a.0000.dpx', 'a.0001.dpx'],
    sentence:
      '"~" is numbered from -2 to 1, and numbers below 0 are not read. Number all files from 0 or above, or choose those that are by their pattern, "~/a.####.dpx".',
    opens: [0, 2],
  },
  {
    of: 'what may be numbers below 0',
    names: ['a.-003.dpx', 'a.-002.dpx', 'a.-001.dpx'],
    sentence:
      '"~" has a dash before its numbers (a.-001.dpx), which may be a minus sign, and numbers below 0 are not read. If it is a mere dash, give the pattern "~/a.-###.dpx"; else number the files from 0 or above.',
    opens: [1, 3],
  },
  {
    of: 'a stray number far away',
    names: ['a1.dpx', 'a2.dpx', 'a20000001.dpx'],
    sentence:
      '"~" is numbered from 1 to 20000001 but has only 3 files. Move the stray files elsewhere, or choose a part by its pattern, such as "~/a[1-2].dpx".',
    opens: [1, 2],
  },
  {
    of: 'a gap wider than the reel',
    names: ['a1.dpx', 'a2.dpx', 'a3.dpx', 'a501.dpx'],
    sentence:
      '"~" is numbered from 1 to 501, and 497 frames 4 to 500 are missing. Put the files there, or add --allow-gaps to leave the gaps as they are, or choose a part by its pattern, such as "~/a[1-3].dpx".',
    opens: [1, 3],
  },
];

describe('A folder that is refused', () => {
  test.each(REFUSED)(
    'because of $of opens by the path that the sentence advises',
    async ({ names, sentence, opens }) => {
      const folder = folderOf(names);
      const said = await refusal(folder);
      expect(said.replaceAll(folder, '~')).toBe(sentence);
      const advised = said.slice(said.lastIndexOf(`"${folder}/`) + 1, said.lastIndexOf('"'));
      const reel = await open(advised);
      expect([reel.first, reel.frames, reel.damaged.size]).toEqual([...opens, 0]);
    },
  );

  test('because of pictures of several sizes opens by the longest run of the common one', async () => {
    const folder = folderOf(numbers(1, 6).map((n) => `a${n}.dpx`));
    writeFileSync(join(folder, 'a2.dpx'), larger);
    expect(await refusal(folder)).toBe(
      `"${folder}" mixes pictures, and a reel has one size and one kind of samples: 5 are 48×32 gbrp10le (a1.dpx …), but 64×32 gbrp10le: a2.dpx. Move those elsewhere and add --allow-gaps, or choose a part by its pattern, such as "${folder}/a[3-6].dpx".${EACH}`,
    );
    expect(await open(join(folder, 'a[3-6].dpx'))).toMatchObject({ first: 3, frames: 4 });
    renameSync(join(folder, 'a2.dpx'), join(root, 'elsewhere.dpx'));
    expect((await open(folder, true)).frames).toBe(6);
  });

  test('because its names are not UTF-8 says so, and opens when they are', async () => {
    const folder = folderOf([]);
    const [first, second] = [1, 2].map((n) =>
      Buffer.concat([Buffer.from(join(folder, 'caf')), Buffer.from([0xe9]), Buffer.from(`.${n}.dpx`)]),
    ) as [Buffer, Buffer];
    for (const name of [first, second]) writeFileSync(name, scan);
    expect(await refusal(folder)).toBe(
      `"${folder}" cannot be read as it is. The names of 2 stills are not UTF-8: caf\\xe9.1.dpx, caf\\xe9.2.dpx. Rename them in UTF-8.`,
    );
    expect(await refusal(join(folder, 'scan.%d.dpx'))).toMatch(/There are no numbered stills.*are not UTF-8/);
    writeFileSync(join(folder, 'scan.7.dpx'), scan);
    expect(await refusal(folder)).toContain(
      `or choose the others by their pattern, such as "${join(folder, 'scan.#.dpx')}".`,
    );
    expect(await open(join(folder, 'scan.#.dpx'))).toMatchObject({ first: 7, frames: 1 });
    renameSync(first, join(folder, 'café.1.dpx'));
    renameSync(second, join(folder, 'café.2.dpx'));
    expect((await open(join(folder, 'café.#.dpx'))).frames).toBe(2);
  });

  test('because its names count by no one number opens when they do', async () => {
    const names = numbers(1, 4).map((n) => `a_${n}_${n * 41}.dpx`);
    const folder = folderOf(names);
    expect(await refusal(folder)).toBe(
      `"${folder}" holds 4 stills whose names differ in more than one number (a_1_41.dpx, a_2_82.dpx, a_3_123.dpx and 1 more), and a reel is one numbered sequence. Give them names that differ in one number, such as scan.0001.dpx.${EACH}`,
    );
    names.forEach((name, k) => {
      renameSync(join(folder, name), join(folder, `scan.${padded(k + 1)}.dpx`));
    });
    expect((await open(folder)).frames).toBe(4);
  });

  test('because its stills are in a folder of it, or a movie is, says what to give', async () => {
    const outer = folderOf([]);
    mkdirSync(join(outer, 'scan'));
    writeFileSync(join(outer, 'scan', 'a1.dpx'), scan);
    expect(await refusal(outer)).toBe(
      `"${outer}" holds no stills itself, but its folder "scan" does. Give "${join(outer, 'scan')}".`,
    );
    const films = folderOf(['film.MOV']);
    expect(await refusal(films)).toBe(
      `"${films}" holds no stills, but a movie. Give "${join(films, 'film.MOV')}" itself.`,
    );
    const cineon = folderOf(['a1.cin', 'a2.cin']);
    expect(await refusal(cineon)).toBe(
      `"${cineon}" holds no stills that are read, but 2 of other kinds, such as a1.cin (.cin). Convert them to DPX, TIFF, PNG, JPEG or EXR first.`,
    );
  });

  test('because its files are of another kind than their names say opens when they are renamed', async () => {
    const folder = folderOf(['a1.dpx', 'a2.dpx'], png);
    expect(await refusal(folder)).toBe(
      `None of the 2 stills of "${folder}" can be read. The first: a1.dpx is a PNG file by its first bytes, whatever its name ends in. Give the files the extension of what they are.`,
    );
    for (const name of ['a1', 'a2']) renameSync(join(folder, `${name}.dpx`), join(folder, `${name}.png`));
    expect(await open(folder)).toMatchObject({ still: 'png', frames: 2 });
  });

  test('because its stills are of a layout that is not read does not call them damaged', async () => {
    const encoded = Buffer.from(scan);
    encoded.writeUInt16BE(1, 806);
    const folder = folderOf(['a1.dpx', 'a2.dpx'], encoded);
    expect(await refusal(folder)).toBe(
      `None of the 2 stills of "${folder}" can be read. The first: a1.dpx is run-length encoded, which is not read; save it uncompressed.`,
    );
    for (const name of ['a1.dpx', 'a2.dpx']) writeFileSync(join(folder, name), scan);
    expect((await open(folder)).frames).toBe(2);
  });
});

describe('A file that is given for a reel', () => {
  test('as one of a sequence opens by the pattern of the number that counts', async () => {
    const folder = folderOf(numbers(9, 11).map((n) => `s01_${n}_v2.dpx`));
    expect(await refusal(join(folder, 's01_10_v2.dpx'))).toBe(
      `"${folder}/s01_10_v2.dpx" is one still; a reel is a movie or a numbered sequence. Give the pattern "${folder}/s01_#_v2.dpx".`,
    );
    expect(await open(join(folder, 's01_#_v2.dpx'))).toMatchObject({ first: 9, frames: 3 });
  });

  test('as a picture alone opens in a folder of its own', async () => {
    const folder = folderOf(['portrait.dpx', 'other.dpx']);
    expect(await refusal(join(folder, 'portrait.dpx'))).toBe(
      `"${folder}/portrait.dpx" is one still; a reel is a movie or a numbered sequence. To restore it alone, put it into a folder of its own and give that.`,
    );
    expect(await open(folderOf(['portrait.dpx']))).toMatchObject({ first: 1, frames: 1 });
  });

  test('as a link that leads nowhere, or in a circle, is told from a path that does not exist', async () => {
    const folder = folderOf([]);
    symlinkSync('/nowhere/reel', join(folder, 'reel'));
    symlinkSync('circle', join(folder, 'circle'));
    expect(await refusal(join(folder, 'reel'))).toBe(
      `"${folder}/reel" is a link to "/nowhere/reel", which does not exist. Give the path of the reel itself.`,
    );
    expect(await refusal(join(folder, 'circle'))).toBe(
      `"${folder}/circle" cannot be read: it is a link that leads in a circle. Check the path.`,
    );
    expect(await refusal(join(folder, 'caf\ufffd'))).toMatch(/does not exist.*: its name is not UTF-8: rename it\.$/);
  });
});

describe('A folder in which single frames are no files that can be read', () => {
  test.each([
    [
      'a link that leads nowhere',
      'is a link to "nowhere.dpx", which does not exist',
      (at: string) => symlinkSync('nowhere.dpx', at),
    ],
    ['a link to itself', 'is a link that leads in a circle', (at: string) => symlinkSync('a3.dpx', at)],
    ['a folder', 'is a folder', (at: string) => mkdirSync(at)],
    ['a link to a folder', 'is a folder', (at: string) => symlinkSync(root, at)],
    ['a pipe', 'is no file', (at: string) => execFileSync('mkfifo', [at])],
    [
      'a link to a pipe',
      'is no file',
      (at: string) => {
        execFileSync('mkfifo', [`${at}.pipe`]);
        symlinkSync(`${at}.pipe`, at);
      },
    ],
  ] as const)('%s is a damaged frame in its place, and nothing to copy', async (_, reason, put) => {
    const folder = folderOf(['a1.dpx', 'a2.dpx', 'a4.dpx']);
    put(join(folder, 'a3.dpx'));
    const reel = await open(folder);
    expect(reel).toMatchObject({ first: 1, frames: 4, damaged: new Map([[2, `a3.dpx ${reason}`]]) });
    expect(reel.kind === 'folder' && reel.files[2]).toBeNull();
  });

  test('all of them is refused with the first', async () => {
    const folder = folderOf([]);
    for (const n of [1, 2]) symlinkSync(`/nowhere/${n}.dpx`, join(folder, `a${n}.dpx`));
    expect(await refusal(folder)).toBe(
      `None of the 2 stills of "${folder}" can be read. The first: a1.dpx is a link to "/nowhere/1.dpx", which does not exist. Copy the reel anew, with the files themselves.`,
    );
  });

  test('an empty file is a damaged frame that is copied as it is', async () => {
    const folder = folderOf(['a1.dpx', 'a2.dpx']);
    writeFileSync(join(folder, 'a3.dpx'), '');
    const reel = await open(folder);
    expect([...reel.damaged]).toEqual([[2, 'a3.dpx is empty: it has 0 bytes']]);
    expect(reel.kind === 'folder' && reel.files[2]).toBe(join(folder, 'a3.dpx'));
  });
});

describe('A folder with names that differ in more than a number', () => {
  test('by the case of their extension is one reel, where no number comes twice', async () => {
    const reel = await open(folderOf(['a1.dpx', 'a2.DPX', 'a3.Dpx']));
    expect(reel.frames).toBe(3);
    const folder = folderOf(['a1.dpx', 'a2.DPX', 'a2.dpx']);
    const chosen = await open(join(folder, 'a#.dpx'));
    expect(chosen.kind === 'folder' && chosen.files).toEqual([join(folder, 'a1.dpx'), join(folder, 'a2.dpx')]);
  });

  test('by how accents are written is one reel, and a pattern may write them either way', async () => {
    const [composed, apart] = ['é', 'é'.normalize('NFD')];
    const folder = folderOf([`${composed}1.dpx`, `${apart}2.dpx`]);
    expect((await open(folder)).frames).toBe(2);
    expect((await open(join(folder, `${apart}#.dpx`))).frames).toBe(2);
  });
});

describe('a folder of pictures that have nothing to do with each other', () => {
  test.each([
    ['have no numbers', ['anna.dpx', 'ben.dpx'], []],
    ['are of two cameras', ['DSC_1.dpx', 'DSC_2.dpx', 'IMG_1.dpx'], []],
    ['are of two sizes', ['IMG_1.dpx', 'IMG_2.dpx'], ['IMG_2.dpx']],
    ['have numbers of several kinds', ['a_1_41.dpx', 'a_2_82.dpx', 'a_3_123.dpx'], []],
  ])('is told of --each where they %s', async (_, names, ofAnotherSize) => {
    const folder = folderOf(names);
    for (const name of ofAnotherSize) writeFileSync(join(folder, name), larger);
    expect((await refusal(folder)).endsWith(EACH)).toBe(true);
  });

  test('is told of --each in the report where one of them looks like a reel of one frame', async () => {
    const folder = folderOf(['anna.dpx', 'ben.dpx', 'IMG_7.dpx']);
    const { frames, notes } = await open(folder);
    expect({ frames, notes }).toEqual({
      frames: 1,
      notes: [
        `2 stills of the folder have no numbers (anna.dpx, ben.dpx) and are no part of the reel, which has 1.${EACH}`,
      ],
    });
    const { notes: none } = await open(folderOf(['poster.dpx', 'IMG_7.dpx']));
    expect(none).toBeUndefined();
  });
});

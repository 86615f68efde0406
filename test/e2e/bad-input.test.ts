import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageFolder } from '../../src/disk/package-folder.ts';
import { ended } from '../cli/captured-io.ts';
import { FOOTAGE, hasFootage } from '../footage.ts';
import { filesOf } from './files-of.ts';
import { openScratch, type Scratch } from './scratch.ts';
import { makeTinyReel } from './tiny-reel.ts';

const PORTRAIT = join(packageFolder(), 'samples', 'portrait.png');
const THREE_PEOPLE = join(FOOTAGE, 'stills', 'group-of-three.jpg');

let scratch: Scratch;
let reel: string;
const at = (name: string) => join(scratch.path, name);

beforeAll(async () => {
  scratch = await openScratch('bad');
  process.env['REELMEND_CACHE'] = scratch.cache;
  reel = at('reel');
  await makeTinyReel(reel, 3, 0);
});
afterAll(() => scratch[Symbol.asyncDispose]());

/** A copy of the good reel, spoiled. */
async function spoiled(name: string, spoil: (folder: string) => Promise<void>): Promise<string> {
  const folder = at(name);
  await mkdir(folder);
  for (const file of await readdir(reel)) await copyFile(join(reel, file), join(folder, file));
  await spoil(folder);
  return folder;
}

interface Given {
  readonly reel?: string;
  readonly out?: string;
  readonly reference?: string;
  readonly more?: readonly string[];
}

interface Case {
  readonly needsFootage?: true;
  readonly of: string;
  readonly code: 1 | 2;
  given(): Promise<Given>;
  sentence(given: Given): string | RegExp;
}

const CASES: readonly Case[] = [
  {
    of: 'a reel that does not exist',
    code: 2,
    given: async () => ({ reel: at('nowhere') }),
    sentence: ({ reel }) =>
      `"${reel}" does not exist. A movie, a folder of numbered stills or a pattern such as scan.%04d.dpx was expected: check the path.`,
  },
  {
    of: 'an empty folder',
    code: 2,
    given: async () => {
      await mkdir(at('empty'));
      return { reel: at('empty') };
    },
    sentence: ({ reel }) => new RegExp(`^"${reel}" (holds|has) no .*still.*\\. .+\\.$`),
  },
  {
    of: 'a folder with a gap in its numbers',
    code: 2,
    given: async () => ({ reel: await spoiled('gap', (folder) => rm(join(folder, 'scan.1002.dpx'))) }),
    sentence: ({ reel }) => new RegExp(`^"${reel}" .*1002.*--allow-gaps.*\\.$`),
  },
  {
    of: 'a folder of pictures of two sizes',
    code: 2,
    given: async () => ({
      reel: await spoiled('mixed', async (folder) => {
        const other = at('other-size');
        await makeTinyReel(other, 1, 0, { width: 240, height: 136 });
        await copyFile(join(other, 'scan.1001.dpx'), join(folder, 'scan.1004.dpx'));
      }),
    }),
    sentence: ({ reel }) =>
      `"${reel}" mixes pictures, and a reel has one size and one kind of samples: 3 are 320×180 gbrp10le (scan.1001.dpx …), but 240×136 gbrp10le: scan.1004.dpx. Move those elsewhere and add --allow-gaps, or choose a part by its pattern, such as "${reel}/scan.[1001-1003].dpx". For pictures that have nothing to do with each other there is reelmend restore --each.`,
  },
  {
    of: 'a folder of which nothing can be decoded',
    code: 2,
    given: async () => ({
      reel: await spoiled('ruined', async (folder) => {
        for (const file of await readdir(folder)) await truncate(join(folder, file), 3000);
      }),
    }),
    sentence: ({ reel }) =>
      new RegExp(
        `^None of the 3 stills of "${reel}" can be read\\. The first: scan\\.1001\\.dpx is cut off.*\\. Check where it was written or copied from\\.$`,
      ),
  },
  {
    of: 'a movie that is none',
    code: 2,
    given: async () => {
      await writeFile(at('film.mov'), 'not a film');
      return { reel: at('film.mov') };
    },
    sentence: ({ reel }) => new RegExp(`^"${reel}" .+\\.$`),
  },
  {
    of: 'a still instead of a reel',
    code: 2,
    given: async () => ({ reel: PORTRAIT }),
    sentence: () =>
      `"${PORTRAIT}" is one still; a reel is a movie or a numbered sequence. To restore it alone, put it into a folder of its own and give that.`,
  },
  {
    of: 'a reference without a face',
    code: 2,
    given: async () => {
      await writeFile(at('grey.png'), await greyPng());
      return { reference: at('grey.png') };
    },
    sentence: ({ reference }) =>
      `--reference "${reference}": no face was found in it. Give a still in which the face is upright, lit and at least 60 pixels wide.`,
  },
  {
    of: 'a reference with several faces',
    needsFootage: true,
    code: 2,
    given: async () => ({ reference: THREE_PEOPLE }),
    sentence: () =>
      /^--reference ".*group-of-three\.jpg": 3 faces were found \((\d+×\d+ at \d+,\d+(; )?){3}\), but a still must show one person\. Crop it to the face you mean\.$/,
  },
  {
    of: 'a reference that is no picture',
    code: 2,
    given: async () => {
      await writeFile(at('text.png'), 'not a picture');
      return { reference: at('text.png') };
    },
    sentence: ({ reference }) =>
      new RegExp(
        `^--reference "${reference}": not a still that can be read \\(.+\\)\\. Give a JPEG, PNG, TIFF or WebP file\\.$`,
      ),
  },
  {
    of: 'somebody to look for in a folder without stills',
    code: 2,
    given: async () => {
      await mkdir(at('nobody'));
      return { more: ['--find', at('nobody')] };
    },
    sentence: () => `--find "${at('nobody')}": the folder holds no JPEG, PNG, TIFF or WebP still.`,
  },
  {
    of: 'an unknown preset',
    code: 2,
    given: async () => ({ more: ['--preset', 'strickt'] }),
    sentence: () =>
      'There is no preset "strickt". Presets are anonymise, artistic, restore, strict. Did you mean "strict"?',
  },
  {
    of: 'a range outside the reel',
    code: 2,
    given: async () => ({ more: ['--range', '1002-1010'] }),
    sentence: () =>
      `--range 1002-1010: "${reel}" has frames 1001 to 1003, timecode 01:00:00:00 to 01:00:00:02. Ask for frames inside it.`,
  },
  {
    of: 'an output that is the reel',
    code: 2,
    given: async () => ({ out: reel }),
    sentence: () =>
      `--out "${reel}" is the reel itself, or lies in its folder, or holds it: "${reel}". The source is never written to. Choose another place.`,
  },
  {
    of: 'an output inside the reel',
    code: 2,
    given: async () => ({ out: join(reel, 'out') }),
    sentence: ({ out }) =>
      `--out "${out}" is the reel itself, or lies in its folder, or holds it: "${reel}". The source is never written to. Choose another place.`,
  },
  {
    of: 'an output of a kind that cannot be written',
    code: 2,
    given: async () => ({ out: at('film.avi') }),
    sentence: ({ out }) =>
      `--out "${out}": ".avi" cannot be written. Give .mkv, .mov, .mp4 for a movie, or a name without extension for a folder of frames.`,
  },
  {
    of: 'an output folder that holds other files',
    code: 1,
    given: async () => {
      await mkdir(at('taken'));
      await writeFile(join(at('taken'), 'notes.txt'), 'keep me');
      return { out: at('taken') };
    },
    sentence: ({ out }) => new RegExp(`"${out}".+\\.$`),
  },
  {
    of: 'an output below a file',
    code: 1,
    given: async () => ({ out: join(PORTRAIT, 'out') }),
    sentence: () => /".*portrait\.png.+\.$/,
  },
  {
    of: 'an output where nobody may write',
    code: 1,
    given: async () => ({ out: '/sys/reelmend-out' }),
    sentence: () => /"\/sys\/reelmend-out.+\.$/,
  },
];

describe('restoring', () => {
  const cases = CASES.filter(({ needsFootage }) => hasFootage || !needsFootage);
  it.each(cases)('$of ends with exit code $code and a sentence that says what to do', async (one) => {
    const given = {
      reel,
      out: at(`out-of-${one.of.replace(/\W+/g, '-')}`),
      reference: PORTRAIT,
      ...(await one.given()),
    };
    const source = await filesOf(reel);
    const beforehand = existsSync(given.out) ? await filesOf(given.out) : null;

    const args = ['restore', given.reel, '--out', given.out, '--reference', given.reference, '--quiet'];
    const { code, stdout, stderr } = await ended([...args, ...(given.more ?? [])]);

    expect(stderr).toMatch(/^reelmend: [^\n]+\n$/);
    const said = stderr.slice('reelmend: '.length, -1);
    const expected = one.sentence(given);
    if (typeof expected === 'string') expect(said).toBe(expected);
    else expect(said).toMatch(expected);
    expect({ code, stdout }).toEqual({ code: one.code, stdout: '' });
    expect(await filesOf(reel)).toEqual(source);
    expect(existsSync(given.out) ? await filesOf(given.out) : null).toEqual(beforehand);
    expect(existsSync(`${given.out}.report`)).toBe(false);
  });
});

async function greyPng(): Promise<Buffer> {
  const { default: sharp } = await import('sharp');
  return sharp({ create: { width: 400, height: 400, channels: 3, background: '#808080' } })
    .png()
    .toBuffer();
}

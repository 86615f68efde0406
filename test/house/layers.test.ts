import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageFolder } from '../../src/disk/package-folder.ts';
import { layerFaults } from './layer-faults.ts';
import { roomsOf } from './rooms.ts';
import { sourceFile, sourceFiles } from './source-file.ts';

const TABLE = `
| room | what is in it | may import from |
|---|---|---|
| \`film\` | words, pure: rate, reel | nothing |
| \`disk\` | durable writing | nothing |
| \`carry\` | reuse, pure, in three steps | film |
| \`media\` | reading | all of the above but carry |
| \`cli\` | commands | all of the above |
`;

/** What is wrong with a house of these files, one a room at the least, that none be missing. */
function faultsOf(texts: Readonly<Record<string, string>>): readonly string[] {
  const empty = ['film', 'disk', 'carry', 'media', 'cli'].map((room) => [`src/${room}/a.ts`, ''] as const);
  const all = Object.entries({ ...Object.fromEntries(empty), ...texts });
  return layerFaults(
    all.map(([path, text]) => sourceFile(path, text)),
    roomsOf(TABLE),
  );
}

describe('the table of rooms', () => {
  it('says of each room from which it may import and whether it is pure', () => {
    const rooms = roomsOf(TABLE).map(({ name, mayImport, pure }) => [name, [...mayImport].join(' '), pure]);
    expect(rooms).toEqual([
      ['film', '', true],
      ['disk', '', false],
      ['carry', 'film', true],
      ['media', 'film disk', false],
      ['cli', 'film disk carry media', false],
    ]);
  });

  it('is refused where a room may import from one below it', () => {
    expect(() => roomsOf(TABLE.replace('| words, pure: rate, reel | nothing |', '| words | media |'))).toThrow(
      'CONTRIBUTING.md: the room "film" may import from media, which does not stand above it. Move its row down.',
    );
  });
});

describe('the checker of rooms', () => {
  it('finds nothing in a house that keeps them', () => {
    const texts = {
      'src/film/a.ts':
        "import { z } from 'zod';\nimport type { Stats } from 'node:fs';\nexport const age = z.number();",
      'src/film/b.ts': "import type { A } from './a.ts';\nconst one = { process: 1 };\nexport const two = one.process;",
      'src/media/a.ts': "import { open } from 'node:fs';\nimport '../film/a.ts';\nexport const now = Date.now();",
      'src/index.ts': "export * from './cli/a.ts';",
    };
    expect(faultsOf(texts)).toEqual([]);
  });

  it.each([
    ['an import', "import { a } from '../media/a.ts';"],
    ['an import of a type', "import type { A } from '../media/a.ts';"],
    ['an export', "export { a } from '../media/a.ts';"],
    ['an import when it is needed', "export const a = () => import('../media/a.ts');"],
    ['a type in place', "export type A = import('../media/a.ts').A;"],
  ])('names file, import and rule where %s goes against them', (_, text) => {
    expect(faultsOf({ 'src/carry/a.ts': text })).toEqual([
      'src/carry/a.ts imports src/media/a.ts: the room "carry" may import from film.',
    ]);
  });

  it('lets no room import the front of the house', () => {
    expect(faultsOf({ 'src/film/a.ts': "import { a } from '../index.ts';", 'src/index.ts': '' })).toEqual([
      'src/film/a.ts imports src/index.ts: the room "film" may import from nothing.',
    ]);
  });

  it.each([
    ["import { readFile } from 'node:fs/promises';", 'imports node:fs/promises'],
    ["import sharp from 'sharp';", 'imports sharp'],
    ['export const a = Date.now();', 'uses Date'],
    ['export const a = performance.now();', 'uses performance'],
    ['export const a = Math.random();', 'uses Math.random'],
    ["export const a = process.env['HOME'];", 'uses process'],
    ["export const a = () => fetch('x');", 'uses fetch'],
    ['export const a = { fetch };', 'uses fetch'],
  ])('finds that a pure room is not: %s', (text, fault) => {
    expect(faultsOf({ 'src/carry/a.ts': text })).toEqual([`src/carry/a.ts ${fault}: the room "carry" is pure.`]);
  });

  it('finds files that import each other in a circle', () => {
    const texts = {
      'src/film/a.ts': "import './b.ts';",
      'src/film/b.ts': "export * from './c.ts';",
      'src/film/c.ts': "import { b } from './b.ts';",
    };
    expect(faultsOf(texts)).toEqual([
      'src/film/b.ts imports src/film/c.ts imports src/film/b.ts: files may not import each other in a circle.',
    ]);
  });

  it('finds a room without a row and a row without a room', () => {
    expect(layerFaults([sourceFile('src/attic/a.ts', '')], roomsOf(TABLE).slice(0, 1))).toEqual([
      'The table has a room "film", but there is no src/film.',
      'src/attic has no row in the table.',
    ]);
  });
});

describe('the rooms of src', () => {
  it('import what the table in CONTRIBUTING.md says, are pure where it says so, and have no circles', async () => {
    const rooms = roomsOf(await readFile(join(packageFolder(), 'CONTRIBUTING.md'), 'utf8'));
    expect(layerFaults(await sourceFiles(packageFolder(), 'src'), rooms)).toEqual([]);
  });
});

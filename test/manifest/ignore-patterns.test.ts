import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ignoresOf } from '../../src/manifest/ignore-patterns.ts';
import { deliveryOf } from './temporary-folder.ts';

const PATHS = [
  'a.log',
  'x/a.log',
  'x/y/b.txt',
  'x/b.txt',
  'abc/d/e',
  'a/x/y/b',
  'a/b',
  'doc/frotz',
  'a/doc/frotz',
  '!odd',
  'f[1]',
  'f1',
  'f9',
  'sp ace ',
  'B-o.TXT',
  '#no',
  'star*',
  'starry',
];

const PATTERNS: readonly (readonly string[])[] = [
  ['*.log'],
  ['/*.log'],
  ['x/*.txt'],
  ['**/b.txt', '!x/b.txt'],
  ['abc/**'],
  ['a/**/b'],
  ['doc/frotz'],
  ['frotz'],
  ['\\!odd', 'f[0-5]'],
  ['f[!1]', '[[]*'],
  ['f\\[1\\]', 'sp ace\\ '],
  ['?-o.*', '# a remark', '\\#no', ''],
  ['star\\*'],
  ['x/y/'],
];

describe('ignore patterns', () => {
  it.each(PATTERNS)('leave out what git leaves out by %s', async (...patterns) => {
    await using folder = await deliveryOf(Object.fromEntries(PATHS.map((path) => [path, ''])));
    execFileSync('git', ['init', '-q'], { cwd: folder.path });
    await writeFile(join(folder.path, '.gitignore'), patterns.join('\n'));
    const untracked = execFileSync('git', ['ls-files', '-z', '--others', '--exclude-standard'], { cwd: folder.path });
    const kept = untracked
      .toString()
      .split('\0')
      .filter((path) => PATHS.includes(path));
    const ignores = ignoresOf(patterns);
    // What lies in an ignored folder is not asked about.
    const isKept = (path: string) =>
      path
        .split('/')
        .every((_, index, parts) => !ignores(parts.slice(0, index + 1).join('/'), index < parts.length - 1));
    expect(PATHS.filter(isKept).sort()).toEqual(kept.sort());
  });
});

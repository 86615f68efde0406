import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageFolder } from '../../src/disk/package-folder.ts';

/** A path of this package in a document: not behind another folder, and whole, without a gap such as `<name>` or `…`. */
const NAMED = /(?<![\w/.-])(?:docs|models|pipelines|samples|src|test)\/[\w./-]*[\w/](?![\w<…*-])/g;

/** Files and folders of this package that a document names and that are not there. */
function lackingIn(text: string): readonly string[] {
  return [...new Set(text.match(NAMED))].filter((path) => !existsSync(join(packageFolder(), path)));
}

describe('documents', () => {
  it('are told that name a file that is not there', () => {
    const text =
      'See `test/house/none.test.ts`, `test/house`, docs/measured.md; dist/src/none.js, src/media/write-….ts, models/<id>.json.';
    expect(lackingIn(text)).toEqual(['test/house/none.test.ts']);
  });

  it('name only files and folders that are there', async () => {
    const names = ['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'models/README.md', 'samples/README.md'];
    const docs = (await readdir(join(packageFolder(), 'docs'))).filter((name) => name.endsWith('.md'));
    for (const name of [...names, ...docs.map((one) => `docs/${one}`)]) {
      expect([name, lackingIn(await readFile(join(packageFolder(), name), 'utf8'))]).toEqual([name, []]);
    }
  });

  it('explain a word once, by a file that is there', async () => {
    const text = await readFile(join(packageFolder(), 'CONTRIBUTING.md'), 'utf8');
    const rows = text.slice(text.indexOf('\n## Words'), text.indexOf('\n## Where')).match(/^\| [^-].*$/gm) ?? [];
    const cells = rows.slice(1).map((row) => row.split(' | '));
    const words = cells.map(([word]) => word);
    expect(words.length).toBeGreaterThan(100);
    expect(words.filter((word, k) => words.indexOf(word) !== k)).toEqual([]);
    const paths = cells.flatMap((row) => row.at(-1)?.match(/[\w-]+\/[\w./-]*/g) ?? []);
    expect(paths.filter((path) => !existsSync(join(packageFolder(), 'src', path)))).toEqual([]);
  });
});

import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { packageFolder } from '../../src/disk/package-folder.ts';

// A build leaves in `dist` what it made of a source that has since moved: a machine that has built before would not see the fault.
it('every built file that a test worker imports has a source', async () => {
  const imports: string[] = [];
  const names = await readdir(join(packageFolder(), 'test'), { recursive: true });
  for (const name of names.filter((each) => each.endsWith('.mjs'))) {
    const text = await readFile(join(packageFolder(), 'test', name), 'utf8');
    imports.push(...[...text.matchAll(/'[./]+\/dist\/(src\/[^']+)\.js'/g)].map(([, built]) => `${built}.ts`));
  }
  expect(imports).not.toEqual([]);
  expect(imports.filter((source) => !existsSync(join(packageFolder(), source)))).toEqual([]);
});

// TypeScript leaves the extension of a dynamic import as it is in a file that has `using`: such a file fails when it is run, and only then.
it('no built file imports a source', async () => {
  const folder = join(packageFolder(), 'dist', 'src');
  const built = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.js'));
  expect(built).not.toEqual([]);
  const faulty: string[] = [];
  for (const name of built) {
    if (!existsSync(join(packageFolder(), 'src', name.replace(/\.js$/, '.ts')))) continue;
    if (/(?:\bfrom |\bimport\()\s*['"]\.[^'"]*\.ts['"]/.test(await readFile(join(folder, name), 'utf8')))
      faulty.push(name);
  }
  expect(faulty).toEqual([]);
});

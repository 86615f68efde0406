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

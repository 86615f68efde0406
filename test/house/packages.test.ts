import { readFile } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { packageFolder } from '../../src/disk/package-folder.ts';
import { sourceFiles } from './source-file.ts';

// A package that only tools bring along is there for tests, and not for whoever installs this one.
it('every package that src imports is one that is installed with this one', async () => {
  const { dependencies, optionalDependencies } = JSON.parse(
    await readFile(join(packageFolder(), 'package.json'), 'utf8'),
  );
  const installed = new Set([...Object.keys(dependencies), ...Object.keys(optionalDependencies), ...builtinModules]);
  const imported = (await sourceFiles(packageFolder(), 'src')).flatMap(({ path, imports }) =>
    imports.filter(({ isFile, isType }) => !isFile && !isType).map(({ of }) => ({ path, of: packageOf(of) })),
  );
  expect(imported.filter(({ of }) => !of.startsWith('node:') && !installed.has(of))).toEqual([]);
});

/** `@scope/name` or `name`, of it or of a file in it. */
function packageOf(module: string): string {
  return /^(?:@[^/]+\/)?[^/]+/.exec(module)?.[0] ?? module;
}

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { extname, join } from 'node:path';
import { expect, it } from 'vitest';
import { packageFolder } from '../../src/disk/package-folder.ts';
import { sourceFiles } from './source-file.ts';

// A package that only tools bring along is there for tests, and not for whoever installs this one.
it('every package that src imports is one that is installed with this one', async () => {
  const { dependencies, optionalDependencies } = await statedPackages();
  const installed = new Set([...Object.keys(dependencies), ...Object.keys(optionalDependencies), ...builtinModules]);
  const imported = (await importedPackages()).filter(({ path }) => !PAGE.test(path));
  expect(imported.filter(({ of }) => !of.startsWith('node:') && !installed.has(of))).toEqual([]);
});

// What the page imports is in the files that are built: a package that nothing else imports would be installed in vain.
it('every package that only the page of the review imports is there to build it, and is not installed with this one', async () => {
  const { devDependencies } = await statedPackages();
  const imported = await importedPackages();
  const elsewhere = new Set(imported.filter(({ path }) => !PAGE.test(path)).map(({ of }) => of));
  const own = imported.filter(({ path, of }) => PAGE.test(path) && !elsewhere.has(of));
  expect(own).not.toEqual([]);
  expect(own.filter(({ of }) => !(of in devDependencies))).toEqual([]);
});

it('the page of the review is built, and names only files that are there', async () => {
  const { files } = JSON.parse(await readFile(join(packageFolder(), 'package.json'), 'utf8'));
  expect(files).toContain('dist/review');
  const page = join(packageFolder(), 'dist', 'review');
  const index = await readFile(join(page, 'index.html'), 'utf8');
  const named = [...index.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, address = '']) => address);
  expect(named.map(extname).sort()).toEqual(['.css', '.js', '.svg']);
  expect(named.filter((address) => !existsSync(join(page, address)))).toEqual([]);
});

/** What runs in a browser. */
const PAGE = /^src\/page\//;

type Stated = Readonly<Record<string, string>>;
interface StatedPackages {
  readonly dependencies: Stated;
  readonly devDependencies: Stated;
  readonly optionalDependencies: Stated;
}

async function statedPackages(): Promise<StatedPackages> {
  return JSON.parse(await readFile(join(packageFolder(), 'package.json'), 'utf8'));
}

/** Packages that files of src import, but for their types alone. */
async function importedPackages(): Promise<readonly { readonly path: string; readonly of: string }[]> {
  return (await sourceFiles(packageFolder(), 'src')).flatMap(({ path, imports }) =>
    imports.filter(({ isFile, isType }) => !isFile && !isType).map(({ of }) => ({ path, of: packageOf(of) })),
  );
}

/** `@scope/name` or `name`, of it or of a file in it. */
function packageOf(module: string): string {
  return /^(?:@[^/]+\/)?[^/]+/.exec(module)?.[0] ?? module;
}

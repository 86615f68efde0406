import { describe, expect, it } from 'vitest';
import { packageFolder } from '../../src/disk/package-folder.ts';
import { exportFaults } from './export-faults.ts';
import { sourceFile, sourceFiles } from './source-file.ts';

const faultsOf = (texts: Readonly<Record<string, string>>) =>
  exportFaults(Object.entries(texts).map(([path, text]) => sourceFile(path, text)));

describe('the checker of exports', () => {
  it('finds nothing where every name is exported once and used', () => {
    const texts = {
      'src/film/a.ts': 'export const a = 1;\nexport interface B { a: number }\nexport const [c, d] = [a, 2];',
      'src/film/b.ts':
        "import { type B as Bee, c } from './a.ts';\nexport { d } from './a.ts';\nexport const e = (bee: Bee) => c;",
      'src/metrics/f.ts': 'export const f = 1;',
      'samples/g.ts': "import { e } from '../src/film/b.ts';\nexport const g = e;",
    };
    expect(faultsOf(texts)).toEqual([]);
  });

  it('finds a name that two files export', () => {
    const texts = {
      'src/film/a.ts': 'export function halved() { return halved; }',
      'src/comp/b.ts': 'const halved = 1;\nexport { halved };\nexport const c = halved;',
      'src/cli/c.ts': "import { c } from '../comp/b.ts';\nc;",
    };
    expect(faultsOf(texts)).toEqual([
      '"halved" is exported by src/film/a.ts and src/comp/b.ts: name one of them by what sets it apart.',
    ]);
  });

  it('lets both backends call alike what does the same in each', () => {
    const texts = {
      'src/compute/cpu/a.ts': 'export function halved() { return halved; }',
      'src/compute/gpu/filter/b.ts': 'export function halved() { return halved; }',
    };
    expect(faultsOf(texts)).toEqual([]);
  });

  it('finds an export that nobody uses', () => {
    const texts = { 'src/film/a.ts': 'export const a = 1;\nexport type B = 1;', 'src/film/c.ts': "import './a.ts';" };
    expect(faultsOf({ ...texts, 'src/film/d.ts': "import type { B } from './a.ts';" })).toEqual([
      'src/film/a.ts exports "a", which nothing but tests uses: use it or move it to them.',
    ]);
  });
});

/** Measured by the bench of colour transfer; pinned by golden frames. */
const FOR_PROOFS = /exports "(colourStatistics|RENDER_VERSION)", which nothing but tests/;

describe('the exports of src', () => {
  it('have names of their own, and are used', async () => {
    const [src, samples] = await Promise.all(['src', 'samples'].map((folder) => sourceFiles(packageFolder(), folder)));
    const faults = exportFaults([...(src ?? []), ...(samples ?? [])]);
    expect(faults.filter((fault) => !FOR_PROOFS.test(fault))).toEqual([]);
  });
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageFolder } from '../../../src/disk/package-folder.ts';

/** The rows of the table of `docs/formats.md` whose head is just these columns, each a list of cells. */
export function tableRows(...columns: readonly string[]): string[][] {
  const lines = readFileSync(join(packageFolder(), 'docs', 'formats.md'), 'utf8').split('\n');
  const head = lines.indexOf(`| ${columns.join(' | ')} |`);
  if (head < 0) throw new Error(`docs/formats.md has no table of ${columns.join(', ')}.`);
  const rows: string[][] = [];
  for (let at = head + 2; lines[at]?.startsWith('|'); at++) rows.push(cellsOf(lines[at] as string));
  return rows;
}

function cellsOf(line: string): string[] {
  return line
    .slice(1, -1)
    .split('|')
    .map((cell) => cell.trim());
}

/** What a row claims: each of the things in a cell together with each of the others', as `DPX / RGB / 10 / filled A / big-endian`. */
export function claimsOf(row: readonly string[]): string[] {
  return row.reduce<string[]>(
    (claims, cell) =>
      claims.flatMap((claim) =>
        cell.split(/,\s*(?![^(]*\))/).map((thing) => [claim, thing].filter(Boolean).join(' / ')),
      ),
    [''],
  );
}

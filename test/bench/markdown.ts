import type { Table } from './bench.ts';

/** A table in Markdown, its columns aligned for reading as it is: text to the left, numbers to the right. */
export function markdownTable({ title, columns, rows }: Table): string {
  const cells = rows.map((row) => columns.map((_, k) => textOf(row[k] ?? '')));
  const isNumber = columns.map((_, k) => rows.some((row) => typeof row[k] === 'number'));
  const widths = columns.map((name, k) => Math.max(3, name.length, ...cells.map((row) => (row[k] ?? '').length)));
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, k) => (isNumber[k] ? cell.padStart(widths[k] as number) : cell.padEnd(widths[k] as number))).join(' | ')} |`;
  const rule = widths.map((width, k) => (isNumber[k] ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width)));
  return [`### ${title}`, '', line(columns), line(rule), ...cells.map(line), ''].join('\n');
}

/** Numbers to three digits that count; NaN, where there is nothing to say, as a dash. */
function textOf(value: string | number): string {
  if (typeof value === 'string') return value;
  if (Number.isNaN(value)) return '–';
  if (Number.isInteger(value) || !Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3);
}

/** A column's heading, and on which side its cells stand. */
export interface Column {
  readonly name: string;
  readonly align: 'left' | 'right';
}

/** Rows under headings, two spaces apart, each line without trailing space and ended by a line feed. */
export function textTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const lines = [columns.map((column) => column.name), ...rows];
  const widths = columns.map((_, k) => Math.max(...lines.map((line) => (line[k] ?? '').length)));
  return lines
    .map((line) => {
      const cells = columns.map(({ align }, k) => {
        const cell = line[k] ?? '';
        return align === 'right' ? cell.padStart(widths[k] ?? 0) : cell.padEnd(widths[k] ?? 0);
      });
      return `${cells.join('  ').trimEnd()}\n`;
    })
    .join('');
}

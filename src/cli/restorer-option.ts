import type { RestorerDefinition } from '../restore/restorer-definition.ts';

/** One line a restorer: what it does, then its settings in a preset with their defaults. */
export function restorersHelp(restorers: readonly RestorerDefinition[]): string {
  const width = Math.max(...restorers.map(({ name }) => name.length));
  return restorers
    .map(({ name, summary, settings, base }) => {
      const stated = Object.entries(settings.parse({})).map(([key, value]) => `${key} ${value}`);
      const rest = base ? `; and those of ${base.name}` : '';
      return `  ${name.padEnd(width)}  ${summary}\n  ${' '.repeat(width)}  settings: ${stated.join(', ')}${rest}`;
    })
    .join('\n');
}

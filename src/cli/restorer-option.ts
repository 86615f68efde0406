import { restorerNamed } from '../restore/restorer-choice.ts';
import type { RestorerDefinition } from '../restore/restorer-definition.ts';
import { UsageError } from './usage-error.ts';

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

/** For a run without any stills. @throws UsageError where the restorer paints from stills. */
export function assertNeedsNoStills(restorers: readonly RestorerDefinition[], name: string): void {
  if (restorerNamed(restorers, name).needs.stills === 'none') return;
  const others = restorers.filter(({ needs }) => needs.stills === 'none').map((restorer) => restorer.name);
  throw new UsageError(
    `--restorer ${name} needs the face to restore with. Add --reference and a still, or a folder of stills, of the actor; or take --restorer ${others.join(' or ')}, which need none.`,
  );
}

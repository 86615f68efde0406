import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { PersonStills } from '../pipeline/job.ts';
import { UsageError } from './usage-error.ts';

/** What a person is called where nobody gave a name. */
export const UNNAMED = 'actor';

/**
 * Reads the values of `--reference` or `--find`: `path` or `name=path`, the same name for several stills of one person.
 * A path that holds an equals sign is taken as it is when such a file exists.
 *
 * @throws UsageError for a path that does not exist.
 */
export function parsePeople(flag: '--reference' | '--find', values: readonly string[]): PersonStills[] {
  const people = new Map<string, string[]>();
  for (const value of values) {
    const { name, path } = split(flag, value);
    const absolute = resolve(path);
    if (!existsSync(absolute)) {
      throw new UsageError(`${flag} "${value}": there is no file or folder "${absolute}". Check the path.`);
    }
    people.set(name, [...(people.get(name) ?? []), absolute]);
  }
  return [...people].map(([name, paths]) => ({ name, paths }));
}

function split(flag: string, value: string): { name: string; path: string } {
  // A name holds no separator: what stands before an equals sign behind one is part of the path.
  const match = /^([^=\\/]*)=(.*)$/.exec(value);
  if (!match || existsSync(value)) return { name: UNNAMED, path: value };
  const [, name = '', path = ''] = match;
  if (name.trim() === '' || path === '') {
    throw new UsageError(
      `${flag} "${value}": a name and a path were expected. Write it as name=stills, or leave the name out.`,
    );
  }
  return { name: name.trim(), path };
}

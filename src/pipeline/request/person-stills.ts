import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { UsageError } from '../../settings/usage-error.ts';
import type { PersonStills } from '../job.ts';

/** What a person is called where nobody gave a name. */
const UNNAMED = 'actor';

/** What stands for frames of the reel itself. */
const REEL = /^reel:(.*)$/;

/**
 * People by their stills. A text is `path` or `name=path`, the same name for several stills of one person; `reel:` and frames of the
 * reel itself, or `reel:auto`. A path that looks like one of these is taken as it is when such a file exists.
 *
 * @param flag how errors name the list
 * @param use `restore`: the best frames of the reel may be chosen by themselves (`reel:auto`); `find`: they may not
 * @throws UsageError for a path that does not exist, and for what are no frames.
 */
export function parsePeople(
  flag: string,
  values: readonly (string | PersonStills)[],
  use: 'restore' | 'find',
): PersonStills[] {
  const people = new Map<string, PersonStills>();
  for (const value of values) {
    if (typeof value !== 'string') {
      people.set(value.name, { ...value, paths: value.paths.map((path) => existing(flag, path, path)) });
      continue;
    }
    const { name, path } = split(flag, value);
    const before = people.get(name) ?? { name, paths: [] };
    const ofReel = existsSync(path) ? null : REEL.exec(path);
    const text = { flag, value, use };
    people.set(
      name,
      ofReel
        ? withFrames(before, text, ofReel[1] ?? '')
        : { ...before, paths: [...before.paths, existing(flag, value, path)] },
    );
  }
  return [...people.values()];
}

/** Where a text came from. */
interface Written {
  readonly flag: string;
  readonly value: string;
  readonly use: 'restore' | 'find';
}

/** The absolute path. @throws UsageError where nothing is there. */
function existing(flag: string, value: string, path: string): string {
  const absolute = resolve(path);
  if (existsSync(absolute)) return absolute;
  throw new UsageError(`${flag} "${value}": there is no file or folder "${absolute}". Check the path.`);
}

function withFrames(person: PersonStills, { flag, value, use }: Written, frames: string): PersonStills {
  if (frames === 'auto' && use === 'restore' && !Array.isArray(person.frames)) return { ...person, frames: 'auto' };
  if (frames === 'auto') {
    const why = use === 'find' ? 'whom to look for cannot be guessed' : 'frames were given too';
    throw new UsageError(
      `${flag} "${value}": ${why}. Write frames, as in reel:1043,1077, or --reference reel:auto alone.`,
    );
  }
  if (!/^\d+(,\d+)*$/.test(frames) || person.frames === 'auto') {
    throw new UsageError(
      `${flag} "${value}": frames of the reel were expected, numbered as it is. Write reel:1043,1077, or --reference reel:auto for the best ones.`,
    );
  }
  return { ...person, frames: [...(person.frames ?? []), ...frames.split(',').map(Number)] };
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

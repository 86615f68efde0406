import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { PersonStills } from '../pipeline/job.ts';
import { UsageError } from './usage-error.ts';

/** What a person is called where nobody gave a name. */
export const UNNAMED = 'actor';

/** What stands for frames of the reel itself. */
const REEL = /^reel:(.*)$/;

/**
 * Reads the values of `--reference` or `--find`: `path` or `name=path`, the same name for several stills of one person; `reel:` and
 * frames of the reel itself, or `reel:auto`. A path that looks like one of these is taken as it is when such a file exists.
 *
 * @throws UsageError for a path that does not exist, and for what are no frames.
 */
export function parsePeople(flag: '--reference' | '--find', values: readonly string[]): PersonStills[] {
  const people = new Map<string, PersonStills>();
  for (const value of values) {
    const { name, path } = split(flag, value);
    const before = people.get(name) ?? { name, paths: [] };
    const ofReel = existsSync(path) ? null : REEL.exec(path);
    people.set(name, ofReel ? withFrames(before, flag, value, ofReel[1] ?? '') : withPath(before, flag, value, path));
  }
  return [...people.values()];
}

function withPath(person: PersonStills, flag: string, value: string, path: string): PersonStills {
  const absolute = resolve(path);
  if (!existsSync(absolute)) {
    throw new UsageError(`${flag} "${value}": there is no file or folder "${absolute}". Check the path.`);
  }
  return { ...person, paths: [...person.paths, absolute] };
}

function withFrames(person: PersonStills, flag: string, value: string, frames: string): PersonStills {
  if (frames === 'auto' && flag === '--reference' && !Array.isArray(person.frames))
    return { ...person, frames: 'auto' };
  if (frames === 'auto') {
    const why = flag === '--find' ? 'whom to look for cannot be guessed' : 'frames were given too';
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

import { describe, expect, it } from 'vitest';
import { ShotListError } from '../../src/editorial/shot-list-error.ts';
import { readShotList } from '../../src/editorial/shot-list-formats.ts';
import { fixture } from './listed.ts';

/** What is wrong with how a text is read: null where it is read, or refused with the file's name. */
function wrongWith(text: string, file: string): string | null {
  try {
    readShotList(text, file);
    return null;
  } catch (error) {
    if (error instanceof ShotListError && error.message.startsWith(`Shot list "${file}"`)) return null;
    return String(error instanceof Error ? error.stack : error);
  }
}

/** Every value of a JSON text in turn replaced by another. */
function* replaced(value: unknown, by: unknown): Generator<unknown> {
  if (typeof value !== 'object' || value === null) return;
  for (const key of Object.keys(value)) {
    const own = (value as Record<string, unknown>)[key];
    const copy = (other: unknown) =>
      Array.isArray(value) ? value.map((one, k) => (String(k) === key ? other : one)) : { ...value, [key]: other };
    yield copy(by);
    for (const inner of replaced(own, by)) yield copy(inner);
  }
}

describe('a malformed list', () => {
  it.each(['nested.otio', 'edited.edl', 'written/movie.csv'])(
    'that is %s cut off anywhere is read or refused',
    (name) => {
      const text = fixture(name);
      const step = Math.max(1, Math.floor(text.length / 300));
      for (let end = 0; end < text.length; end += step) expect(wrongWith(text.slice(0, end), name)).toBeNull();
    },
  );

  it.each([[null], ['text'], [-1], [[]], [{}]])('that is a timeline with %j anywhere is read or refused', (by) => {
    for (const name of ['folder.otio', 'written/drop-frame.otio']) {
      const timeline: unknown = JSON.parse(fixture(name));
      for (const other of replaced(timeline, by)) expect(wrongWith(JSON.stringify(other), name)).toBeNull();
    }
  });
});

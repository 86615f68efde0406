import type { Plate } from '../../src/film/plate.ts';
import { decoded } from '../e2e/decoded.ts';

/** The plates of several reels in step. @throws where one ends before another. */
export async function* together(folders: readonly string[]): AsyncGenerator<readonly Plate[]> {
  const readers = folders.map((folder) => decoded(folder));
  try {
    for (let frame = 0; ; frame++) {
      const steps = await Promise.all(readers.map((reader) => reader.next()));
      if (steps.every(({ done }) => done)) return;
      yield steps.map(({ done, value }, k) => {
        if (done || !value) throw new Error(`"${folders[k]}" ends before frame ${frame}.`);
        return value;
      });
    }
  } finally {
    await Promise.all(readers.map((reader) => reader.return(undefined)));
  }
}

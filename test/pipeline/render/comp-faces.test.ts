import { map, timer } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { describe, expect, it } from 'vitest';
import { compFaces } from '../../../src/pipeline/render/comp-faces.ts';
import { openRunning } from '../../../src/stream/running.ts';
import { lentPlates } from './placed-plates.ts';

describe('compFaces', () => {
  it('comps several plates at once and hands them on in order, each with the rows that were changed', () => {
    const { lent } = lentPlates();
    const plates = {
      a: { ...lent(0), faces: ['slow'] },
      b: { ...lent(1), faces: ['quick'] },
      c: { ...lent(2), faces: [] },
    };
    const rows = { in: 4, out: 9 };
    const scheduler = new TestScheduler((actual, expected) => expect(actual).toEqual(expected));
    scheduler.run(({ cold, expectObservable }) => {
      const comping = compFaces<string>(
        ({ faces: [face] }) => timer(face === 'slow' ? 5 : 1).pipe(map(() => (face ? rows : null))),
        2,
        openRunning(),
      );
      // The third begins when the second has ended, at 2, and waits with it for the first.
      expectObservable(cold('abc-----------|', plates).pipe(comping)).toBe('-----(abc)----|', {
        a: { ...plates.a, changed: rows },
        b: { ...plates.b, changed: rows },
        c: { ...plates.c, changed: null },
      });
    });
  });
});

import { TestScheduler } from 'rxjs/testing';
import { describe, expect, it } from 'vitest';
import { liftFaces } from '../../../src/pipeline/render/lift-faces.ts';
import { lentPlates } from './placed-plates.ts';

describe('liftFaces', () => {
  it('places the faces of every plate once, hands each over as its plate comes, and carries them along', () => {
    const { lent } = lentPlates();
    const plates = { a: lent(3), b: lent(4) };
    const placed: number[] = [];
    const lifted: string[] = [];
    const facesIn = (frame: number) => {
      placed.push(frame);
      return frame === 3 ? ['Ada', 'Ben'] : [];
    };
    const scheduler = new TestScheduler((actual, expected) => expect(actual).toEqual(expected));
    scheduler.run(({ cold, expectObservable }) => {
      const lifting = liftFaces(facesIn, ({ frame }, face) => void lifted.push(`${face} in ${frame}`));
      expectObservable(cold('-a--b|', plates).pipe(lifting)).toBe('-a--b|', {
        a: { ...plates.a, faces: ['Ada', 'Ben'] },
        b: { ...plates.b, faces: [] },
      });
    });
    expect(placed).toEqual([3, 4]);
    expect(lifted).toEqual(['Ada in 3', 'Ben in 3']);
  });
});

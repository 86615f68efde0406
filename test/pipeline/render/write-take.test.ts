import { concat, from, lastValueFrom, map, NEVER, type Observable, timer, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { Plate } from '../../../src/film/plate.ts';
import type { CompedPlate } from '../../../src/pipeline/render/comp-faces.ts';
import { writeTake } from '../../../src/pipeline/render/write-take.ts';
import { openRunning } from '../../../src/stream/running.ts';
import { lentPlates } from './placed-plates.ts';

const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
const TAKE = { in: 4, out: 9 };

/** Frames 4 … 8 as far as they come, written by what notes what it is told, and takes its time. */
function writing(write: (plate: Plate) => Promise<void> = () => wait(2)) {
  const { lent, returned } = lentPlates();
  const told: string[] = [];
  const running = openRunning();
  const writer = {
    async write(plate: Plate) {
      told.push(`write ${plate.frame}`);
      await write(plate);
      told.push(`written ${plate.frame}`);
    },
    async pass(frame: number) {
      told.push(`pass ${frame}`);
    },
  };
  const plates = (...frames: number[]): Observable<CompedPlate<string>> =>
    from(frames).pipe(map((frame) => ({ ...lent(frame), faces: [], changed: null })));
  return {
    told,
    returned,
    running,
    plates,
    operator: writeTake<string>(TAKE, writer, (loan) => loan.release(), running),
  };
}

describe('writeTake', () => {
  it('writes one plate after another, and gives each back when it is written', async () => {
    const { told, returned, plates, operator } = writing();
    const written = await lastValueFrom(plates(4, 5, 6, 7, 8).pipe(operator, toArray()));
    expect(written.map(({ plate }) => plate.frame)).toEqual([4, 5, 6, 7, 8]);
    expect(told).toEqual([4, 5, 6, 7, 8].flatMap((frame) => [`write ${frame}`, `written ${frame}`]));
    expect(returned).toEqual([4, 5, 6, 7, 8]);
  });

  it('hands the frames through that did not come, at the ends too', async () => {
    const { told, plates, operator } = writing();
    await lastValueFrom(plates(5, 7).pipe(operator));
    expect(told).toEqual(['pass 4', 'write 5', 'written 5', 'pass 6', 'write 7', 'written 7', 'pass 8']);
  });

  it('gives plates back that lie beside the take, and does not write them', async () => {
    const { told, returned, plates, operator } = writing();
    await lastValueFrom(plates(3, 4, 5, 6, 7, 8, 9).pipe(operator));
    expect(told.filter((what) => what.startsWith('write '))).toEqual([4, 5, 6, 7, 8].map((frame) => `write ${frame}`));
    expect(returned).toEqual([3, 4, 5, 6, 7, 8, 9]);
  });

  it('writes and hands through nothing more once one could not be written', async () => {
    const { told, running, plates, operator } = writing(async ({ frame }) => {
      if (frame === 5) throw new Error('the disk is full');
    });
    await expect(lastValueFrom(plates(4, 5, 6, 7).pipe(operator))).rejects.toThrow('the disk is full');
    await running.ended();
    expect(told).toEqual(['write 4', 'written 4', 'write 5']);
  });

  it('fails where the plates do, but not before what is being written is', async () => {
    const { told, plates, operator } = writing(() => wait(20));
    const failing = concat(
      plates(4, 5),
      timer(5).pipe(
        map(() => {
          throw new Error('torn');
        }),
      ),
    );
    await expect(lastValueFrom(failing.pipe(operator))).rejects.toThrow('torn');
    expect(told).toEqual(['write 4', 'written 4']);
  });

  it('begins nothing more once nobody listens', async () => {
    const { told, running, plates, operator } = writing();
    const subscription = concat(plates(4, 6), NEVER).pipe(operator).subscribe();
    await wait(0);
    subscription.unsubscribe();
    await running.ended();
    await wait(10);
    expect(told).toEqual(['write 4', 'written 4']);
  });
});

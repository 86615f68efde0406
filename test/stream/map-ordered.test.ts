import { defer, from, lastValueFrom, map, Observable, throwError, timer } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { describe, expect, it } from 'vitest';
import { framePool, type Loan } from '../../src/stream/frame-pool.ts';
import { mapOrdered } from '../../src/stream/map-ordered.ts';
import { openRunning } from '../../src/stream/running.ts';

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** A value takes as many milliseconds as its digit says, and is its own result; `x` fails after one. */
function projecting(scheduler: TestScheduler) {
  const begun: string[] = [];
  const told: string[] = [];
  const project = (value: string, signal: AbortSignal) =>
    defer(() => {
      begun.push(`${value} at ${scheduler.now()}`);
      signal.addEventListener('abort', () => told.push(`${value} at ${scheduler.now()}`));
      if (value === 'x') return timer(1).pipe(map(() => fail()));
      return timer(Number(value)).pipe(map(() => value));
    });
  return { begun, told, project };
}

function fail(): never {
  throw new Error('x failed');
}

const drawn = () => new TestScheduler((actual, expected) => expect(actual).toEqual(expected));

describe('mapOrdered', () => {
  it('gives results in the order of their values, however soon they were done', () => {
    const scheduler = drawn();
    const { project } = projecting(scheduler);
    scheduler.run(({ hot, expectObservable }) => {
      expectObservable(hot('513-------|').pipe(mapOrdered(project, 3))).toBe('-----(513)|');
    });
  });

  it('begins a value as soon as one of those that run has ended', () => {
    const scheduler = drawn();
    const { begun, project } = projecting(scheduler);
    scheduler.run(({ cold, expectObservable }) => {
      expectObservable(cold('(6321|)').pipe(mapOrdered(project, 2))).toBe('------(6321|)');
    });
    expect(begun).toEqual(['6 at 0', '3 at 0', '2 at 3', '1 at 5']);
  });

  it('begins and gives nothing more after a failure, tells those that run, and fails when they have ended', () => {
    const scheduler = drawn();
    const { begun, told, project } = projecting(scheduler);
    scheduler.run(({ cold, expectObservable, expectSubscriptions }) => {
      const values = cold('(2x51)---9|');
      expectObservable(values.pipe(mapOrdered(project, 3))).toBe('-----#', undefined, new Error('x failed'));
      expectSubscriptions(values.subscriptions).toBe('^!');
    });
    expect(begun).toEqual(['2 at 0', 'x at 0', '5 at 0']);
    expect(told).toEqual(['2 at 1', 'x at 1', '5 at 1']);
  });

  it('does the same where its source fails', () => {
    const scheduler = drawn();
    const { begun, project } = projecting(scheduler);
    scheduler.run(({ cold, expectObservable }) => {
      expectObservable(cold('(75)--#').pipe(mapOrdered(project, 1))).toBe('-------#');
    });
    expect(begun).toEqual(['7 at 0']);
  });

  it('fails at once where a projection does before anything else is begun', () => {
    const scheduler = drawn();
    scheduler.run(({ cold, expectObservable }) => {
      const failing = mapOrdered(() => throwError(() => 'no'), 2);
      expectObservable(cold('(ab|)').pipe(failing)).toBe('#', undefined, 'no');
    });
  });

  it('begins nothing more once nobody listens, and tells when what had begun has ended', async () => {
    const running = openRunning();
    const begun: number[] = [];
    const ended: number[] = [];
    const project = async (value: number, signal: AbortSignal) => {
      begun.push(value);
      await wait(10);
      if (signal.aborted) ended.push(value);
    };
    const subscription = from([0, 1, 2, 3])
      .pipe(mapOrdered(project, 2, running))
      .subscribe();
    subscription.unsubscribe();
    expect(ended).toEqual([]);
    await running.ended();
    await wait(20);
    expect(begun).toEqual([0, 1]);
    expect(ended).toEqual([0, 1]);
  });

  it('bounds what is in flight by the pool that feeds it', async () => {
    const pool = framePool(4, 1);
    let peak = 0;
    const source = new Observable<Loan>((subscriber) => {
      void (async () => {
        for (let i = 0; i < 100; i++) {
          const loan = await pool.lend();
          peak = Math.max(peak, pool.lent);
          subscriber.next(loan);
        }
        subscriber.complete();
      })();
    });
    const project = async (loan: Loan) => {
      await wait(0);
      loan.release();
    };
    await lastValueFrom(source.pipe(mapOrdered(project, 3)));
    expect(peak).toBe(4);
    expect(pool.lent).toBe(0);
  });
});

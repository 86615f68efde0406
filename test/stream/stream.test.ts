import { concatWith, from, lastValueFrom, Observable, of, tap, throwError, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { framePool, type Loan } from '../../src/stream/frame-pool.ts';
import { lookAhead } from '../../src/stream/look-ahead.ts';
import { mapOrdered } from '../../src/stream/map-ordered.ts';
import { untilAborted } from '../../src/stream/until-aborted.ts';

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('a frame pool', () => {
  it('lends each buffer once, and the next borrower waits until one comes back', async () => {
    const pool = framePool(2, 8);
    const first = await pool.lend();
    const second = await pool.lend();
    let third: Loan | undefined;
    const waiting = pool.lend().then((loan) => {
      third = loan;
    });
    await wait(5);
    expect(third).toBeUndefined();
    expect(pool.lent).toBe(2);
    first.release();
    await waiting;
    expect(third?.bytes).toBe(first.bytes);
    second.release();
    third?.release();
    expect(pool.lent).toBe(0);
  });

  it('takes a buffer back only when the last holder has released it', async () => {
    const pool = framePool(1, 8);
    const loan = await pool.lend();
    loan.retain();
    loan.release();
    expect(pool.lent).toBe(1);
    loan.release();
    expect(pool.lent).toBe(0);
  });

  it('refuses a release too many, since the buffer may already be another frame', async () => {
    const loan = await framePool(1, 8).lend();
    loan.release();
    expect(() => loan.release()).toThrow('A frame was released more often than it was held.');
    expect(() => loan.retain()).toThrow('A frame was retained after its buffer went back to the pool.');
  });

  it('lets a waiting borrower leave the queue when aborted', async () => {
    const pool = framePool(1, 8);
    const loan = await pool.lend();
    const abort = new AbortController();
    const waiting = pool.lend(abort.signal);
    abort.abort(new Error('stop'));
    await expect(waiting).rejects.toThrow('stop');
    loan.release();
    expect(pool.lent).toBe(0);
  });
});

describe('mapOrdered', () => {
  it('keeps the order and the bound while later values finish first', async () => {
    let running = 0;
    let peak = 0;
    const project = async (value: number) => {
      running += 1;
      peak = Math.max(peak, running);
      await wait(value % 3 === 0 ? 6 : 1);
      running -= 1;
      return value;
    };
    const values = Array.from({ length: 30 }, (_, i) => i);
    await expect(lastValueFrom(from(values).pipe(mapOrdered(project, 3), toArray()))).resolves.toEqual(values);
    expect(peak).toBe(3);
  });

  it('reports a failure in its turn, after the values before it', async () => {
    const seen: number[] = [];
    const project = async (value: number) => {
      if (value === 2) throw new Error('two');
      await wait(4);
      return value;
    };
    const done = new Promise((resolve) => {
      of(0, 1, 2, 3)
        .pipe(mapOrdered(project, 4))
        .subscribe({ next: (v) => seen.push(v), error: resolve });
    });
    expect(await done).toEqual(new Error('two'));
    expect(seen).toEqual([0, 1]);
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

describe('lookAhead', () => {
  it('holds each value until its successors have passed, and flushes at the end', () => {
    const events: string[] = [];
    of(0, 1, 2, 3)
      .pipe(
        tap((v) => events.push(`in ${v}`)),
        lookAhead(2),
      )
      .subscribe((v) => events.push(`out ${v}`));
    expect(events).toEqual(['in 0', 'in 1', 'in 2', 'out 0', 'in 3', 'out 1', 'out 2', 'out 3']);
  });

  it('drops what it holds when the stream fails or is unsubscribed', () => {
    const dropped: number[] = [];
    of(1, 2)
      .pipe(
        concatWith(throwError(() => new Error('x'))),
        lookAhead(5, (v) => dropped.push(v)),
      )
      .subscribe({ error: () => {} });
    expect(dropped).toEqual([1, 2]);
  });
});

describe('untilAborted', () => {
  it('fails with the reason and lets go of the source', () => {
    const abort = new AbortController();
    let closed = false;
    let failure: unknown;
    new Observable<number>(() => () => {
      closed = true;
    })
      .pipe(untilAborted(abort.signal))
      .subscribe({ error: (error) => (failure = error) });
    abort.abort('stop');
    expect(failure).toBe('stop');
    expect(closed).toBe(true);
  });
});

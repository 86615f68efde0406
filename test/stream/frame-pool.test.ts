import { describe, expect, it } from 'vitest';
import { framePool, type Loan } from '../../src/stream/frame-pool.ts';
import { openLoans } from '../../src/stream/open-loans.ts';

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

describe('open loans', () => {
  it('give back what was not given back when they are closed, and nothing twice', async () => {
    const pool = framePool(3, 8);
    {
      using loans = openLoans();
      const [first, second] = [await pool.lend(), await pool.lend()];
      loans.add(first);
      loans.add(second);
      loans.giveBack(first);
      loans.giveBack(first);
      expect(pool.lent).toBe(1);
    }
    expect(pool.lent).toBe(0);
  });
});

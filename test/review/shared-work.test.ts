import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { sharedWork } from '../../src/review/shared-work.ts';

const slow = () => sharedWork((signal) => wait(50, 'done', { signal }));
const leave = (reason: string) => AbortSignal.abort(new Error(reason));

describe('work that several wait for', () => {
  it('is done for those who stay when others leave', async () => {
    const work = slow();
    const staying = work.join(new AbortController().signal);
    await expect(work.join(leave('I left'))).rejects.toThrow('I left');
    expect(work.signal.aborted).toBe(false);
    expect(await staying).toBe('done');
  });

  it('is given up when all have left, and not when whoever left has had its answer', async () => {
    const work = slow();
    const [one, two] = [new AbortController(), new AbortController()];
    const both = Promise.allSettled([work.join(one.signal), work.join(two.signal)]);
    one.abort();
    expect(work.signal.aborted).toBe(false);
    two.abort();
    expect(work.signal.aborted).toBe(true);
    expect((await both).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await expect(work.value).rejects.toThrow();

    const answered = slow();
    const late = new AbortController();
    expect(await answered.join(late.signal)).toBe('done');
    late.abort();
    expect(answered.signal.aborted).toBe(false);
  });

  it('is not given up by those who leave while somebody waits who never does', async () => {
    const work = slow();
    const staying = work.join();
    await expect(work.join(leave('I left'))).rejects.toThrow('I left');
    expect(await staying).toBe('done');
  });
});

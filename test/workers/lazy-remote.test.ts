import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lazyRemote } from '../../src/workers/lazy-remote.ts';
import { openRemote } from '../../src/workers/rpc.ts';

type Failing = Record<'sentence', (argument: null) => Promise<void>>;

/** A lazy worker, and how often it was opened. */
function lazy() {
  let opened = 0;
  const remote = lazyRemote<Failing>(async () => {
    opened += 1;
    return openRemote<Failing>(join(import.meta.dirname, 'failing-worker.mjs'));
  });
  return { remote, opened: () => opened };
}

describe('a lazy worker', () => {
  it('is opened once, by its first call, and closed with it', async () => {
    const { remote, opened } = lazy();
    expect(opened()).toBe(0);
    const calls = [remote.call('sentence', null), remote.call('sentence', null)];
    for (const { reason } of (await Promise.allSettled(calls)) as PromiseRejectedResult[]) {
      expect(reason.message).toBe('no error at all');
    }
    expect(opened()).toBe(1);
    await remote[Symbol.asyncDispose]();
    await expect(remote.call('sentence', null)).rejects.toThrow(/ended with code 0\.$/);
  });

  it('that was never called is not opened by closing it, nor later', async () => {
    const { remote, opened } = lazy();
    await remote[Symbol.asyncDispose]();
    await expect(remote.call('sentence', null)).rejects.toThrow('A worker was called after it was closed.');
    expect(opened()).toBe(0);
  });

  it('that cannot be opened says so in every call, and can be closed', async () => {
    const remote = lazyRemote<Failing>(async () => {
      throw new Error('no such thread');
    });
    await expect(remote.call('sentence', null)).rejects.toThrow('no such thread');
    await expect(remote.call('sentence', null)).rejects.toThrow('no such thread');
    await remote[Symbol.asyncDispose]();
  });
});

import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { pictureQueue } from '../../src/page/viewer/picture-queue.ts';

/** A queue whose loading is answered by hand. */
function drawnQueue(fails: (address: string) => 'again' | 'never' = () => 'never') {
  const loaded: string[] = [];
  const begun: string[] = [];
  const aborted: string[] = [];
  const answers = new Map<string, { resolve: (value: string) => void; reject: (error: Error) => void }>();
  const failed = new Set<string>();
  const queue = pictureQueue<string>({
    places: 2,
    pause: 1,
    load: (address, signal) => {
      begun.push(address);
      signal.addEventListener('abort', () => {
        aborted.push(address);
        answers.get(address)?.reject(new Error('aborted'));
      });
      return new Promise((resolve, reject) => answers.set(address, { resolve, reject }));
    },
    has: (address) => loaded.includes(address) || failed.has(address),
    onLoaded: (address) => loaded.push(address),
    onFailed: (address) => {
      const then = fails(address);
      if (then === 'never') failed.add(address);
      return then;
    },
  });
  const answer = async (address: string, error?: Error) => {
    if (error) answers.get(address)?.reject(error);
    else answers.get(address)?.resolve(address);
    await sleep(0);
  };
  return { queue, loaded, begun, aborted, answer };
}

describe('pictures that are wanted', () => {
  it('are loaded a few at a time, in the order in which they are wanted', async () => {
    const { queue, begun, answer } = drawnQueue();
    queue.want(['a', 'b', 'c', 'd']);
    expect(begun).toEqual(['a', 'b']);
    await answer('b');
    expect(begun).toEqual(['a', 'b', 'c']);
  });

  it('are loaded once', async () => {
    const { queue, begun, answer } = drawnQueue();
    queue.want(['a']);
    queue.want(['a']);
    await answer('a');
    queue.want(['a']);
    expect(begun).toEqual(['a']);
  });

  it('are given up where they are no longer wanted, and make room at once', async () => {
    const { queue, begun, aborted, loaded } = drawnQueue();
    queue.want(['a', 'b']);
    queue.want(['b', 'c']);
    await sleep(0);
    expect({ begun, aborted, loaded }).toEqual({ begun: ['a', 'b', 'c'], aborted: ['a'], loaded: [] });
  });

  it('can be wanted again after they were given up', async () => {
    const { queue, begun, answer, loaded } = drawnQueue();
    queue.want(['a']);
    queue.want([]);
    queue.want(['a']);
    await sleep(0);
    await answer('a');
    expect({ begun, loaded }).toEqual({ begun: ['a', 'a'], loaded: ['a'] });
  });

  it('are tried again after a pause where the server had too much to do', async () => {
    const { queue, begun, answer } = drawnQueue(() => 'again');
    queue.want(['a']);
    await answer('a', new Error('busy'));
    await sleep(20);
    expect(begun).toEqual(['a', 'a']);
  });

  it('are not tried again where they cannot be had', async () => {
    const { queue, begun, answer } = drawnQueue();
    queue.want(['a', 'b', 'c']);
    await answer('a', new Error('gone'));
    await sleep(20);
    expect(begun).toEqual(['a', 'b', 'c']);
  });

  it('are all given up when the viewer is closed', async () => {
    const { queue, aborted, begun } = drawnQueue();
    queue.want(['a', 'b', 'c']);
    queue[Symbol.dispose]();
    await sleep(0);
    expect({ aborted, begun }).toEqual({ aborted: ['a', 'b'], begun: ['a', 'b'] });
  });
});

import { describe, expect, it } from 'vitest';
import { windowBuffer } from '../../src/render/window-buffer.ts';

const lifted = (frame: number) => Promise.resolve(`face ${frame}`);

/** A promise and what settles it. */
function pending<T>() {
  let resolve: (value: T) => void = () => {};
  let reject: (error: Error) => void = () => {};
  const promise = new Promise<T>((res, rej) => {
    resolve = res;
    reject = rej;
  });
  return { promise, resolve, reject };
}

/** Whether a promise has been fulfilled, once everything that could run has run. */
async function isDone(promise: Promise<unknown>): Promise<boolean> {
  let done = false;
  const tell = () => {
    done = true;
  };
  promise.then(tell, () => {});
  await new Promise((resolve) => setImmediate(resolve));
  return done;
}

describe('a window buffer', () => {
  it('has a frame ready when it and the neighbours that were handed over are lifted', async () => {
    const faces = windowBuffer<string, number>({ window: 1 });
    const [at1, at2] = [pending<string>(), pending<string>()];
    faces.add(0, lifted(0));
    faces.add(1, at1.promise);
    faces.add(2, at2.promise);
    const [first, second] = [faces.ready(0), faces.ready(1)];
    at1.resolve('face 1');
    expect(await first).toBe('face 0');
    expect(await isDone(second)).toBe(false);
    at2.resolve('face 2');
    expect(await second).toBe('face 1');
  });

  it('reports a failed lift to every frame whose window holds it, and to no other', async () => {
    const faces = windowBuffer<string, number>({ window: 1 });
    faces.add(0, Promise.reject(new Error('torn')));
    for (const frame of [1, 2]) faces.add(frame, lifted(frame));
    await expect(faces.ready(1)).rejects.toThrow('torn');
    expect(await faces.ready(2)).toBe('face 2');
  });

  it('forgets what no held frame is restored with, nor any that comes behind', async () => {
    const faces = windowBuffer<string, number>({ window: 2 });
    for (let frame = 0; frame < 9; frame++) faces.add(frame, lifted(frame), frame);
    for (const frame of [3, 4, 5]) faces.hold(frame);
    expect(faces.drop(5)).toEqual({ until: 1, memory: [0] });
    expect(faces.drop(4)).toEqual({ until: 1, memory: [] });
    expect(await faces.ready(3)).toBe('face 3');
    expect(faces.drop(3)).toEqual({ until: 1, memory: [] });
    faces.hold(6);
    expect(faces.drop(6)).toEqual({ until: 4, memory: [1, 2, 3] });
  });

  it('asks for a keyframe as soon as its neighbours were handed over, where the frame itself was', () => {
    const faces = windowBuffer<string, number>({ window: 5, keyframes: { every: 4, reach: 1 } });
    const due = [2, 3, 4, 5, 6, 7, 8, 9].map((frame) => faces.add(frame, lifted(frame)));
    expect(due).toEqual([null, null, null, 4, null, null, null, 8]);
  });

  it('carries a frame between the keyframes on both sides, or the ends of the frames in a row', () => {
    const faces = windowBuffer<string, number>({ window: 5, keyframes: { every: 4, reach: 1 } });
    for (const frame of [2, 3, 4, 5, 6, 7, 8, 9, 12, 13]) faces.add(frame, lifted(frame));
    expect([3, 4, 5, 9, 13].map((frame) => faces.keyframesAround(frame))).toEqual([
      [2, 4],
      [4],
      [4, 8],
      [8, 9],
      [12, 13],
    ]);
  });

  it('restores a keyframe once, however many ask, and not before its neighbours are lifted', async () => {
    const faces = windowBuffer<string, number>({ window: 5, keyframes: { every: 4, reach: 1 } });
    const late = pending<string>();
    for (const frame of [3, 4]) faces.add(frame, lifted(frame));
    faces.add(5, late.promise);
    let restored = 0;
    const restore = async () => {
      restored += 1;
    };
    const asked = [faces.keyframe(4, restore), faces.keyframe(4, restore)];
    expect(await isDone(Promise.all(asked))).toBe(false);
    expect(restored).toBe(0);
    late.resolve('face 5');
    await Promise.all(asked);
    expect(restored).toBe(1);
  });

  it('closes when what had begun has ended, begins no keyframe more, and hands all its memory back', async () => {
    const faces = windowBuffer<string, number>({ window: 5, keyframes: { every: 4, reach: 0 } });
    const [late, begun] = [pending<string>(), pending<void>()];
    faces.add(0, lifted(0), 10);
    faces.add(4, late.promise, 14);
    const first = faces.keyframe(0, () => begun.promise);
    let isBegun = false;
    const second = faces.keyframe(4, async () => {
      isBegun = true;
    });
    await isDone(first);
    const closed = faces.close();
    late.resolve('face 4');
    await expect(second).rejects.toThrow('The track ended before this keyframe was begun.');
    expect(await isDone(closed)).toBe(false);
    begun.resolve();
    expect(await closed).toEqual({ until: Infinity, memory: [10, 14] });
    expect(isBegun).toBe(false);
  });
});

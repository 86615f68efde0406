import { describe, expect, it } from 'vitest';
import { pictureStore } from '../../src/review/picture-store.ts';

describe('the pictures of a review', () => {
  it('have one limit for all reels: those that were not asked for longest make room', () => {
    const store = pictureStore(100);
    const [one, two] = [store.part(), store.part()];
    one.set('plate 0', new Uint8Array(40));
    two.set('plate 0', new Uint8Array(41));
    expect(one.get('plate 0')?.length).toBe(40);
    two.set('plate 1', new Uint8Array(30));
    expect([one.has('plate 0'), two.has('plate 0'), two.has('plate 1')]).toEqual([true, false, true]);
  });

  it('of a reel go when it is closed, and those that come late are not kept', () => {
    const store = pictureStore(100);
    const [one, two] = [store.part(), store.part()];
    one.set('plate 0', new Uint8Array(10));
    two.set('plate 0', new Uint8Array(20));
    one[Symbol.dispose]();
    one.set('plate 1', new Uint8Array(10));
    expect([one.has('plate 0'), one.has('plate 1'), two.has('plate 0')]).toEqual([false, false, true]);
  });
});

import { TestScheduler } from 'rxjs/testing';
import { describe, expect, it } from 'vitest';
import { lookAhead } from '../../src/stream/look-ahead.ts';

const drawn = () => new TestScheduler((actual, expected) => expect(actual).toEqual(expected));

describe('lookAhead', () => {
  it('holds each value until its successors have passed, and flushes at the end', () => {
    drawn().run(({ hot, expectObservable }) => {
      expectObservable(hot('012--3|').pipe(lookAhead(2))).toBe('--0--1(23|)');
    });
  });

  it('drops what it holds when its source fails', () => {
    const dropped: string[] = [];
    const drop = (value: string) => void dropped.push(value);
    drawn().run(({ cold, expectObservable }) => {
      expectObservable(cold('012#').pipe(lookAhead(2, drop))).toBe('--0#');
    });
    expect(dropped).toEqual(['1', '2']);
  });

  it('drops what it holds, and lets go of its source, when nobody listens any more', () => {
    const dropped: string[] = [];
    const drop = (value: string) => void dropped.push(value);
    drawn().run(({ cold, expectObservable, expectSubscriptions }) => {
      const values = cold('0123456|');
      expectObservable(values.pipe(lookAhead(3, drop)), '----!').toBe('---0');
      expectSubscriptions(values.subscriptions).toBe('^---!');
    });
    expect(dropped).toEqual(['1', '2', '3']);
  });
});

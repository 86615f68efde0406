import { describe, expect, it } from 'vitest';
import { closestName } from '../../src/settings/closest-name.ts';

describe('the closest name', () => {
  it.each([
    ['artsitic', 'artistic'],
    ['Strict', 'strict'],
    ['restor', 'restore'],
    ['art', 'artistic'],
    ['vivid', undefined],
    ['', undefined],
    ['s', 'strict'],
  ])('to "%s" is %s', (written, meant) => {
    expect(closestName(written, ['artistic', 'restore', 'strict'])).toBe(meant);
  });

  it('is none where several begin alike', () => {
    expect(closestName('pro', ['prores', 'proxies'])).toBeUndefined();
  });
});

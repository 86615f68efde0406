import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cacheFolder } from '../../src/disk/cache-folder.ts';

describe('the cache folder', () => {
  it.each([
    ['linux', {}, join('/home/u', '.cache', 'reelmend')],
    ['linux', { XDG_CACHE_HOME: '/fast' }, join('/fast', 'reelmend')],
    ['darwin', {}, join('/home/u', 'Library', 'Caches', 'reelmend')],
    ['win32', { LOCALAPPDATA: '/local' }, join('/local', 'reelmend', 'Cache')],
    ['linux', { REELMEND_CACHE: '/mine', XDG_CACHE_HOME: '/fast' }, '/mine'],
  ] as const)('is the platform’s place on %s with %j: %s', (platform, env, expected) => {
    expect(cacheFolder({ env, platform, home: '/home/u' })).toBe(expected);
  });
});

import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { configFolder, ownModelsFolder } from '../../src/disk/user-folders.ts';

const mac = join('/home/u', 'Library', 'Application Support', 'reelmend');

describe('a user’s folders', () => {
  it.each([
    ['linux', {}, join('/home/u', '.local', 'share', 'reelmend', 'models'), join('/home/u', '.config', 'reelmend')],
    [
      'linux',
      { XDG_DATA_HOME: '/data', XDG_CONFIG_HOME: '/config' },
      join('/data', 'reelmend', 'models'),
      join('/config', 'reelmend'),
    ],
    ['darwin', {}, join(mac, 'models'), mac],
    ['win32', { LOCALAPPDATA: '/local' }, join('/local', 'reelmend', 'models'), join('/local', 'reelmend')],
    ['linux', { REELMEND_MODELS: '/mine', REELMEND_CONFIG: '/own' }, '/mine', '/own'],
  ] as const)('are the platform’s places on %s with %j: %s and %s', (platform, env, models, config) => {
    expect(ownModelsFolder({ env, platform, home: '/home/u' })).toBe(models);
    expect(configFolder({ env, platform, home: '/home/u' })).toBe(config);
  });
});

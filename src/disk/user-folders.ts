import { homedir } from 'node:os';
import { join } from 'node:path';
import type { UserPlace } from './cache-folder.ts';

const HERE: UserPlace = { env: process.env, platform: process.platform, home: homedir() };

/**
 * The folder of the contracts of networks that a user owns, and of their files where these were copied.
 *
 * `REELMEND_MODELS` decides where it is set. Otherwise `reelmend/models` in the platform's place for data: `XDG_DATA_HOME` or
 * `~/.local/share`, `~/Library/Application Support` on macOS, `LOCALAPPDATA` on Windows.
 */
export function ownModelsFolder({ env, platform, home }: UserPlace = HERE): string {
  if (env['REELMEND_MODELS']) return env['REELMEND_MODELS'];
  if (platform === 'win32') return join(localData(env, home), 'reelmend', 'models');
  if (platform === 'darwin') return join(macData(home), 'models');
  return join(env['XDG_DATA_HOME'] || join(home, '.local', 'share'), 'reelmend', 'models');
}

/**
 * The folder of what a user decided for every run: accepted licences.
 *
 * `REELMEND_CONFIG` decides where it is set. Otherwise `reelmend` in the platform's place: `XDG_CONFIG_HOME` or `~/.config`,
 * `~/Library/Application Support` on macOS, `LOCALAPPDATA` on Windows.
 */
export function configFolder({ env, platform, home }: UserPlace = HERE): string {
  if (env['REELMEND_CONFIG']) return env['REELMEND_CONFIG'];
  if (platform === 'win32') return join(localData(env, home), 'reelmend');
  if (platform === 'darwin') return macData(home);
  return join(env['XDG_CONFIG_HOME'] || join(home, '.config'), 'reelmend');
}

function localData(env: UserPlace['env'], home: string): string {
  return env['LOCALAPPDATA'] || join(home, 'AppData', 'Local');
}

function macData(home: string): string {
  return join(home, 'Library', 'Application Support', 'reelmend');
}

import { homedir } from 'node:os';
import { join } from 'node:path';

/** The environment that decides where a user's caches are: the process's own by default. */
export interface UserPlace {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly home: string;
}

/**
 * The folder for files that Reelmend can make again: models, tracks, references.
 *
 * `REELMEND_CACHE` decides where it is set. Otherwise the platform's place: `XDG_CACHE_HOME` or `~/.cache` (XDG Base Directory
 * Specification 0.8), `~/Library/Caches` on macOS, `LOCALAPPDATA` on Windows.
 */
export function cacheFolder(
  { env, platform, home }: UserPlace = { env: process.env, platform: process.platform, home: homedir() },
): string {
  if (env['REELMEND_CACHE']) return env['REELMEND_CACHE'];
  if (platform === 'darwin') return join(home, 'Library', 'Caches', 'reelmend');
  if (platform === 'win32') return join(env['LOCALAPPDATA'] || join(home, 'AppData', 'Local'), 'reelmend', 'Cache');
  return join(env['XDG_CACHE_HOME'] || join(home, '.cache'), 'reelmend');
}

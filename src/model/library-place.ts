import { join, resolve } from 'node:path';
import { cacheFolder } from '../disk/cache-folder.ts';
import { type HotFolder, type HotFolderOptions, openHotFolder } from '../disk/hot-folder.ts';
import { ownModelsFolder } from '../disk/user-folders.ts';
import { contractsFolder } from './contracts-folder.ts';

export interface LibraryOptions {
  /** Folder of the contracts; default those that come with Reelmend. */
  readonly contractsDir?: string;
  /** Folder of the contracts of networks that the user owns, which need not be there; default the user's. */
  readonly ownDir?: string;
  /** Folder of the weights; default `models` in the user's cache folder. */
  readonly cacheDir?: string;
  /**
   * A folder of networks that a farm shares, see `fillStore`: they are taken from there before they are fetched from anywhere else. Default
   * `REELMEND_STORE`, else none.
   */
  readonly store?: string;
  /** Where networks of the store are copied to; default the folder `REELMEND_HOT` of `REELMEND_HOT_BYTES`, else the weights' folder. */
  readonly hot?: () => Promise<HotFolder>;
  /** See `HotFolderOptions`; of the folder that the environment names. */
  readonly onHotNews?: HotFolderOptions['onNews'];
  /** True: nothing is fetched from the internet. Default: where `REELMEND_OFFLINE` is `1`. */
  readonly offline?: boolean;
}

/** Where a library's files are, with all defaults filled in. The environment's are those that worker threads have, too. */
export function libraryPlace(options: LibraryOptions, env: Readonly<Record<string, string | undefined>> = process.env) {
  const { store = env['REELMEND_STORE'], hot = hotOf(env, options.onHotNews) } = options;
  return {
    contractsDir: options.contractsDir ?? contractsFolder(),
    ownDir: resolve(options.ownDir ?? ownModelsFolder()),
    cacheDir: options.cacheDir ?? join(cacheFolder(), 'models'),
    offline: options.offline ?? env['REELMEND_OFFLINE'] === '1',
    ...(store ? { store: resolve(store) } : {}),
    ...(hot ? { hot } : {}),
  };
}

function hotOf(
  env: Readonly<Record<string, string | undefined>>,
  onNews: HotFolderOptions['onNews'] = () => {},
): (() => Promise<HotFolder>) | undefined {
  const folder = env['REELMEND_HOT'];
  const bytes = Number(env['REELMEND_HOT_BYTES']);
  if (!folder || !(bytes > 0)) return undefined;
  let opened: Promise<HotFolder> | undefined;
  return () => {
    opened ??= openHotFolder({ folder, bytes, onNews });
    return opened;
  };
}

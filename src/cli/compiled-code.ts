import * as module from 'node:module';
import { join } from 'node:path';
import { cacheFolder } from '../disk/cache-folder.ts';

/** From Node 22.1. */
type WithCache = { readonly enableCompileCache?: (folder: string) => unknown };

/** Keeps what the engine compiles of the command's code for its next start, where Node can: a seventh of the time that loading it takes. */
export function keepCompiledCode(): void {
  // It says what hindered it, and goes on without.
  (module as WithCache).enableCompileCache?.(join(cacheFolder(), 'code'));
}

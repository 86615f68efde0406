import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder of Reelmend's own package.json, whether it runs from its sources or built: presets and contracts lie in it. */
export function packageFolder(): string {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder;
    if (folder === dirname(folder)) throw new Error('Unreachable: no package.json above the sources.');
  }
}

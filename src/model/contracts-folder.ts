import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the contracts that come with Reelmend: `models/` beside its package.json, whether it runs from source or built. */
export function contractsFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!(existsSync(join(folder, 'package.json')) && existsSync(join(folder, 'models')))) {
    const parent = dirname(folder);
    if (parent === folder)
      throw new Error('The folder models/ of this installation is missing. Install Reelmend again.');
    folder = parent;
  }
  return join(folder, 'models');
}

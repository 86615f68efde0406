import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { packageFolder } from '../src/disk/package-folder.ts';

/**
 * Folder of real clips and photographs of people, which lies beside the repository and is no part of it. Tests that need it are
 * left out where it is missing, but never in CI.
 */
export const FOOTAGE = join(packageFolder(), '..', 'shared', 'footage');

export const hasFootage = existsSync(join(FOOTAGE, 'manifest.tsv'));

if (!hasFootage && process.env['CI']) throw new Error(`CI needs the real footage, but "${FOOTAGE}" is not there.`);

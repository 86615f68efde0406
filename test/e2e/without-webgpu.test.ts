import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { packageFolder } from '../../src/disk/package-folder.ts';
import { COMMAND } from './command.ts';
import { openScratch } from './scratch.ts';
import { makeTinyReel } from './tiny-reel.ts';

it('a reel is restored, and the run says why on the CPU, where the package that reaches graphics adapters is not installed', async () => {
  await using scratch = await openScratch('without-webgpu');
  const reel = join(scratch.path, 'reel');
  await makeTinyReel(reel, 3, 0);
  const hide = pathToFileURL(join(packageFolder(), 'test', 'cli', 'hide-webgpu.mjs'));
  const args = [COMMAND, 'restore', reel, '--out', join(scratch.path, 'out'), '--restorer', 'repair', '--quiet'];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    env: { ...process.env, REELMEND_CACHE: scratch.cache, NODE_OPTIONS: `--import=${hide}` },
    encoding: 'utf8',
  });
  expect(stderr).not.toContain('webgpu');
  expect(status).toBe(0);
  expect(stdout).toContain('Restored 3 of 3 frames');
  expect(stdout).toContain(
    '\nDevice  cpu: The package "webgpu" is not installed. Run "npm install webgpu@0.6.2", or use --device cpu.\n',
  );
});

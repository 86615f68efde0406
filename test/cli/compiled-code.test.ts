import { existsSync } from 'node:fs';
import * as module from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { reelmend } from '../e2e/command.ts';
import { temporaryFolder } from '../media/lavfi.ts';

const cache = await temporaryFolder();

describe('the command', () => {
  it('keeps its compiled code in the cache where Node can, and starts all the same where it cannot', async () => {
    const { code, stdout, stderr } = await reelmend(['--version'], cache);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(existsSync(join(cache, 'code'))).toBe('enableCompileCache' in module);
  });
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ended } from './captured-io.ts';

describe('a signal', () => {
  it('asks the run to stop, and a second one ends the process at once as SIGINT does', async () => {
    const script = fileURLToPath(new URL('./interruptible.ts', import.meta.url));
    const child = spawn(process.execPath, ['--import', 'tsx', script], { stdio: ['ignore', 'pipe', 'pipe'] });
    const said: string[] = [];
    child.stderr.on('data', (text) => said.push(String(text)));
    const next = async () => String((await once(child.stdout, 'data'))[0]);
    expect(await next()).toBe('ready\n');
    child.kill('SIGINT');
    expect(await next()).toBe('aborted\n');
    expect(child.exitCode).toBeNull();
    child.kill('SIGTERM');
    // What a shell calls 130.
    expect(await once(child, 'exit')).toEqual([null, 'SIGINT']);
    expect(said.join('')).toBe('\nStopping. Press Ctrl-C again to stop at once.\n');
  });

  it('before anything has begun ends with exit code 130', async () => {
    const { code, stderr } = await ended(['inspect', '/no/such/reel'], AbortSignal.abort());
    expect(code).toBe(130);
    expect(stderr).toContain('Stopped.\n');
  });
});

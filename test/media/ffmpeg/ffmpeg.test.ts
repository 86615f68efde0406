import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { findFfmpeg } from '../../../src/media/ffmpeg/ffmpeg.ts';
import { ffmpeg, temporaryFolder } from '../lavfi.ts';

const folder = await temporaryFolder();
afterEach(() => {
  vi.unstubAllEnvs();
});

const install =
  'Install it with "sudo apt-get install ffmpeg" (Debian, Ubuntu), "brew install ffmpeg" (macOS) or "winget install Gyan.FFmpeg" (Windows), or name one with --ffmpeg or FFMPEG_PATH.';

async function program(path: string, script: string): Promise<string> {
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
  return path;
}

describe('ffmpeg', () => {
  it('is found on PATH and says what it can do', async () => {
    expect(await ffmpeg.hasEncoder('ffv1')).toBe(true);
    expect(await ffmpeg.hasEncoder('-------')).toBe(false);
    expect(await ffmpeg.formatsOf('prores_ks')).toContain('yuv422p10le');
  });

  it('is asked once', async () => {
    expect(await findFfmpeg()).toBe(ffmpeg);
    expect(await findFfmpeg({ path: ffmpeg.ffmpeg })).toBe(ffmpeg);
  });

  it('that is missing is reported with what was searched and how to install it', async () => {
    vi.stubEnv('PATH', folder);
    vi.stubEnv('FFMPEG_PATH', undefined);
    await expect(findFfmpeg()).rejects.toThrow(`ffmpeg was not found: no folder of PATH holds an "ffmpeg". ${install}`);
    await expect(findFfmpeg({ path: '/no/such' })).rejects.toThrow(
      `ffmpeg was not found: --ffmpeg names "/no/such", which cannot be run. ${install}`,
    );
    vi.stubEnv('FFMPEG_PATH', '/nor/this');
    await expect(findFfmpeg()).rejects.toThrow(
      `ffmpeg was not found: FFMPEG_PATH names "/nor/this", which cannot be run. ${install}`,
    );
  });

  it.skipIf(process.platform === 'win32')('that is too old is refused with its version', async () => {
    const old = join(folder, 'old');
    await mkdir(old);
    const path = await program(
      join(old, 'ffmpeg'),
      'echo "ffmpeg version 4.1.3"; echo "libavutil      56. 22.100 / 56. 22.100"',
    );
    await program(join(old, 'ffprobe'), 'true');
    await expect(findFfmpeg({ path })).rejects.toThrow(
      `"${path}" is version 4.1.3; 4.4 or newer is needed. ${install}`,
    );
  });
});

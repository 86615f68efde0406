import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll } from 'vitest';
import { findFfmpeg } from '../../src/media/ffmpeg/ffmpeg.ts';

const run = promisify(execFile);

export const ffmpeg = await findFfmpeg();

/** A folder that is removed after the file's tests. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'reelmend-media-'));
  afterAll(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Runs ffmpeg with arguments as one would type them; spaces separate, so paths must have none. */
export async function make(args: string, ...more: string[]): Promise<string> {
  const words = args.split(/\s+/).filter((word) => word !== '');
  const { stdout } = await run(ffmpeg.ffmpeg, ['-v', 'error', '-nostdin', '-y', ...words, ...more], {
    maxBuffer: 1 << 28,
  });
  return stdout;
}

/** A moving, noisy picture in which no two frames are alike. */
export function moving(size: string, rate: string, frames: number): string {
  return `-f lavfi -i testsrc2=s=${size}:r=${rate},noise=alls=12:allf=t -frames:v ${frames}`;
}

/** MD5 of each frame, as plain ffmpeg decodes the whole file in the given pixel format. */
export async function framemd5(path: string, pixelFormat: string, ...input: string[]): Promise<string[]> {
  const { stdout } = await run(
    ffmpeg.ffmpeg,
    [
      ...['-v', 'error', '-nostdin', '-noautorotate', ...input, '-i', path, '-map', '0:V:0', '-c:v', 'rawvideo'],
      ...['-pix_fmt', pixelFormat, ...ffmpeg.passthrough, '-enc_time_base', '-1', '-f', 'framemd5', '-'],
    ],
    { maxBuffer: 1 << 28 },
  );
  return [...stdout.matchAll(/^0,.*,\s*([0-9a-f]{32})/gm)].map((row) => row[1] as string);
}

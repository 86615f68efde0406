import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { COMMAND } from '../e2e/command.ts';

const HIDDEN = `--import=${pathToFileURL(join(import.meta.dirname, 'hide-webgpu.mjs'))}`;

/** Runs the built command as a user does. */
function doctor(env: Readonly<Record<string, string>> = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [COMMAND, 'doctor'], {
    env: { ...process.env, ...env },
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

describe('reelmend doctor', () => {
  it('says what the machine has and what auto would choose, and nothing on standard error', () => {
    const { status, stdout, stderr } = doctor();
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    for (const row of [
      /^node +\d+\.\d+/m,
      /^ffmpeg +\S+, \/.*ffmpeg$/m,
      /^cores +\d+/m,
      /^memory +.* [GM]iB, of which a run may plan with .*iB$/m,
      /^disk +.*iB free in /m,
      /^cache +.*, .*iB free \(REELMEND_CACHE moves it\)$/m,
      /^graphics +/m,
      /^(coreml|dml|tensorrt) +.*\S$/m,
      /^models +\d+ of \d+ here, .*iB/m,
      /^auto networks +(cpu|cuda|dml|coreml|webgpu)\. .*\.$/m,
      /^networks +onnxruntime \d+\.\d+\.\d+: cpu/m,
      /^--device auto +.*\.$/m,
    ]) {
      expect(stdout).toMatch(row);
    }
  });

  it('ends with exit code 1 and what to do where there is no ffmpeg', () => {
    const { status, stdout } = doctor({ FFMPEG_PATH: '/no/such/ffmpeg' });
    expect(status).toBe(1);
    expect(stdout).toMatch(/^ffmpeg +none$/m);
    expect(stdout).toContain('ffmpeg was not found: FFMPEG_PATH names "/no/such/ffmpeg", which cannot be run.');
  });

  it('says what to install where the package that reaches graphics adapters is missing', () => {
    const { status, stdout, stderr } = doctor({ NODE_OPTIONS: HIDDEN });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const missing = 'The package "webgpu" is not installed. Run "npm install webgpu@0.6.2", or use --device cpu.';
    expect(stdout).toContain(`graphics       ${missing}\n`);
    expect(stdout).toContain(`--device auto  cpu. ${missing}\n`);
  });

  it('says that it finds no adapter where there is no driver', () => {
    const { status, stdout, stderr } = doctor({ VK_DRIVER_FILES: '/no/such/driver.json' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    if (process.platform !== 'linux') return;
    expect(stdout).toMatch(/^graphics +webgpu \d+\.\d+\.\d+ finds no adapter$/m);
    expect(stdout).toMatch(/^--device auto +cpu\. No graphics adapter was found\.$/m);
    expect(stdout).toContain('To render faces on a graphics card, install');
  });
});

describe('a restore', () => {
  it('on a device that cannot be had ends at once with what to do, and exit code 1', () => {
    const args = [COMMAND, 'restore', '/no/such/reel', '--out', '/no/such/out', '--device', 'gpu'];
    const { status, stderr } = spawnSync(process.execPath, args, {
      env: { ...process.env, NODE_OPTIONS: HIDDEN },
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr:
        'reelmend: --device gpu: The package "webgpu" is not installed. Run "npm install webgpu@0.6.2", or use --device cpu.\n',
    });
  });
});

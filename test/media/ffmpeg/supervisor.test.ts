import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { FfmpegError } from '../../../src/media/ffmpeg/ffmpeg-error.ts';
import { describeJob } from '../../../src/media/ffmpeg/job.ts';
import { runJob, startJob } from '../../../src/media/ffmpeg/supervisor.ts';
import { ffmpeg, make, moving, temporaryFolder } from '../lavfi.ts';

const folder = await temporaryFolder();

/** Processes that are not dead and have `mark` in their command line. */
async function alive(mark: string): Promise<string[]> {
  const { stdout } = await promisify(execFile)('ps', ['-eo', 'pid=,stat=,args=']);
  return stdout
    .split('\n')
    .filter((line) => line.includes(mark) && !/^\s*\d+\s+Z/.test(line) && / ?\S*ffmpeg /.test(line));
}

const endless = describeJob(ffmpeg.ffmpeg, {
  name: 'An endless picture',
  inputs: [{ source: 'testsrc2=s=640x360', options: ['-f', 'lavfi'] }],
  outputs: [{ target: 'pipe:1', options: ['-f', 'rawvideo'] }],
});

const reader = (frames: number) =>
  describeJob(ffmpeg.ffmpeg, {
    name: 'A reader',
    stdin: true,
    inputs: [{ source: 'pipe:0', options: ['-f', 'rawvideo', '-pix_fmt', 'gray', '-video_size', '64x64'] }],
    outputs: [{ target: 'pipe:1', options: ['-frames:v', `${frames}`, '-f', 'null'] }],
  });

describe('A job', () => {
  it('that fails tells the exit code, the command and the last lines', async () => {
    const job = describeJob(ffmpeg.ffmpeg, {
      name: 'Reading nothing',
      inputs: [{ source: 'file:/does not/exist.mov' }],
      outputs: [{ target: 'pipe:1', options: ['-f', 'null'] }],
    });
    const error = await runJob(job).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(FfmpegError);
    expect(error).toMatchObject({
      message: 'Reading nothing: ffmpeg ended with code 1: file:/does not/exist.mov: No such file or directory',
      exitCode: 1,
      signal: null,
      stderr: ['[error] file:/does not/exist.mov: No such file or directory'],
    });
    expect((error as FfmpegError).command).toContain("-i 'file:/does not/exist.mov'");
  });

  it('whose program is missing says so', async () => {
    await expect(runJob({ ...endless, program: '/no/ffmpeg' })).rejects.toThrow(
      'An endless picture: "/no/ffmpeg" could not be started (spawn /no/ffmpeg ENOENT).',
    );
  });

  it('keeps an option of two words in one piece', () => {
    const job = describeJob('ffmpeg', {
      name: '',
      inputs: [{ source: 'a b.mov', options: ['-ss', '1'] }],
      outputs: [{ target: 'c d.mov', options: ['-metadata', 'title=Two words'] }],
    });
    expect(job.args.slice(4)).toEqual(['-ss', '1', '-i', 'a b.mov', '-y', '-metadata', 'title=Two words', 'c d.mov']);
  });

  it('that is aborted is gone, and rejects with the reason', async () => {
    const controller = new AbortController();
    const job = startJob(endless, controller.signal);
    await once(job.stdout, 'readable');
    controller.abort(new Error('no more'));
    await expect(job.done).rejects.toThrow('no more');
    expect(() => process.kill(job.pid as number, 0)).toThrow();
  });

  it('whose input breaks off has ended when that is told', async () => {
    async function* pieces() {
      yield new Uint8Array(64 * 64);
      throw new Error('No more of it.');
    }
    const mark = 'broken-off.nut';
    const job = reader(2);
    const slow = { ...job, args: [...job.args, '-f', 'lavfi', '-i', 'testsrc2=s=1280x720:d=2', join(folder, mark)] };
    await expect(runJob(slow, { input: pieces() })).rejects.toThrow('No more of it.');
    expect(await alive(mark)).toEqual([]);
  });

  it('that stops reading before it had everything has failed, though it ended with code 0', async () => {
    const job = startJob(reader(3));
    job.stdout.resume();
    const write = async () => {
      for (let k = 0; k < 2000; k++) await job.write(new Uint8Array(64 * 64));
      job.stdin?.end();
    };
    await expect(write()).rejects.toThrow('A reader: ffmpeg stopped reading before it had everything.');
    await expect(job.done).rejects.toMatchObject({ name: 'FfmpegError', exitCode: 0 });
  });
});

describe('When this process is killed with SIGKILL, no ffmpeg stays', () => {
  for (const what of ['decode', 'encode', 'copy']) {
    it(`in the middle of ${what}`, async () => {
      const movie = join(folder, 'long.mp4');
      if (what === 'decode') await make(`${moving('320x180', '24', 3000)} -c:v libx264 -preset ultrafast`, movie);
      const work = join(folder, what);
      await mkdir(work);
      const script = new URL('../killed-job.ts', import.meta.url).pathname;
      const child = spawn(process.execPath, ['--import', 'tsx', script, what, movie, work], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const [line] = await once(child.stdout, 'data');
      expect(String(line)).toBe('busy\n');
      const mark = what === 'decode' ? movie : work;
      await expect.poll(async () => (await alive(mark)).length, { timeout: 10_000 }).toBeGreaterThan(0);
      child.kill('SIGKILL');
      await once(child, 'exit');
      await expect.poll(() => alive(mark), { timeout: 2000, interval: 100 }).toEqual([]);
    });
  }
});

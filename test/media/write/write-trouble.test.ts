import { describe, expect, it } from 'vitest';
import { OutputError } from '../../../src/disk/output-error.ts';
import { FfmpegError } from '../../../src/media/ffmpeg/ffmpeg-error.ts';
import { writeTrouble } from '../../../src/media/write/write-trouble.ts';

describe('Trouble with the disk that ffmpeg reports', () => {
  it('is told as trouble with the output', () => {
    const error = new FfmpegError('…', {
      stderr: ['[error] av_interleaved_write_frame(): No space left on device', '[error] Conversion failed!'],
    });
    const trouble = writeTrouble('/reel/out.mov', error);
    expect(trouble).toBeInstanceOf(OutputError);
    expect((trouble as Error).message).toBe(
      '"/reel/out.mov" cannot be written: the disk is full. Free some space there; the same command then goes on where it stopped.',
    );
  });

  it('is not seen in other failures', () => {
    const error = new FfmpegError('…', { stderr: ['[error] Invalid data found when processing input'] });
    expect(writeTrouble('/reel/out.mov', error)).toBe(error);
  });
});

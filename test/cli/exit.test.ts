import { describe, expect, it } from 'vitest';
import { BackupError } from '../../src/backup/backup-error.ts';
import { exitCodeOf, sentenceOf } from '../../src/cli/exit.ts';
import { OutputError } from '../../src/disk/output-error.ts';
import { ReelError } from '../../src/film/reel-error.ts';
import { StillError } from '../../src/film/still-error.ts';
import { FfmpegError } from '../../src/media/ffmpeg/ffmpeg-error.ts';
import { ModelError } from '../../src/model/model-error.ts';
import { PresetError } from '../../src/settings/preset-error.ts';

describe('an error', () => {
  it.each<[Error, number]>([
    [new ReelError('There is no "reel".'), 2],
    [new PresetError('There is no preset "x".', { file: 'x', expected: 'restore', got: 'x' }), 2],
    [new StillError('No face.'), 2],
    [new OutputError('/out', 'The disk is full.'), 1],
    [new FfmpegError('ffmpeg was not found.'), 1],
    [new ModelError('faceres', 'Offline.'), 1],
    [new BackupError('No target holds a backup.'), 1],
  ])('that is written for people is told as it is: %s', (error, code) => {
    expect(exitCodeOf(error)).toBe(code);
    expect(sentenceOf(error, false)).toBe(`reelmend: ${error.message}`);
  });

  it('of Reelmend’s own is written as a sentence, with its stack only on request', () => {
    const error = new TypeError('x is not a function', { cause: new Error('before') });
    expect(exitCodeOf(error)).toBe(1);
    expect(sentenceOf(error, false)).toBe(
      'reelmend: something went wrong that should not: x is not a function (set REELMEND_DEBUG=1 to see where).',
    );
    expect(sentenceOf(error, true)).toMatch(
      /TypeError: x is not a function\n +at .*exit\.test\.ts[\s\S]*Caused by: Error: before\n +at/,
    );
  });
});

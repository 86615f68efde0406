import { describe, expect, it } from 'vitest';
import { masterNames } from '../../src/settings/master-preset.ts';
import { ended } from './captured-io.ts';

describe('reelmend master', () => {
  it('lists each preset in a line', async () => {
    const { code, stdout } = await ended(['master', '--list']);
    expect(code).toBe(0);
    const lines = stdout.trimEnd().split('\n').slice(1);
    expect(lines.map((line) => line.split(' ')[0])).toEqual(await masterNames());
    expect(lines.find((line) => line.startsWith('jpeg2000-mxf'))).toContain('no IMF and no AS-02 package');
  });

  it.each<[string, string[], string]>([
    ['a reel', ['master'], 'Give the reel of which masters are made, or --list to see the presets.'],
    ['a folder', ['master', 'a.mov', '--preset', 'ffv1'], 'Add --out and the folder where the masters go.'],
    [
      'a label that there is',
      ['master', 'a.mov', '--preset', 'review-h264', '--out', 'o', '--burn-in', 'timecode,frames'],
      '--burn-in "frames" is not one of timecode, frame, name. Did you mean "frame"?',
    ],
    [
      'a number of handles',
      ['master', 'a.mov', '--preset', 'ffv1', '--out', 'o', '--handles', 'few'],
      '--handles "few" is not a number of frames.',
    ],
    [
      'a review copy for labels',
      ['master', 'a.mov', '--preset', 'ffv1', '--out', 'o', '--burn-in', 'frame'],
      '--burn-in is for copies to look at, and ffv1 is not. Add --preset review-h264, or leave it out.',
    ],
  ])('asks for %s', async (_, args, sentence) => {
    expect(await ended(args)).toEqual({ code: 2, stdout: '', stderr: `reelmend: ${sentence}\n` });
  });
});

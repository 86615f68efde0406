import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ownClipOf } from './restore-own-clip.ts';

describe('a clip of one’s own', () => {
  it('is a file, its first frame, and how many', () => {
    expect(ownClipOf('/film/a.mp4')).toEqual({ path: '/film/a.mp4', in: 0, frames: 24 });
    expect(ownClipOf('a.mp4:60:12')).toEqual({ path: resolve('a.mp4'), in: 60, frames: 12 });
  });

  it.each(['a.mp4:x', 'a.mp4:1:2', ':3', 'a.mp4:1:12:9'])('is refused as %s', (text) => {
    expect(() => ownClipOf(text)).toThrow(
      `--clip "${text}": expected FILE[:IN[:FRAMES]] with whole numbers, FRAMES at least 3.`,
    );
  });
});

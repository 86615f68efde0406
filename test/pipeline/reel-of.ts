import type { FolderReel } from '../../src/film/reel.ts';
import { sampleFormat } from '../../src/film/sample-format.ts';

/** A folder reel of 100 frames numbered from 1001, which is on no disk unless `change` says so. */
export function reelOf(change: Partial<FolderReel> = {}): FolderReel {
  return {
    kind: 'folder',
    path: '/film/scan',
    width: 1920,
    height: 1080,
    rate: { num: 24, den: 1 },
    frames: 100,
    first: 1001,
    format: sampleFormat('gbrp10le'),
    pixelFormat: 'gbrp10be',
    colour: {},
    transfer: 'log',
    damaged: new Map(),
    still: 'dpx',
    files: [],
    ...change,
  };
}

import type { FrameRange } from '../../film/range.ts';
import type { Reel } from '../../film/reel.ts';
import { folderInput } from './folder/folder-input.ts';
import type { FrameInput } from './frame-input.ts';
import { movieInput } from './movie/movie-input.ts';

/** How ffmpeg reads a range of a reel. `attempt` tells movies how far before it to start; see `movieInput`. */
export function reelInput(reel: Reel, range: FrameRange, attempt = 0): FrameInput {
  return reel.kind === 'folder' ? folderInput(reel, range) : movieInput(reel, range, attempt);
}

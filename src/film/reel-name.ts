import type { Reel } from './reel.ts';

/** The name of the reel's file or folder, or its pattern. */
export function reelFileName({ path }: Pick<Reel, 'path'>): string {
  return path.replace(/[\\/]+$/, '').replace(/^.*[\\/]/, '');
}

/** The same without the place of frame numbers, and without what tells a file's kind; never empty. */
export function reelStem(reel: Pick<Reel, 'path'>): string {
  const name = reelFileName(reel).replace(/[.\s_%#\d-]*(?:%0?\d*d|#+|\[.*\])[^\\/]*$/, '');
  return name.replace(/\.\w{2,5}$/, '') || 'reel';
}

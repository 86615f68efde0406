import { mapOf, mappedPath, type PathMap } from './path-maps.ts';

/** Where a path of the machine that submits is here, and words for it. */
export interface MountedPath {
  readonly here: string;
  /** By which map, as a part of a sentence. */
  readonly where: string;
  /** What to do where it is not the right one, as a sentence without its full stop. */
  readonly advice: string;
}

export function mountedPath(path: string, maps: readonly PathMap[]): MountedPath {
  const map = mapOf(path, maps);
  const here = mappedPath(path, maps);
  if (!map) {
    return {
      here,
      where: 'it is in no folder of a --map here',
      advice:
        'Mount it at the same place, or start the worker with --map and a folder above it, as that machine sees it and as this one does',
    };
  }
  return {
    here,
    where: `by --map ${map.from}=${map.to} it is "${here}" here`,
    advice: `Mount at "${map.to}" what the machine that submitted has at "${map.from}", or correct --map`,
  };
}

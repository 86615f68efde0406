import { UsageError } from '../../settings/usage-error.ts';

/** Where a folder of this machine lies on an engine's machines. */
interface Move {
  readonly from: string;
  readonly to: string;
}

/**
 * A path of this machine as machines see it on which `maps` hold, each `FROM=TO`. The longest FROM that it lies in counts; a path in none
 * is the same there.
 *
 * @throws UsageError for a map that is none
 */
export function movedPath(path: string, maps: readonly string[]): string {
  const [nearest] = maps
    .map(parseMove)
    .filter(({ from }) => path === from || path.startsWith(from.endsWith('/') ? from : `${from}/`))
    .sort((a, b) => b.from.length - a.from.length);
  return nearest ? nearest.to + path.slice(nearest.from.length) : path;
}

function parseMove(map: string): Move {
  const [, from, to] = /^([^=]+)=(.+)$/.exec(map) ?? [];
  if (from === undefined || to === undefined) {
    throw new UsageError(`--map "${map}" is not two folders. Write it as FROM=TO, such as /mnt/nas=/data.`);
  }
  return { from, to };
}

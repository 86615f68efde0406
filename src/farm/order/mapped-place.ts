import type { OrderPlace } from './order.ts';
import { mappedPath, type PathMap } from './path-maps.ts';

/** Where the folders of an order are here. */
export function mappedPlace({ out, work, report }: OrderPlace, maps: readonly PathMap[]): OrderPlace {
  return { out: mappedPath(out, maps), work: mappedPath(work, maps), report: mappedPath(report, maps) };
}

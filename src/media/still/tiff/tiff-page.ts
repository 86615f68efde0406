import { DamagedStill } from '../damaged-still.ts';
import type { TiffDirectory } from './tiff-directory.ts';

const SUBFILE = 254;
const OLD_SUBFILE = 255;
const WIDTH = 256;
const HEIGHT = 257;
/** Fields that say where a picture is: its strips or tiles. */
const PLACES = [273, 324];

/**
 * The page of a TIFF file that is its picture: the largest of those that are not marked as a smaller version (TIFF 6.0, fields 254
 * and 255) or a mask of another; among equals the first. `remark` is a sentence where there are several, null otherwise.
 *
 * @throws DamagedStill where no page holds a picture
 */
export function choosePage(directories: readonly TiffDirectory[]): {
  readonly directory: TiffDirectory;
  readonly page: number;
  readonly remark: string | null;
} {
  const pages = directories.map((directory, page) => ({ directory, page, size: areaOf(directory) }));
  const pictures = pages.filter(({ directory }) => PLACES.some((tag) => directory.has(tag)));
  const own = pictures.filter(({ directory }) => !isReduced(directory));
  const [first, ...others] = own.length > 0 ? own : pictures;
  if (!first) {
    const [only] = pages;
    if (only && directories.length === 1) return { directory: only.directory, page: 0, remark: null };
    throw new DamagedStill('has no picture in it');
  }
  const { directory, page } = others.reduce((best, other) => (other.size > best.size ? other : best), first);
  const remark =
    pages.length === 1
      ? null
      : `TIFF stills hold ${pages.length} pages or smaller versions of the picture; the largest, page ${page + 1}, is worked on, and the others stay as they are.`;
  return { directory, page, remark };
}

function areaOf(directory: TiffDirectory): number {
  return (directory.get(WIDTH)?.values[0] ?? 0) * (directory.get(HEIGHT)?.values[0] ?? 0);
}

/** Bit 0 of the newer field marks a version of less resolution, bit 2 a mask; 2 in the older one the former. */
function isReduced(directory: TiffDirectory): boolean {
  const kind = directory.get(SUBFILE)?.values[0] ?? 0;
  return (kind & 0b101) !== 0 || directory.get(OLD_SUBFILE)?.values[0] === 2;
}

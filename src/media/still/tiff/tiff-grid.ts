import type { ByteSource } from '../byte-source.ts';
import { DamagedStill } from '../damaged-still.ts';
import { firstValue, type TiffDirectory } from './tiff-directory.ts';
import { canPack, mostUnpacked } from './tiff-packing.ts';

/** How a picture is cut into strips or tiles. */
export interface TiffGrid {
  readonly tiled: boolean;
  /** Pixels of a chunk: of a strip the picture's width. Tiles reach beyond the picture. */
  readonly width: number;
  readonly height: number;
  /** Chunks across and down. */
  readonly across: number;
  readonly down: number;
}

/** Bytes of a strip or tile as stored. */
export interface TiffChunk {
  readonly offset: number;
  readonly length: number;
}

const TAG = {
  stripOffsets: 273,
  rowsPerStrip: 278,
  stripLengths: 279,
  tileWidth: 322,
  tileHeight: 323,
  tileOffsets: 324,
  tileLengths: 325,
} as const;
/** The fields that are looked for here. */
export const GRID_TAGS: readonly number[] = Object.values(TAG);
/** Pixels. */
const LONGEST_TILE = 1 << 17;

/** How a directory cuts a picture of so many pixels. @throws DamagedStill */
export function tiffGrid(
  directory: TiffDirectory,
  { width, height }: { readonly width: number; readonly height: number },
): TiffGrid {
  if (!directory.has(TAG.tileWidth) && !directory.has(TAG.tileOffsets)) {
    // Writers that know no number of rows say 0, or the largest number.
    const rows = Math.min(firstValue(directory, TAG.rowsPerStrip, height) || height, height);
    return { tiled: false, width, height: rows, across: 1, down: Math.ceil(height / rows) };
  }
  const across = firstValue(directory, TAG.tileWidth);
  const down = firstValue(directory, TAG.tileHeight);
  if (across === 0 || down === 0 || across > LONGEST_TILE || down > LONGEST_TILE) {
    throw new DamagedStill(`has a damaged header (tiles of ${across}×${down} pixels)`);
  }
  return {
    ...{ tiled: true, width: across, height: down },
    ...{ across: Math.ceil(width / across), down: Math.ceil(height / down) },
  };
}

/** The chunks' places, each of which must lie inside the file and be able to hold its part of the picture. @throws DamagedStill */
export function tiffChunks(
  source: ByteSource,
  directory: TiffDirectory,
  grid: TiffGrid,
  stored: { readonly planes: number; readonly rowBytes: number; readonly height: number; readonly compression: number },
) {
  const { rowBytes, height, compression } = stored;
  const name = grid.tiled ? 'tile' : 'strip';
  // Some writers of tiles keep them in the fields of strips.
  const offsets = (grid.tiled ? directory.get(TAG.tileOffsets) : undefined) ?? directory.get(TAG.stripOffsets);
  const lengths = (grid.tiled ? directory.get(TAG.tileLengths) : undefined) ?? directory.get(TAG.stripLengths);
  const perPlane = grid.across * grid.down;
  const expected = perPlane * stored.planes;
  if (!offsets || offsets.values.length < expected) {
    throw new DamagedStill(`lists ${offsets?.values.length ?? 0} ${name}s of picture where ${expected} are needed`);
  }
  const chunks = Array.from({ length: expected }, (_, k): TiffChunk => {
    const row = Math.floor((k % perPlane) / grid.across);
    const rows = grid.tiled ? grid.height : Math.min(grid.height, height - row * grid.height);
    const offset = offsets.values[k] as number;
    const whole = rows * rowBytes;
    const length = compression === 1 ? whole : (lengths?.values[k] ?? 0);
    const said = lengths?.values[k] ?? length;
    if (offset + Math.max(length, 1) > source.size || said < length) {
      throw new DamagedStill(
        `is cut off: ${name} ${k + 1} of ${expected} needs bytes ${offset} to ${offset + length}, the file has ${source.size}`,
      );
    }
    if (canPack(compression) && lengths && whole > mostUnpacked(compression, length)) {
      throw new DamagedStill(
        `is damaged: the ${length} bytes of ${name} ${k + 1} cannot hold ${whole} bytes of picture`,
      );
    }
    return { offset, length };
  });
  return { chunks, offsets, lengths };
}

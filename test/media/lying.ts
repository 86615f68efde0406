/** An interleaved 8-bit picture. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly bytes: Uint8Array;
}

/**
 * The pixels as a file of an EXIF orientation stores them, so that they are seen as they are: stored pixel by stored pixel, by where
 * CIPA DC-008 §4.6.4 A says that the first row and the first column are seen.
 */
export function storedFor(orientation: number, seen: Pixels): Pixels {
  const [width, height] = orientation < 5 ? [seen.width, seen.height] : [seen.height, seen.width];
  const bytes = new Uint8Array(seen.bytes.length);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const [right, bottom] = [seen.width - 1, seen.height - 1];
      const [x, y] = (
        {
          1: [column, row],
          2: [right - column, row],
          3: [right - column, bottom - row],
          4: [column, bottom - row],
          5: [row, column],
          6: [right - row, column],
          7: [right - row, bottom - column],
          8: [row, bottom - column],
        } as Readonly<Record<number, readonly [number, number]>>
      )[orientation] as readonly [number, number];
      for (let k = 0; k < seen.channels; k++) {
        bytes[(row * width + column) * seen.channels + k] = seen.bytes[
          (y * seen.width + x) * seen.channels + k
        ] as number;
      }
    }
  }
  return { width, height, channels: seen.channels, bytes };
}

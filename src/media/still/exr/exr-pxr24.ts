import { type ChannelLayout, type ChunkLayout, sampleBytes } from './exr-chunk.ts';

/** Bytes that a sample keeps: of a float the upper three. */
function keptBytes({ channel }: ChannelLayout): number {
  return channel.type === 'uint' ? 4 : channel.type === 'half' ? 2 : 3;
}

/** Bytes of a chunk's planes before they are deflated. */
export function pxr24Bytes({ channels }: ChunkLayout): number {
  return channels.reduce((sum, laid) => sum + laid.width * laid.height * keptBytes(laid), 0);
}

/**
 * The lines of a chunk by its planes in PXR24: of each line and channel the differences of neighbouring samples, high bytes first, a
 * plane a byte.
 */
export function linesOfPxr24(planes: Buffer, layout: ChunkLayout): Buffer {
  if (planes.length !== pxr24Bytes(layout)) throw new RangeError('its planes are too short');
  const raw = Buffer.alloc(layout.bytes);
  eachLine(layout, (laid, to, from) => {
    const kept = keptBytes(laid);
    const bytes = sampleBytes(laid.channel);
    let sum = 0;
    for (let x = 0; x < laid.width; x++) {
      let step = 0;
      for (let k = 0; k < kept; k++) step |= (planes[from + k * laid.width + x] as number) << (8 * (bytes - 1 - k));
      sum = (sum + step) | 0;
      for (let k = 0; k < bytes; k++) raw[to + x * bytes + k] = sum >>> (8 * k);
    }
  });
  return raw;
}

/** The inverse of `linesOfPxr24`; null where a float has bits that would be lost. */
export function planesOfPxr24(raw: Buffer, layout: ChunkLayout): Buffer | null {
  const planes = Buffer.allocUnsafe(pxr24Bytes(layout));
  let lossless = true;
  eachLine(layout, (laid, from, to) => {
    const kept = keptBytes(laid);
    const bytes = sampleBytes(laid.channel);
    let before = 0;
    for (let x = 0; x < laid.width; x++) {
      let value = 0;
      for (let k = 0; k < bytes; k++) value |= (raw[from + x * bytes + k] as number) << (8 * k);
      if (kept < bytes && (value & 0xff) !== 0) lossless = false;
      const step = (value - before) | 0;
      for (let k = 0; k < kept; k++) planes[to + k * laid.width + x] = step >>> (8 * (bytes - 1 - k));
      before = value;
    }
  });
  return lossless ? planes : null;
}

/** Calls back for each line of each channel with where it begins in the lines and in the planes. */
function eachLine(
  { channels }: ChunkLayout,
  each: (laid: ChannelLayout, inRaw: number, inPlanes: number) => void,
): void {
  let at = 0;
  for (let y = 0; y < (channels[0]?.lines.length ?? 0); y++) {
    for (const laid of channels) {
      const line = laid.lines[y] as number;
      if (line < 0) continue;
      each(laid, line, at);
      at += laid.width * keptBytes(laid);
    }
  }
}

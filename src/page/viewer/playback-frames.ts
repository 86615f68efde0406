/** A frame of playback: its number from 0, and its JPEG. */
export interface PlayedFrame {
  readonly frame: number;
  readonly jpeg: Uint8Array<ArrayBuffer>;
}

/**
 * Takes an answer of playback apart; see `PlaybackQuery`.
 *
 * @throws RangeError where it ends within a frame
 */
export function playbackFrames(bytes: Uint8Array<ArrayBuffer>): readonly PlayedFrame[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const frames: PlayedFrame[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = at + HEAD <= bytes.length ? view.getUint32(at + 4) : 0;
    if (at + HEAD + length > bytes.length) {
      throw new RangeError(`The answer of playback ends within frame ${frames.length + 1} of it. Play it again.`);
    }
    frames.push({ frame: view.getUint32(at), jpeg: bytes.slice(at + HEAD, at + HEAD + length) });
    at += HEAD + length;
  }
  return frames;
}

/** Bytes before each JPEG: number and length. */
const HEAD = 8;

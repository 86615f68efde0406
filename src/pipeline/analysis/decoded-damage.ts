import { catchError, EMPTY, type Observable } from 'rxjs';
import { contains, type FrameRange, lengthOf } from '../../film/range.ts';
import type { Reel } from '../../film/reel.ts';
import { ReelError } from '../../film/reel-error.ts';
import type { ObservedDecoding } from '../../media/ffmpeg/raw-frames.ts';
import { findDamage } from '../../media/read/find-damage.ts';
import { FrameShortfall } from '../../media/read/frame-shortfall.ts';
import { decodeProxy, type ProxyFrame } from '../../media/read/proxy.ts';
import type { Size } from '../../workers/tracking-service.ts';

/** Proxies, and what decoding them showed of their damage. */
export interface WatchedProxies {
  /** See `decodeProxy`; they end without an error where some are missing. */
  readonly frames: Observable<ProxyFrame>;
  /** Which frames of a range are damaged, and why, to be asked when the frames have ended. Looks at them again where any was suspicious. */
  damage(range: FrameRange, signal: AbortSignal): Promise<ReadonlyMap<number, string>>;
}

/** `decodeProxy`, watched: a frame may not come, or come and be wrong. */
export function watchedProxies(
  reel: Reel,
  range: FrameRange,
  size: Size,
  decoding: Omit<ObservedDecoding, 'onErrors'>,
): WatchedProxies {
  let missing: readonly number[] = [];
  let isSuspicious = false;
  const suspect = () => {
    isSuspicious = true;
  };
  return {
    frames: decodeProxy(reel, range, size, { ...decoding, onErrors: suspect }).pipe(
      // It comes after the last frame, while others may still wait to be looked at.
      catchError((error: unknown) => {
        if (!(error instanceof FrameShortfall)) throw error;
        missing = error.missing;
        isSuspicious = true;
        return EMPTY;
      }),
    ),
    async damage(asked, signal) {
      if (!isSuspicious) return new Map();
      const found = await findDamage(reel, asked, decoding.ffmpeg, signal);
      // Frames beside those asked for were read, too; why one of them is missing is told to whom asks for it.
      const own = missing.filter((frame) => contains(asked, frame));
      return new Map([...own.map((frame) => [frame, 'it cannot be decoded'] as const), ...found]);
    },
  };
}

/** The reel with the damage that only decoding showed. @throws ReelError where nothing of the range can be decoded. */
export function withDamage(reel: Reel, range: FrameRange, found: ReadonlyMap<number, string>): Reel {
  const damaged = new Map([...found, ...reel.damaged]);
  const bad = [...damaged].filter(([frame]) => contains(range, frame));
  if (bad.length >= lengthOf(range)) {
    throw new ReelError(
      `"${reel.path}": none of the ${lengthOf(range)} frames asked for can be decoded. The first: ${bad[0]?.[1]}. Check that the files are whole and of the kind that their names say.`,
    );
  }
  return { ...reel, damaged };
}

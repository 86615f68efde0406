import { concatMap, defer, map, type Observable } from 'rxjs';
import type { RgbPicture } from '../../face/networks.ts';
import type { FrameRange } from '../../film/range.ts';
import type { Reel } from '../../film/reel.ts';
import { findFfmpeg } from '../../media/ffmpeg/ffmpeg.ts';
import { probeReel } from '../../media/read/probe-reel.ts';
import { decodeProxy } from '../../media/read/proxy.ts';
import { RESTORERS } from '../../restore/restorers.ts';
import { loadPreset } from '../../settings/preset.ts';
import { framePool } from '../../stream/frame-pool.ts';
import { framesAsked } from '../analysis/frame-range.ts';
import { proxySize } from '../analysis/track-frames.ts';
import { parseInspect } from '../request/parse-request.ts';
import type { InspectRequest } from '../request/request.ts';

/** A frame as networks and trackers see it. */
export interface ReelFrame {
  readonly reel: Reel;
  /** The frames that were asked for, counted from the reel's first. */
  readonly range: FrameRange;
  /** Counted from the reel's first frame, from 0. */
  readonly frame: number;
  /** Small, display-referred, 8-bit; its memory is the frame's own. */
  readonly picture: RgbPicture;
}

/** A reel as a stream. */
export interface ReelSource {
  /**
   * The frames in order, decoded while somebody listens, a subscription each; without those that cannot be read.
   *
   * Errors with ReelError, FfmpegError, PresetError, or the signal's reason.
   */
  readonly frames: Observable<ReelFrame>;
}

/** How a reel is read as a stream; see `InspectRequest`. */
export type ReelSourceRequest = Pick<
  InspectRequest,
  'range' | 'transfer' | 'rate' | 'allowGaps' | 'ffmpeg' | 'preset'
> & { readonly signal?: AbortSignal };

/**
 * A reel for `trackFaces` and operators of one's own. Nothing is read before `frames` is subscribed to.
 *
 * @param path a movie, a folder of numbered stills, or a pattern such as `scan.%04d.dpx`
 * @throws UsageError for a request that means nothing
 */
export function openReel(path: string, { signal, ...request }: ReelSourceRequest = {}): ReelSource {
  const job = parseInspect({ ...request, reel: path });
  const open = async () => {
    const preset = await loadPreset(job.preset, RESTORERS);
    const ffmpeg = await findFfmpeg({ path: job.ffmpeg });
    const { transfer, allowGaps, rate } = job;
    const reel = await probeReel(job.reel, { transfer, allowGaps, rate }, ffmpeg, signal);
    return { reel, ffmpeg, range: framesAsked(reel, job.range), size: proxySize(reel, preset.proxy.longSide) };
  };
  return {
    frames: defer(open).pipe(
      concatMap(({ reel, ffmpeg, range, size }) => {
        const pool = framePool(2, size.width * size.height * 3);
        return decodeProxy(reel, range, size, { pool, ffmpeg, signal }).pipe(
          map(({ frame, loan }): ReelFrame => {
            const rgb = loan.bytes.slice();
            loan.release();
            return { reel, range, frame, picture: { ...size, rgb } };
          }),
        );
      }),
    ),
  };
}

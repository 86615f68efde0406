import { concat, concatMap, map, type Observable } from 'rxjs';
import type { RgbPicture } from '../../face/networks.ts';
import type { FrameRange } from '../../film/range.ts';
import type { Reel } from '../../film/reel.ts';
import { findFfmpeg } from '../../media/ffmpeg/ffmpeg.ts';
import { probeReel } from '../../media/read/probe-reel.ts';
import { RESTORERS } from '../../restore/restorers.ts';
import { loadPreset } from '../../settings/preset.ts';
import { framePool } from '../../stream/frame-pool.ts';
import { releaseAfter } from '../../stream/release-after.ts';
import { streamOf } from '../../stream/stream-of.ts';
import { watchedProxies, withDamage } from '../analysis/decoded-damage.ts';
import { framesAsked } from '../analysis/frame-range.ts';
import { proxySize } from '../analysis/track-frames.ts';
import { parseInspect } from '../request/parse-request.ts';
import type { InspectRequest } from '../request/request.ts';

/** Frames that are held at once: one is tracked, two wait. */
const FRAMES = 3;

/** A frame as networks and trackers see it. */
export interface ReelFrame {
  readonly reel: Reel;
  /** The frames that were asked for, counted from the reel's first. */
  readonly range: FrameRange;
  /** Counted from the reel's first frame, from 0. */
  readonly frame: number;
  /** Small, display-referred, 8-bit; its memory is the frame's own. */
  readonly picture: RgbPicture;
  /**
   * Keeps the reel from being read on: while three frames are held no other is decoded. To be called while the frame is emitted; the
   * answer, called once, lets it go.
   */
  hold(): () => void;
  /** Frames of the range whose damage only decoding showed, counted as `frame` is, and why: all of them when the frames have ended. */
  damage(): ReadonlyMap<number, string>;
}

/** A reel as a stream. */
export interface ReelSource {
  /**
   * The frames in order, decoded while somebody listens, a subscription each; without those that cannot be read. Frames come as fast as
   * they are decoded, unless they are held.
   *
   * Errors with ReelError, also where no frame can be decoded; with FfmpegError, PresetError, or the signal's reason.
   */
  readonly frames: Observable<ReelFrame>;
}

/** How a reel is read as a stream; see `InspectRequest`. */
export type ReelSourceRequest = Pick<
  InspectRequest,
  'range' | 'transfer' | 'rate' | 'layer' | 'allowGaps' | 'ffmpeg' | 'preset' | 'settings'
> & { readonly signal?: AbortSignal };

/**
 * A reel for `trackFaces` and operators of one's own. Nothing is read before `frames` is subscribed to.
 *
 * @param path a movie, a folder of numbered stills, or a pattern such as `scan.%04d.dpx`
 * @throws UsageError for a request that means nothing
 */
export function openReel(path: string, { signal, ...request }: ReelSourceRequest = {}): ReelSource {
  const job = parseInspect({ ...request, reel: path });
  const open = async (signal: AbortSignal) => {
    const preset = await loadPreset(job.preset, RESTORERS, job.settings);
    const ffmpeg = await findFfmpeg({ path: job.ffmpeg });
    const { transfer, allowGaps, rate, layer } = job;
    const reel = await probeReel(job.reel, { transfer, allowGaps, rate, layer }, ffmpeg, signal);
    return { reel, ffmpeg, range: framesAsked(reel, job.range), size: proxySize(reel, preset.proxy.longSide) };
  };
  return {
    frames: streamOf<Awaited<ReturnType<typeof open>>>(async (emit, stop) => emit(await open(stop)), signal).pipe(
      concatMap(({ reel, ffmpeg, range, size }) => {
        const pool = framePool(FRAMES, size.width * size.height * 3);
        const proxies = watchedProxies(reel, range, size, { pool, ffmpeg, signal });
        const damaged = new Map<number, string>();
        const looked = streamOf<never>(async (_, stop) => {
          for (const [frame, reason] of await proxies.damage(range, stop)) damaged.set(frame, reason);
          withDamage(reel, range, damaged);
        }, signal);
        const frames = proxies.frames.pipe(
          map(({ frame, loan }) => {
            const hold = () => {
              const held = loan.retain();
              return () => held.release();
            };
            const picture = { ...size, rgb: loan.bytes.slice() };
            return { shown: { reel, range, frame, picture, hold, damage: () => damaged }, loan };
          }),
          releaseAfter(({ loan }) => loan.release()),
          map(({ shown }): ReelFrame => shown),
        );
        return concat(frames, looked);
      }),
    ),
  };
}

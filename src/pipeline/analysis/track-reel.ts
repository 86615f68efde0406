import { catchError, concatMap, EMPTY, lastValueFrom, tap } from 'rxjs';
import type { ProxyScale } from '../../carry/smooth/finish-track.ts';
import type { Search, TrackHistory } from '../../carry/track/frame-look.ts';
import type { InferenceCounts } from '../../carry/track/inference-counts.ts';
import type { ReelTrackingOptions, TrackedShot } from '../../carry/track/reel-tracker.ts';
import type { FaceTrack } from '../../face/track.ts';
import type { FrameRange } from '../../film/range.ts';
import type { Reel } from '../../film/reel.ts';
import type { Shot } from '../../film/shot.ts';
import type { Ffmpeg } from '../../media/ffmpeg/ffmpeg.ts';
import { findDamage } from '../../media/read/find-damage.ts';
import { FrameShortfall } from '../../media/read/frame-shortfall.ts';
import { decodeProxy } from '../../media/read/proxy.ts';
import type { Preset } from '../../settings/preset.ts';
import { framePool } from '../../stream/frame-pool.ts';
import type { Remote } from '../../workers/rpc.ts';
import type { Size, TrackingService } from '../../workers/tracking-service.ts';
import type { Progress } from '../job.ts';

/** What the observation stream found. */
export interface TrackedReel {
  readonly shots: readonly Shot[];
  /** Smoothed, in plate pixels, in order of appearance. */
  readonly tracks: readonly FaceTrack[];
  readonly counts: InferenceCounts;
  /** How each track was followed, in the order of the tracks. */
  readonly histories: readonly TrackHistory[];
  /** When whole pictures were searched for faces. */
  readonly searches: readonly Search[];
  /** Frames of the range that only decoding showed to be damaged, counted from the reel's first, and why. */
  readonly damaged: ReadonlyMap<number, string>;
}

/** Proxies that are out at once: one being read, one being looked at, one between. */
const PROXIES = 3;

/** The size of the picture that networks see: the plate's own, or shrunk to the preset's long side. */
export function proxySize(plate: Size, longSide: number): Size {
  const scale = Math.min(1, longSide / Math.max(plate.width, plate.height));
  // swscale wants even sizes for the YUV it passes through.
  const even = (v: number) => Math.max(2, Math.round((v * scale) / 2) * 2);
  return scale === 1
    ? { width: plate.width, height: plate.height }
    : { width: even(plate.width), height: even(plate.height) };
}

/** A preset's settings for looking at pictures of a size; `scale`: plate pixels per picture pixel. */
export function trackingOptions(preset: Preset, proxy: Size, scale: ProxyScale, reuse: boolean): ReelTrackingOptions {
  const { detectorThreshold, smallestFace, sweepEvery, identityEvery, presenceFloor } = preset.tracking;
  const { skipAge, skipMotion, skipTiles, skipDisagreement, averagedCrops, auditShare } = preset.carrying;
  const { refineEvery, refineLeast, refineDisagreement } = preset.carrying;
  const { rigidSigma, expressionSigma, lightSigma } = preset.smoothing;
  return {
    tracking: {
      detectorThreshold,
      smallestFace: smallestFace * proxy.width,
      sweepEvery,
      identityEvery,
      presenceFloor,
      skip: { age: skipAge, motion: skipMotion, tiles: skipTiles, disagreement: skipDisagreement },
      refine: { every: refineEvery, least: refineLeast, disagreement: refineDisagreement },
      averagedCrops,
      auditShare,
      reuse,
    },
    scale,
    smoothing: { rigid: rigidSigma, expression: expressionSigma },
    lightSigma,
  };
}

/** Looks at a range of the reel: proxies in, shots and smoothed tracks out. */
export async function trackReel(
  reel: Reel,
  range: FrameRange,
  preset: Preset,
  reuse: boolean,
  ffmpeg: Ffmpeg,
  tracking: Remote<TrackingService>,
  options: { readonly onProgress: (progress: Progress) => void; readonly signal: AbortSignal },
): Promise<TrackedReel> {
  const proxy = proxySize(reel, preset.proxy.longSide);
  const scale = { x: reel.width / proxy.width, y: reel.height / proxy.height };
  await tracking.call('begin', { proxy, options: trackingOptions(preset, proxy, scale, reuse) });

  const total = range.out - range.in;
  const found: TrackedShot[] = [];
  const pool = framePool(PROXIES, proxy.width * proxy.height * 3);
  let missing: readonly number[] = [];
  let isSuspicious = false;
  const suspect = () => {
    isSuspicious = true;
  };
  const frames = decodeProxy(reel, range, proxy, pool, ffmpeg, options.signal, suspect).pipe(
    // Frames that did not come are told behind the last one, when others still wait to be looked at.
    catchError((error: unknown) => {
      if (!(error instanceof FrameShortfall)) throw error;
      missing = error.missing;
      isSuspicious = true;
      return EMPTY;
    }),
    concatMap(async ({ frame, loan }) => {
      try {
        return { frame, looked: await tracking.call('look', { frame, rgb: loan.bytes }) };
      } finally {
        loan.release();
      }
    }),
    tap(({ frame, looked }) => {
      found.push(...looked.shots);
      const { faces, runs, skipped } = looked;
      options.onProgress({
        stage: 'tracking',
        done: frame - range.in + 1,
        total,
        unit: 'frames',
        faces,
        runs,
        skipped,
      });
    }),
  );
  await lastValueFrom(frames, { defaultValue: undefined });
  const last = await tracking.call('end', { out: range.out });
  found.push(...last.shots);
  return {
    ...numbered(found, range),
    counts: last.counts,
    histories: found.flatMap((shot) => shot.histories),
    searches: found.flatMap((shot) => shot.searches),
    damaged: isSuspicious ? await damageOf(reel, range, missing, ffmpeg, options.signal) : new Map(),
  };
}

/** What is wrong with the frames that did not come, and with those that came with an error. */
async function damageOf(
  reel: Reel,
  range: FrameRange,
  missing: readonly number[],
  ffmpeg: Ffmpeg,
  signal: AbortSignal,
): Promise<ReadonlyMap<number, string>> {
  const found = await findDamage(reel, range, ffmpeg, signal);
  return new Map([...missing.map((frame) => [frame, 'it cannot be decoded'] as const), ...found]);
}

/** Shots from the first frame asked for to the last, also where the frames at a seam were damaged. */
function numbered(found: readonly TrackedShot[], range: FrameRange): { shots: Shot[]; tracks: FaceTrack[] } {
  const starts = found.map((shot, index) => (index === 0 ? range.in : shot.in));
  const shots = starts.map((start, index) => ({ index, in: start, out: starts[index + 1] ?? range.out }));
  if (shots.length === 0) shots.push({ index: 0, ...range });
  const tracks = found.flatMap((shot, index) => shot.tracks.map((track) => ({ ...track, shot: index })));
  return { shots, tracks };
}

import { concatMap, lastValueFrom, tap } from 'rxjs';
import type { ProxyScale } from '../../carry/smooth/finish-track.ts';
import type { ReelTrackingOptions, TrackedShot, TrackingProgress } from '../../carry/track/reel-tracker.ts';
import { contains, type FrameRange, lengthOf } from '../../film/range.ts';
import type { Reel } from '../../film/reel.ts';
import type { Ffmpeg } from '../../media/ffmpeg/ffmpeg.ts';
import { CUT_CONTEXT } from '../../motion/cuts.ts';
import type { Preset } from '../../settings/preset.ts';
import { framePool } from '../../stream/frame-pool.ts';
import type { Remote } from '../../workers/rpc.ts';
import type { Size, TrackingService } from '../../workers/tracking-service.ts';
import { watchedProxies } from './decoded-damage.ts';
import type { KeptShot, TrackingWork } from './tracked-reel.ts';

/** Proxies that are lent at once: one is read, one is tracked, one waits. */
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

/** A preset's settings for tracking pictures of a size; `scale`: plate pixels per picture pixel. */
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

/** What is tracked, and how. */
export interface TrackingInput {
  readonly reel: Reel;
  readonly preset: Preset;
  readonly reuse: boolean;
  readonly ffmpeg: Ffmpeg;
  readonly tracking: Remote<TrackingService>;
  readonly signal: AbortSignal;
}

/**
 * Tracks a range of a reel: proxies in, shots with smoothed tracks out, without gaps. A few more frames are read on either side,
 * so that the cuts are those of the whole reel.
 */
export async function trackFrames(
  range: FrameRange,
  { reel, preset, reuse, ffmpeg, tracking, signal }: TrackingInput,
  onTracked: (frame: number, progress: TrackingProgress) => void,
): Promise<{ readonly shots: readonly KeptShot[]; readonly work: TrackingWork }> {
  const proxy = proxySize(reel, preset.proxy.longSide);
  const scale = { x: reel.width / proxy.width, y: reel.height / proxy.height };
  const options = trackingOptions(preset, proxy, scale, reuse);
  await tracking.call('begin', { proxy, options, span: { ...range, frames: reel.frames, first: reel.first } });

  const found: TrackedShot[] = [];
  const pool = framePool(PROXIES, proxy.width * proxy.height * 3);
  const read = { in: Math.max(0, range.in - CUT_CONTEXT), out: Math.min(reel.frames, range.out + CUT_CONTEXT) };
  const proxies = watchedProxies(reel, read, proxy, { pool, ffmpeg, signal });
  const frames = proxies.frames.pipe(
    concatMap(async ({ frame, loan }) => {
      try {
        // The tracker keeps it: a copy that moves there is one copy, and a clone would be two.
        const rgb = loan.bytes.slice();
        return { frame, progress: await tracking.call('track', { frame, rgb }, [rgb.buffer]) };
      } finally {
        loan.release();
      }
    }),
    tap(({ frame, progress }) => {
      found.push(...progress.shots);
      if (contains(range, frame)) onTracked(frame, progress);
    }),
  );
  await lastValueFrom(frames, { defaultValue: undefined });
  const { shots, counts, everyFrame } = await tracking.call('end', null);
  found.push(...shots);
  const bad = await proxies.damage(range, signal);
  return {
    shots: withoutGaps(found, range).map((shot) => ({
      ...shot,
      damaged: new Map([...bad].filter(([frame]) => contains(shot, frame))),
    })),
    work: { frames: lengthOf(range), counts, everyFrame },
  };
}

/** Shots without gaps from the first frame to the last, even where frames at a seam were damaged, or all of them. */
export function withoutGaps(found: readonly TrackedShot[], range: FrameRange): TrackedShot[] {
  if (found.length === 0) {
    return [{ ...range, startsShot: false, endsShot: false, tracks: [], histories: [], searches: [] }];
  }
  const starts = found.map((shot, index) => (index === 0 ? range.in : shot.in));
  return found.map((shot, index) => ({
    ...shot,
    in: starts[index] as number,
    out: starts[index + 1] ?? range.out,
  }));
}

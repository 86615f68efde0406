import type { ProxyScale } from '../../carry/smooth/finish-track.ts';
import type { ReelTrackingOptions, TrackedShot } from '../../carry/track/reel-tracker.ts';
import { contains, type FrameRange, lengthOf } from '../../film/range.ts';
import type { Reel } from '../../film/reel.ts';
import type { Ffmpeg } from '../../media/ffmpeg/ffmpeg.ts';
import type { SettledPreset } from '../../settings/settled-preset.ts';
import type { Size } from '../../workers/tracking-service.ts';
import type { OpenNetworks } from './open-networks.ts';
import {
  machineSideBySide,
  type RangeProgress,
  type RangeToTrack,
  type SideBySide,
  type SpanFindings,
  trackSpans,
} from './track-spans.ts';
import type { KeptShot, TrackingWork } from './tracked-reel.ts';

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
export function trackingOptions(
  preset: SettledPreset,
  proxy: Size,
  scale: ProxyScale,
  reuse: boolean,
): ReelTrackingOptions {
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
  readonly preset: SettledPreset;
  readonly reuse: boolean;
  readonly ffmpeg: Ffmpeg;
  readonly networks: Pick<OpenNetworks, 'tracking' | 'openMore'>;
  readonly signal: AbortSignal;
  readonly sideBySide?: SideBySide;
}

/**
 * Tracks a range of a reel: proxies in, shots with smoothed tracks out, without gaps. A few more frames are read on either side,
 * so that the cuts are those of the whole reel. A long range is shared by several trackers, with the same result.
 */
export async function trackFrames(
  range: FrameRange,
  input: TrackingInput,
  onTracked: (progress: RangeProgress) => void,
): Promise<FramesFound> {
  const { networks, signal, sideBySide = machineSideBySide() } = input;
  const found = await trackSpans(rangeToTrack(range, input), { ...networks, ...sideBySide, signal }, onTracked);
  return framesFound(found, range);
}

/** A range as its trackers are told of it. */
export function rangeToTrack(range: FrameRange, { reel, preset, reuse, ffmpeg }: TrackingInput): RangeToTrack {
  const proxy = proxySize(reel, preset.proxy.longSide);
  const scale = { x: reel.width / proxy.width, y: reel.height / proxy.height };
  return { reel, range, proxy, options: trackingOptions(preset, proxy, scale, reuse), ffmpeg };
}

/** The shots of a range, and the work that finding them took. */
export interface FramesFound {
  readonly shots: readonly KeptShot[];
  readonly work: TrackingWork;
}

/** What the trackers of a range found, as shots without gaps. */
export function framesFound({ shots, damaged, counts, everyFrame }: SpanFindings, range: FrameRange): FramesFound {
  return {
    shots: withoutGaps(shots, range).map((shot) => ({
      ...shot,
      damaged: new Map([...damaged].filter(([frame]) => contains(shot, frame))),
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

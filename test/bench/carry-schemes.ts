import type { Networks } from '../../src/carry/track/counted-networks.ts';
import { emptyCounts, type InferenceCounts } from '../../src/carry/track/inference-counts.ts';
import { type ReelTrackingOptions, reelTracker, type TrackedShot } from '../../src/carry/track/reel-tracker.ts';
import type { Measures } from '../../src/carry/track/tracking-context.ts';
import type { RgbPicture } from '../../src/face/networks.ts';
import type { FaceTrack } from '../../src/face/track.ts';
import { trackingOptions } from '../../src/pipeline/analysis/track-frames.ts';
import type { Preset } from '../../src/settings/preset.ts';
import { settledPreset } from '../../src/settings/settled-preset.ts';
import { FACE_MEASURES } from '../../src/workers/face-measures.ts';
import { processorTime } from '../processor-time.ts';

/**
 * How faces are looked at. D: every network on every frame, the crop from the detector. T: MediaPipe's way, landmarks on every
 * frame with the crop from the previous ones, other networks at the start and on loss. Both without smoothing. Ours: the product.
 */
export type Scheme = 'D' | 'T' | 'ours';
export const SCHEMES: readonly Scheme[] = ['D', 'T', 'ours'];

/** The product with its reuse off: every network on every frame, with the product's measures and smoothing. */
type Asked = Scheme | 'off';

export interface SchemeResult {
  readonly tracks: readonly FaceTrack[];
  readonly shots: readonly TrackedShot[];
  readonly counts: InferenceCounts;
  /** Processor time, milliseconds a frame; all schemes find cuts and measure light too. */
  readonly msPerFrame: number;
}

const NEVER = 1_000_000;

/** The product without rests and without smoothing: what inference says of openings when its crop does not jump about. */
export function openingsReference(preset: Preset): Preset {
  return {
    ...preset,
    carrying: { ...preset.carrying, skipAge: 0, averagedCrops: 0, auditShare: 0 },
    smoothing: { ...preset.smoothing, rigidSigma: 0, expressionSigma: 0 },
  };
}

/** Looks at the pictures by one scheme. Coordinates are the pictures' pixels. */
export async function trackBy(
  scheme: Asked,
  pictures: readonly RgbPicture[],
  networks: Networks,
  preset: Preset,
): Promise<SchemeResult> {
  const first = pictures[0] as RgbPicture;
  const ours = trackingOptions(settledPreset(preset, networks), first, { x: 1, y: 1 }, true);
  const raw: ReelTrackingOptions = { ...ours, smoothing: { rigid: 0, expression: 0 } };
  const options: Readonly<Record<Asked, ReelTrackingOptions>> = {
    ours,
    off: { ...ours, tracking: { ...ours.tracking, reuse: false } },
    D: { ...raw, tracking: { ...raw.tracking, reuse: false } },
    T: { ...raw, tracking: { ...raw.tracking, sweepEvery: NEVER, identityEvery: NEVER } },
  };
  const measures: Measures =
    scheme === 'ours' || scheme === 'off'
      ? FACE_MEASURES
      : { ...FACE_MEASURES, view: () => null, background: () => null };
  const start = processorTime();
  const tracker = reelTracker(networks, measures, options[scheme], {
    in: 0,
    out: pictures.length,
    frames: pictures.length,
    first: 1,
  });
  const shots: TrackedShot[] = [];
  for (const [frame, picture] of pictures.entries()) shots.push(...(await tracker.track(frame, picture)).shots);
  const last = await tracker.end();
  shots.push(...last.shots);
  return {
    tracks: shots.flatMap((shot) => shot.tracks),
    shots,
    counts: last.counts ?? emptyCounts(),
    msPerFrame: (processorTime() - start) / pictures.length,
  };
}

/** Runs of one network, all reasons together. */
export function runsOf(counts: InferenceCounts, network: keyof InferenceCounts): number {
  return Object.values(counts[network] ?? {}).reduce((sum, runs) => sum + runs, 0);
}

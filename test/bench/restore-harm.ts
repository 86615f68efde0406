/** Parts of a face that are judged one by one, in every frame. */
export const REGIONS = ['left eye', 'right eye', 'mouth', 'skin', 'boundary'] as const;
export type Region = (typeof REGIONS)[number];

/** Mean squared error of each region in one frame; NaN where the frame has none of it. */
export type RegionErrors = Readonly<Record<Region, number>>;

/** A part of one frame that came out worse than what it is compared with, by so many decibels. */
export interface Harm {
  readonly frame: number;
  readonly region: Region;
  readonly decibels: number;
}

/** How often one version is worse than another. */
export interface Worse {
  /** Regions of frames that were compared, and shares of them that are worse, 0 … 1. */
  readonly compared: number;
  readonly share: number;
  readonly byRegion: Readonly<Record<Region, number>>;
  /** Share of the frames in which an eye or the mouth is worse. */
  readonly eyesOrMouth: number;
  /** The worst, the worst first. */
  readonly worst: readonly Harm[];
}

/** Differences up to this are no harm, dB. */
const NONE = 0.1;
/** How many of the worst are named. */
const NAMED = 3;

/** In which regions of which frames `errors` are larger than those of the same frames `than`, by more than 0.1 dB. */
export function worseThan(errors: readonly RegionErrors[], than: readonly RegionErrors[]): Worse {
  const compared = errors.flatMap((mine, frame) =>
    REGIONS.flatMap((region): Harm[] => {
      const decibels = 10 * Math.log10(mine[region] / (than[frame] as RegionErrors)[region]);
      return Number.isNaN(decibels) ? [] : [{ frame, region, decibels }];
    }),
  );
  const worse = compared.filter(({ decibels }) => decibels > NONE);
  const share = (part: readonly Harm[], whole: readonly Harm[]) => (whole.length > 0 ? part.length / whole.length : 0);
  const of = (list: readonly Harm[], region: Region) => list.filter((one) => one.region === region);
  const byRegion = Object.fromEntries(
    REGIONS.map((region) => [region, share(of(worse, region), of(compared, region))]),
  ) as Record<Region, number>;
  const features = worse.filter(({ region }) => region !== 'skin' && region !== 'boundary');
  return {
    compared: compared.length,
    share: share(worse, compared),
    byRegion,
    eyesOrMouth: new Set(features.map(({ frame }) => frame)).size / errors.length,
    worst: worse.sort((a, b) => b.decibels - a.decibels).slice(0, NAMED),
  };
}

/**
 * Root mean square of the steps of a series from frame to frame; NaN entries, and the steps beside them, do not count. NaN without
 * a step.
 */
export function stepsOf(series: readonly number[]): number {
  const steps = series
    .slice(1)
    .map((v, t) => v - (series[t] as number))
    .filter((step) => !Number.isNaN(step));
  return Math.sqrt(steps.reduce((sum, step) => sum + step * step, 0) / steps.length);
}

/**
 * Gain of a band: how much of what `clean` shows `picture` shows, by least squares, over the samples that `mask` has above 0. 1 = all
 * of it, 0 = nothing; NaN where there is nothing to show.
 */
export function gainOf(picture: Float32Array, clean: Float32Array, mask: ArrayLike<number>): number {
  let both = 0;
  let own = 0;
  for (let i = 0; i < clean.length; i++) {
    if (!((mask[i] as number) > 0)) continue;
    both += (picture[i] as number) * (clean[i] as number);
    own += (clean[i] as number) ** 2;
  }
  return own > 0 ? both / own : Number.NaN;
}

/** A change beyond this is one that a viewer sees on clean film, 8-bit levels. */
const SEEN = 8;

/** Pixels whose luma (0 … 1) was changed by more than eight levels. */
export function changedPixels(before: Float32Array, after: Float32Array): number {
  let count = 0;
  for (let i = 0; i < before.length; i++) {
    if (255 * Math.abs((after[i] as number) - (before[i] as number)) > SEEN) count += 1;
  }
  return count;
}

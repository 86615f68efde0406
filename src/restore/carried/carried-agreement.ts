import type { Compute } from '../../compute/compute.ts';
import type { Figures, Image } from '../../compute/image.ts';
import type { TileMagnitudes, TileSums } from '../../compute/tiles.ts';
import { smoothstep } from '../../film/interpolate.ts';
import { MAD_TO_SIGMA, quantile } from '../../motion/quantile.ts';
import type { CarriedDifference, CarriedFrame } from './carried-difference.ts';
import { TILES } from './carried-tiles.ts';

/** A gain beyond this is no breathing of the exposure but another light. */
const GREATEST_GAIN = 1.6;
/** Least brightness that bounds are shares of, luma 0 … 1. */
const DARKEST = 0.02;
/** Blur of the difference at half size before tiles are judged, plate pixels: it takes grain, and leaves what moves. */
const BLUR = 3;
/** The blurred difference of two frames' grain over the grain as spaced taps read it, at most: beyond, the whole face has changed. */
const MOST_GRAIN = 2;
/**
 * A tile agrees in full where the root mean square of its difference is below so many deviations of the grain, plus so much of the
 * face's brightness, and not at all above; in bright tiles grain alone makes nearly three.
 */
const ALIKE = { grain: 2.2, brightness: 0.008 };
const UNLIKE = { grain: 3.5, brightness: 0.025 };
/** The same for its largest difference at half size, before the blur: a speck of dirt. */
const SPOTLESS = { grain: 7, brightness: 0.03 };
const SPOT = { grain: 10, brightness: 0.08 };

/** How far a frame shows what keyframes carry to it. */
export interface Agreement {
  /** Tiles that hold any of the face: 1, else 0, `Uint8Array` of TILES². */
  readonly tiles: Uint8Array;
  /** One for each of what was carried. */
  readonly sides: readonly SideAgreement[];
}

export interface SideAgreement {
  /** The frame's brightness over the keyframe's: what `planes` are to be multiplied by. */
  readonly gain: number;
  /** How far each tile shows the same in both frames, `Float32Array` of TILES², 0 … 1. */
  readonly trust: Float32Array;
}

/** What agreement is judged by: mean luma of the face, and standard deviation of its grain. */
interface Measured {
  readonly brightness: number;
  readonly grain: number;
}

/** A carried luma's difference to the frame's own at half size, as it is and blurred. */
interface DifferenceFigures<Of> {
  readonly sharp: Of;
  readonly soft: Of;
}

/** A tile is trusted as far as both plates show the same there, one gain and the grain apart. */
export async function agreementOf(
  frame: CarriedFrame,
  carried: readonly CarriedDifference[],
  compute: Compute,
): Promise<Agreement> {
  const { noise, own, others, ...measured } = await compute.statistics({
    noise: compute.flowNoise(frame.picture),
    brightness: compute.meanWhere(frame.luma, frame.where),
    own: compute.tileSums(frame.luma, frame.where, TILES),
    others: carried.map(({ luma }) => compute.tileSums(luma, frame.where, TILES)),
  });
  const tiles = Uint8Array.from(own.counts, (count) => (count > 0 ? 1 : 0));
  const brightness = Math.max(DARKEST, measured.brightness);
  const gains = others.map((other) => gainOf(own, other, tiles));
  // Even of those in another light, which are rare: one more read would cost more.
  const figures = carried.map(({ luma }, k) =>
    differenceFigures(compute, frame, luma, { gain: gains[k] as number, tiles }),
  );
  const { sharp, soft } = await compute.statistics({
    sharp: figures.map((side) => side.sharp),
    soft: figures.map((side) => side.soft),
  });
  const sides = gains.map((gain, k): SideAgreement => {
    const isSameLight = gain < GREATEST_GAIN && gain > 1 / GREATEST_GAIN;
    if (!isSameLight) return { gain, trust: new Float32Array(TILES * TILES) };
    const difference = { sharp: sharp[k] as TileMagnitudes, soft: soft[k] as TileMagnitudes };
    return { gain, trust: trustOf(difference, tiles, { brightness, grain: noise * brightness }) };
  });
  return { tiles, sides };
}

/** The median over the face's tiles of the frame's brightness over the carried one's. */
function gainOf(own: TileSums, other: TileSums, tiles: Uint8Array): number {
  const ratios: number[] = [];
  for (let t = 0; t < tiles.length; t++) {
    if (tiles[t] === 1) ratios.push((own.sums[t] as number) / Math.max(1e-3, other.sums[t] as number));
  }
  return ratios.length > 0 ? quantile(Float32Array.from(ratios), 0.5) : 1;
}

function differenceFigures(
  compute: Compute,
  frame: CarriedFrame,
  luma: Image,
  { gain, tiles }: { readonly gain: number; readonly tiles: Uint8Array },
): DifferenceFigures<Figures<TileMagnitudes>> {
  using difference = compute.difference(frame.luma, luma, { gain, where: frame.where });
  using sharp = compute.halved(difference);
  using soft = compute.boxBlur(sharp, (BLUR / 2) * frame.pixel, 1);
  return {
    sharp: compute.tileMagnitudes(sharp, TILES, tiles),
    soft: compute.tileMagnitudes(soft, TILES, tiles),
  };
}

/** Tile by tile, how far a difference is no more than grain. */
function trustOf(
  { sharp, soft }: DifferenceFigures<TileMagnitudes>,
  tiles: Uint8Array,
  { brightness, grain }: Measured,
): Float32Array {
  const noiseOf = ({ typical }: TileMagnitudes) => Math.min(MOST_GRAIN * grain, MAD_TO_SIGMA * typical);
  const coarse = noiseOf(soft);
  const fine = noiseOf(sharp);
  const bound = (of: typeof ALIKE, noise: number) => of.grain * noise + of.brightness * brightness;
  const trust = new Float32Array(TILES * TILES);
  for (let t = 0; t < trust.length; t++) {
    if (tiles[t] === 0) continue;
    trust[t] = Math.min(
      falling(soft.rms[t] as number, bound(ALIKE, coarse), bound(UNLIKE, coarse)),
      falling(sharp.most[t] as number, bound(SPOTLESS, fine), bound(SPOT, fine)),
    );
  }
  return trust;
}

/** 1 up to `full`, 0 from `none`. */
function falling(v: number, full: number, none: number): number {
  return 1 - smoothstep(full, none, v);
}

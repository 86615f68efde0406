import type { CarriedSide } from '../../src/compute/carrying.ts';
import type { Compute } from '../../src/compute/compute.ts';
import { CHAINED, type ConformanceCase, ROUNDING } from './conformance-case.ts';
import { coarse, luma } from './reference.ts';
import { disc, seededPlane, seededRgb, squareOf, taken } from './seeded-images.ts';

const SIZE = 48;
const AREA = SIZE * SIZE;
const OPTIONS = { least: 1e-3, coarsest: 5 };

/** A `CarriedSide` before it is images. */
type DrawnSide = Omit<CarriedSide, 'planes' | 'trust'> & Readonly<Record<'planes' | 'trust', Float32Array>>;

export function carryingCases(): ConformanceCase[] {
  const rgb = seededRgb(SIZE, 71);
  const own = Float32Array.from(luma(rgb));
  const where = disc(SIZE, 19);
  const shareOf = (seed: number) => seededPlane(SIZE, seed).map((v) => Math.min(1, Math.max(0, v)));
  const side = (seed: number, gain: number, weight: number): DrawnSide => {
    const change = seededRgb(SIZE, seed, 0).map((v) => 0.2 * (v - 0.5));
    return { planes: Float32Array.of(...change, ...seededPlane(SIZE, seed)), gain, trust: shareOf(seed + 1), weight };
  };
  const sides = [side(72, 1.1, 0.3), side(74, 0.9, 0.7)];
  const [trust, matte] = [shareOf(77), disc(SIZE, 15)];
  const bounds = { enough: 0.7, unseen: 0.1 };
  return [
    ...[0, 1, 2].map(
      (count): ConformanceCase => ({
        operation: 'carriedBlend',
        input: `${count} sides`,
        tolerance: CHAINED,
        async found(compute) {
          const frame = { rgb: squareOf(compute, rgb), luma: squareOf(compute, own), where: squareOf(compute, where) };
          const shown = sides.slice(0, count).map((drawn) => shownSide(compute, drawn));
          const blend = compute.carriedBlend(frame, shown, OPTIONS);
          return [...(await taken(compute, blend.rgb)), ...(await taken(compute, blend.trust))];
        },
        expected: () => blended(rgb, own, where, sides.slice(0, count)),
      }),
    ),
    {
      operation: 'carriedTrust',
      input: 'a matte that is trusted in places',
      tolerance: ROUNDING,
      async found(compute) {
        using trusted = squareOf(compute, trust);
        using seen = squareOf(compute, matte);
        const { told } = await compute.statistics({ told: compute.carriedTrust(trusted, seen, bounds) });
        const { x, y, width, height } = told.untrusted ?? { x: -1, y: -1, width: -1, height: -1 };
        return [x, y, width, height, told.share];
      },
      expected() {
        const anew = [...trust.keys()].filter(
          (i) => (trust[i] as number) < bounds.enough && (matte[i] as number) >= bounds.unseen,
        );
        const [xs, ys] = [anew.map((i) => i % SIZE), anew.map((i) => Math.floor(i / SIZE))];
        const [x, y] = [Math.min(...xs), Math.min(...ys)];
        const total = matte.reduce((sum, v) => sum + v, 0);
        const share = matte.reduce((sum, v, i) => sum + v * (trust[i] as number), 0) / total;
        return [x, y, Math.max(...xs) + 1 - x, Math.max(...ys) + 1 - y, share];
      },
    },
    {
      operation: 'carriedTrust',
      input: 'a matte that is trusted everywhere',
      tolerance: ROUNDING,
      async found(compute) {
        using trusted = squareOf(
          compute,
          matte.map(() => 1),
        );
        using seen = squareOf(compute, matte);
        const { told } = await compute.statistics({ told: compute.carriedTrust(trusted, seen, bounds) });
        return [told.untrusted ? 1 : 0, told.share];
      },
      expected: () => [0, 1],
    },
  ];
}

function shownSide(compute: Compute, { planes, trust, gain, weight }: DrawnSide): CarriedSide {
  return { planes: compute.image(planes, SIZE, SIZE, 4), trust: squareOf(compute, trust), gain, weight };
}

/** The planes of the blend, then its trust. */
function blended(rgb: Float32Array, own: Float32Array, where: Float32Array, sides: readonly DrawnSide[]): number[] {
  const isLooked = (i: number) => (where[i] as number) > 0 && sides.length > 0;
  const weightAt = ({ weight, trust }: DrawnSide, i: number) => weight * ((trust[i] as number) + OPTIONS.least);
  /** Plane `k` of what all sides carry to a pixel. */
  const carriedAt = (k: number, i: number) => {
    const total = sides.reduce((sum, side) => sum + weightAt(side, i), 0);
    return sides.reduce(
      (sum, side) => sum + (weightAt(side, i) / total) * side.gain * (side.planes[k * AREA + i] as number),
      0,
    );
  };
  const trust = Array.from(where, (_, i) =>
    isLooked(i) ? Math.max(...sides.map((side) => side.trust[i] as number)) : 0,
  );
  const residual = trust.map((t, i) => (isLooked(i) ? t * ((own[i] as number) - carriedAt(3, i)) : 0));
  const flicker = coarse(residual, SIZE, OPTIONS.coarsest / 2);
  const planes = Array.from(rgb, (v, o) => {
    const i = o % AREA;
    return isLooked(i) ? v + carriedAt(Math.floor(o / AREA), i) - (flicker[i] as number) : v;
  });
  return [...planes, ...trust];
}

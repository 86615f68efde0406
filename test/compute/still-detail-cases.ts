import type { Compute } from '../../src/compute/compute.ts';
import type { GateOptions, Ramp, StillEvidence } from '../../src/compute/stills.ts';
import { CHAINED, type ConformanceCase, EXACT, ROUNDING } from './conformance-case.ts';
import { boxBlur, doubled, gaussian, halved, luma, type Plane } from './reference.ts';
import { disc, seededPlane, seededRgb, squareOf, stackOf, taken } from './seeded-images.ts';

const SIZE = 64;
const AREA = SIZE * SIZE;
const HALF = SIZE / 2;
const GATE: GateOptions = {
  alike: [0.2, 0.8],
  alikeInEyes: [0.5, 0.9],
  alikeBefore: [0.1, 0.6],
  worth: 0.5,
  accepted: [0.05, 0.5],
};
const TEMPERATURE = 0.05;

export function stillDetailCases(): ConformanceCase[] {
  return [...lossCases(), ...gateCases(), ...mixCases(), ...lumaCases()];
}

function lossCases(): ConformanceCase[] {
  const sharp = seededPlane(SIZE, 71);
  const soft = Float32Array.from(gaussian(sharp, SIZE, SIZE, 1.6));
  const squares = () => Float64Array.from(sharp, (v, i) => (v - (soft[i] as number)) ** 2);
  const ofBoth = (mean: Plane) => [...Array.from(mean), ...Array.from(mean, (v) => v / 4)];
  const under = async (compute: Compute, side: number) => {
    const options = { side, sigma: 3 };
    const [halfSharp, halfSoft] = [sharp, soft].map((plane) => plane.map((v) => v / 2)) as [Float32Array, Float32Array];
    const pictures = [stackOf(compute, [sharp, halfSharp]), stackOf(compute, [soft, halfSoft])] as const;
    const { lost, energy } = compute.detailUnder(...pictures, options);
    return { lost: await taken(compute, lost), energy: await taken(compute, energy) };
  };
  return [
    {
      operation: 'detailUnder',
      input: 'what a blur takes from two planes',
      tolerance: ROUNDING,
      found: async (compute) => (await under(compute, HALF)).lost,
      expected: () => {
        const lost = sharp.map((v, i) => v - (soft[i] as number));
        return [...lost, ...lost.map((v) => v / 2)];
      },
    },
    {
      operation: 'detailUnder',
      input: 'its mean square at a quarter of the side',
      tolerance: ROUNDING,
      found: async (compute) => (await under(compute, SIZE / 4)).energy,
      expected: () => ofBoth(boxBlur(halved(halved(squares(), SIZE), HALF), SIZE / 4, 3, 2)),
    },
    {
      operation: 'detailUnder',
      input: 'its mean square at the same side',
      tolerance: ROUNDING,
      found: async (compute) => (await under(compute, SIZE)).energy,
      expected: () => ofBoth(boxBlur(squares(), SIZE, 3, 2)),
    },
  ];
}

/** Evidence of which every plane differs from place to place. */
function drawnEvidence(): Readonly<Record<keyof StillEvidence, Float32Array>> {
  const plane = (seed: number, low: number, high: number) =>
    seededPlane(HALF, seed, 0.05).map((v) => low + (high - low) * Math.min(1, Math.max(0, v)));
  return {
    after: plane(81, 0.3, 1.1),
    before: plane(82, 0.1, 1.1),
    fit: plane(83, 0.4, 1),
    energy: plane(84, 0, 2e-3),
    error: plane(85, 1e-4, 3e-3),
    contrast: plane(86, 0.5, 1.2),
    eyes: disc(HALF, 5).map((v) => (v > 0 ? 1 : 0)),
    look: disc(HALF, 12),
  };
}

function gateCases(): ConformanceCase[] {
  const drawn = drawnEvidence();
  const other = { ...drawn, error: drawn.error.map((v) => 2 * v), before: drawn.after, after: drawn.before };
  const gate = (compute: Compute, options: GateOptions) => {
    const open = Object.entries(drawn).map(([name, samples]) => {
      const shared = name === 'eyes' || name === 'look';
      return [name, stackOf(compute, shared ? [samples] : [samples, other[name as keyof StillEvidence]])];
    });
    return taken(compute, compute.stillGate(Object.fromEntries(open), options));
  };
  return [
    {
      operation: 'stillGate',
      input: 'two stills that agree here and there',
      tolerance: CHAINED,
      found: (compute) => gate(compute, GATE),
      expected: () => [drawn, other].flatMap((one) => [...gateReference(one)]),
    },
    {
      operation: 'stillGate',
      input: 'stills that agree with too little to be believed anywhere',
      tolerance: ROUNDING,
      found: (compute) => gate(compute, { ...GATE, accepted: [0.95, 1] }),
      expected: () => new Float32Array(2 * HALF * HALF),
    },
  ];
}

function gateReference(drawn: ReturnType<typeof drawnEvidence>): Float64Array {
  const at = (name: keyof StillEvidence, i: number) => drawn[name][i] as number;
  const quarter = HALF / 4;
  const middle = Array.from(drawn.error).filter((_, i) => {
    const [x, y] = [(i % HALF) - quarter, Math.floor(i / HALF) - quarter];
    return x >= 0 && y >= 0 && x < 2 * quarter && y < 2 * quarter && x % 2 === 0 && y % 2 === 0;
  });
  const noise = middle.sort((p, q) => p - q)[middle.length >> 2] as number;
  const agreement = Float64Array.from(drawn.after, (after, i) => {
    const alike =
      ramp(at('eyes', i) === 1 ? GATE.alikeInEyes : GATE.alike, after) * ramp(GATE.alikeBefore, at('before', i));
    const cost = (GATE.worth * Math.max(0, at('error', i) - noise)) / at('energy', i);
    return alike * at('fit', i) * (at('energy', i) > 0 ? 1 / (1 + cost ** 2) : 0);
  });
  const over = (of: (i: number) => number) =>
    drawn.look.reduce((sum, look, i) => (look > 0 ? sum + at('energy', i) * of(i) : sum), 0);
  const confidence = ramp(GATE.accepted, over((i) => agreement[i] as number) / over(() => 1));
  return agreement.map((v, i) => v * confidence * at('contrast', i));
}

function mixCases(): ConformanceCase[] {
  const { look } = drawnEvidence();
  const plane = (size: number, seed: number, scale: number) =>
    seededPlane(size, seed).map((v) => scale * Math.max(0, v));
  const offers = [0, 1, 2].map((k) => ({
    lost: plane(SIZE, 91 + k, 1).map((v) => 0.1 * (v - 0.5)),
    energy: plane(HALF, 94 + k, 1e-3),
    error: plane(HALF, 97 + k, 4e-3),
    gate: plane(HALF, 100 + k, 1),
  }));
  const mixed = async (compute: Compute, of = offers) => {
    const stack = (which: 'lost' | 'energy' | 'error' | 'gate') =>
      stackOf(
        compute,
        of.map((offer) => offer[which]),
      );
    const open = { lost: stack('lost'), energy: stack('energy'), error: stack('error'), gate: stack('gate') };
    const { detail, gate, accepted } = compute.mixedDetail(open, squareOf(compute, look), TEMPERATURE);
    const told = await compute.statistics({ accepted });
    return { ...told, detail: await taken(compute, detail), gate: await taken(compute, gate) };
  };
  const shares = () => {
    const near = offers.map(({ error }) => Array.from(error, (v) => Math.exp(-Math.sqrt(v) / TEMPERATURE)));
    const total = (i: number) => near.reduce((sum, one) => sum + (one[i] as number), 0);
    return near.map((one) => one.map((v, i) => v / total(i)));
  };
  const parts = () => shares().map((share, k) => share.map((v, i) => v * (offers[k]?.gate[i] as number)));
  const summed = (planes: readonly Plane[]) =>
    Float64Array.from(planes[0] as Plane, (_, i) => planes.reduce((sum, plane) => sum + (plane[i] as number), 0));
  return [
    {
      operation: 'mixedDetail',
      input: 'the detail of three stills',
      tolerance: CHAINED,
      found: async (compute) => (await mixed(compute)).detail,
      expected: () =>
        summed(parts().map((part, k) => doubled(part, HALF).map((v, i) => v * (offers[k]?.lost[i] as number)))),
    },
    {
      operation: 'mixedDetail',
      input: 'the share of three stills that was believed where the face is looked at',
      tolerance: CHAINED,
      found: async (compute) => (await mixed(compute)).gate,
      expected: () =>
        doubled(
          summed(parts()).map((v, i) => ((look[i] as number) > 0 ? v : 0)),
          HALF,
        ),
    },
    {
      operation: 'mixedDetail',
      input: 'the same over all detail that was offered',
      tolerance: CHAINED,
      found: async (compute) => [(await mixed(compute)).accepted ?? Number.NaN],
      expected: () => {
        const over = (planes: readonly Plane[]) =>
          planes.reduce(
            (sum, plane, k) =>
              look.reduce((s, v, i) => (v > 0 ? s + (offers[k]?.energy[i] as number) * (plane[i] as number) : s), sum),
            0,
          );
        return [over(parts()) / over(shares())];
      },
    },
    {
      operation: 'mixedDetail',
      input: 'of stills without detail no share at all',
      tolerance: EXACT,
      async found(compute) {
        const bare = offers.map((offer) => ({ ...offer, energy: new Float32Array(HALF * HALF) }));
        return [(await mixed(compute, bare)).accepted === null ? 1 : 0];
      },
      expected: () => [1],
    },
  ];
}

function lumaCases(): ConformanceCase[] {
  const rgb = seededRgb(SIZE, 77).map((v, i) => (i % AREA < SIZE ? 0 : v));
  const detail = seededPlane(SIZE, 78).map((v, i) => (i % 3 === 0 ? 0 : 1.5 * (v - 0.5)));
  return [
    {
      operation: 'withDetail',
      input: 'colours whose luma grows and sinks, some by more than is allowed, under a black line',
      tolerance: ROUNDING,
      found: (compute) =>
        taken(
          compute,
          compute.withDetail(squareOf(compute, rgb), squareOf(compute, detail), { strength: 0.8, most: 1.5 }),
        ),
      expected: () => {
        const before = luma(rgb);
        return Float64Array.from(rgb, (v, o) => {
          const y = Math.max(0.004, before[o % AREA] as number);
          const wanted = (y + 0.8 * (detail[o % AREA] as number)) / y;
          return v * Math.min(1.5, Math.max(1 / 1.5, wanted));
        });
      },
    },
  ];
}

function ramp([low, high]: Ramp, v: number): number {
  const t = Math.min(1, Math.max(0, (v - low) / (high - low)));
  return t * t * (3 - 2 * t);
}

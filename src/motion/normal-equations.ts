import { solvePositive } from './solve-positive.ts';

/** How each unknown of a motion would change each pixel: growth, roll, right, down, yaw, pitch. */
export type Slopes = readonly [Float32Array, Float32Array, Float32Array, Float32Array, Float32Array, Float32Array];

/** The first unknowns are those of a similarity of the plane; all of them make a turn out of it besides. */
export const PLANE = 4;
export const SPACE = 6;

/**
 * The normal equations of all unknowns: weighted products of the slopes with each other, the lower triangle row by row, and with
 * the differences. Written out, since alignment spends its time here: as loops over the slopes it takes four times as long.
 */
export function normalEquations(
  [as, bs, cs, ds, es, fs]: Slopes,
  weight: Float32Array,
  difference: Float32Array,
): { readonly normal: Float64Array; readonly right: Float64Array } {
  let aa = 0;
  let [ab, bb] = [0, 0];
  let [ac, bc, cc] = [0, 0, 0];
  let [ad, bd, cd, dd] = [0, 0, 0, 0];
  let [ae, be, ce, de, ee] = [0, 0, 0, 0, 0];
  let [af, bf, cf, df, ef, ff] = [0, 0, 0, 0, 0, 0];
  let [pa, pb, pc, pd, pe, pf] = [0, 0, 0, 0, 0, 0];
  for (let i = 0; i < weight.length; i++) {
    const w = weight[i];
    const r = difference[i];
    const a = as[i];
    const b = bs[i];
    const c = cs[i];
    const d = ds[i];
    const e = es[i];
    const f = fs[i];
    const wa = w * a;
    const wb = w * b;
    const wc = w * c;
    const wd = w * d;
    const we = w * e;
    const wf = w * f;
    aa += wa * a;
    ab += wb * a;
    bb += wb * b;
    ac += wc * a;
    bc += wc * b;
    cc += wc * c;
    ad += wd * a;
    bd += wd * b;
    cd += wd * c;
    dd += wd * d;
    ae += we * a;
    be += we * b;
    ce += we * c;
    de += we * d;
    ee += we * e;
    af += wf * a;
    bf += wf * b;
    cf += wf * c;
    df += wf * d;
    ef += wf * e;
    ff += wf * f;
    pa += wa * r;
    pb += wb * r;
    pc += wc * r;
    pd += wd * r;
    pe += we * r;
    pf += wf * r;
  }
  const normal = new Float64Array(SPACE * SPACE);
  normal.set([aa]);
  normal.set([ab, bb], SPACE);
  normal.set([ac, bc, cc], 2 * SPACE);
  normal.set([ad, bd, cd, dd], 3 * SPACE);
  normal.set([ae, be, ce, de, ee], 4 * SPACE);
  normal.set([af, bf, cf, df, ef, ff], 5 * SPACE);
  return { normal, right: Float64Array.of(pa, pb, pc, pd, pe, pf) };
}

/** The equations of the first unknowns alone. */
export function firstOf(normal: Float64Array, unknowns: number): Float64Array {
  if (unknowns === SPACE) return normal;
  return Float64Array.from({ length: unknowns * unknowns }, (_, i) => {
    return normal[Math.floor(i / unknowns) * SPACE + (i % unknowns)];
  });
}

/** How much the normal matrix knows of its last two unknowns once the others are free: their square by its Schur complement. */
export function information(normal: Float64Array, [yaw, pitch]: readonly [number, number]): number {
  const at = (j: number, k: number) => normal[Math.max(j, k) * SPACE + Math.min(j, k)];
  const cross = [0, 1, 2, 3].map((j) => yaw * at(j, 4) + pitch * at(j, 5));
  const freed = solvePositive(firstOf(normal, PLANE), Float64Array.from(cross));
  if (!freed) return 0;
  const whole = yaw * yaw * at(4, 4) + 2 * yaw * pitch * at(4, 5) + pitch * pitch * at(5, 5);
  return whole - cross.reduce((sum, v, j) => sum + v * freed[j], 0);
}

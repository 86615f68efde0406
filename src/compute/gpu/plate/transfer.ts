import {
  CINEON_OFFSET,
  CINEON_STEP,
  CINEON_WHITE,
  DISPLAY_GAMMA,
  TOE,
  TOE_DISPLAY,
  type Transfer,
  transferCurve,
} from '../../../film/colour.ts';
import { FROM, STEPS, TO } from '../../cpu/plate/fast-curve.ts';

/** Steps of the table back from display values: log codes reach display values above 3, where the processor computes the curve itself. */
const BACK_STEPS = 2 * STEPS;
/** Whole numbers that stand for 1 on a curve's axis, and in the table back: a step is a whole number of the former, and all of them fit. */
const AXIS = 2 ** 28;
const CODE = 2 ** 26;
const STEP = ((TO - FROM) * AXIS) / STEPS;

/**
 * As kernels are told which curve a plate has: 0 for none. `pq` goes as `linear` does beyond the tables, where whole numbers, which
 * alone are ever PQ, have no code.
 */
export function transferNumber(transfer: Transfer): number {
  return transfer === 'log' ? 1 : transfer === 'rec709' ? 0 : 2;
}

/** The tables that `CURVES` reads: display values of codes, float32, then codes of display values in whole numbers. */
export function transferTables(transfer: Transfer): Uint32Array {
  const { toDisplay, fromDisplay } = transferCurve(transfer);
  const perUnit = STEPS / (TO - FROM);
  const forth = Float32Array.from({ length: STEPS + 1 }, (_, i) => toDisplay(FROM + i / perUnit));
  const back = Int32Array.from({ length: BACK_STEPS + 1 }, (_, i) =>
    Math.round(CODE * fromDisplay(FROM + i / perUnit)),
  );
  const tables = new Uint32Array(forth.length + back.length);
  tables.set(new Uint32Array(forth.buffer));
  tables.set(new Uint32Array(back.buffer), forth.length);
  return tables;
}

/**
 * WGSL: the binary logarithm of a normal positive number by the series of the inverse hyperbolic tangent, and its inverse by that of the
 * exponential, both to float32's rounding: what devices have built in may be wrong by a hundred times as much.
 */
const EXACT_POWERS = `
fn exact_log2(x: f32) -> f32 {
  let bits = bitcast<u32>(x);
  var e = i32(bits >> 23u) - 127;
  var m = bitcast<f32>((bits & 0x7fffffu) | 0x3f800000u);
  if (m > ${Math.SQRT2}) { m *= 0.5; e += 1; }
  let s = (m - 1.0) / (m + 1.0);
  let q = s * s;
  return f32(e) + ${2 / Math.LN2} * s * (1.0 + q * (1.0 / 3.0 + q * (1.0 / 5.0 + q * (1.0 / 7.0 + q / 9.0))));
}
fn exact_exp2(y: f32) -> f32 {
  let whole = floor(clamp(y, -126.0, 126.0) + 0.5);
  let t = (y - whole) * ${Math.LN2};
  let series = 1.0 + t * (1.0 + t / 2.0 * (1.0 + t / 3.0 * (1.0 + t / 4.0 * (1.0 + t / 5.0 * (1.0 + t / 6.0 * (1.0 + t / 7.0))))));
  return series * bitcast<f32>(u32(i32(whole) + 127) << 23u);
}
`;

/**
 * WGSL of a plate's transfer curve, by the processor's own tables, linear between their nodes, and by its formula beyond; `tables` is
 * an array of u32. `to_display(code, transfer)`; and `code_shift(d, code, transfer)`, by how much a code differs when its display
 * value is changed by `d`: small differences of large numbers, which whole numbers keep where float32 loses them.
 */
export const CURVES = `
${EXACT_POWERS}
fn encode_display(light: f32) -> f32 {
  if (light < ${TOE}) { return light * ${TOE_DISPLAY / TOE}; }
  return exact_exp2(exact_log2(light) * ${1 / DISPLAY_GAMMA});
}
fn decode_display(display: f32) -> f32 {
  if (display < ${TOE_DISPLAY}) { return display * ${TOE / TOE_DISPLAY}; }
  return exact_exp2(exact_log2(display) * ${DISPLAY_GAMMA});
}
fn on_axis(x: f32) -> i32 { return i32(floor(x * ${AXIS}.0)); }
// Light above Cineon's black; far beyond white none is finite.
fn lifted_light(code: f32) -> f32 {
  return exact_exp2((code * 1023.0 - ${CINEON_WHITE}.0) * ${CINEON_STEP * Math.log2(10)});
}
fn to_display(code: f32, transfer: u32) -> f32 {
  if (code >= ${FROM} && code < ${TO}.0) {
    let at = on_axis(code) + ${-FROM * AXIS};
    let i = u32(at / ${STEP});
    let below = bitcast<f32>(tables[i]);
    return below + f32(at % ${STEP}) / ${STEP}.0 * (bitcast<f32>(tables[i + 1u]) - below);
  }
  if (transfer != 1u) { return encode_display(code); }
  return encode_display((lifted_light(code) - ${CINEON_OFFSET}) / ${1 - CINEON_OFFSET});
}
fn code_node(i: i32) -> i32 { return bitcast<i32>(tables[${STEPS + 1} + i]); }
fn beyond_node(at: i32) -> f32 {
  let i = at / ${STEP};
  return f32(at % ${STEP}) / ${STEP}.0 * f32(code_node(i + 1) - code_node(i));
}
fn light_shift(d: f32, display: f32) -> f32 {
  if (max(display, display + d) < ${TOE_DISPLAY}) { return d * ${TOE / TOE_DISPLAY}; }
  return decode_display(display + d) - decode_display(display);
}
fn code_shift(d: f32, code: f32, transfer: u32) -> f32 {
  if (d == 0.0) { return 0.0; }
  let display = to_display(code, transfer);
  if (display >= ${FROM} && display < 4.0 && abs(d) < 2.0) {
    let a = on_axis(display) + ${-FROM * AXIS};
    let b = a + i32(round(d * ${AXIS}.0));
    if (b >= 0 && b < ${BACK_STEPS} * ${STEP}) {
      let nodes = code_node(b / ${STEP}) - code_node(a / ${STEP});
      return (f32(nodes) + (beyond_node(b) - beyond_node(a))) / ${CODE}.0;
    }
  }
  let shift = light_shift(d, display);
  if (transfer != 1u) { return shift; }
  // A ratio, as black has light so small that a difference would lose it; below that the curve has no value.
  let before = lifted_light(code);
  let after = before + shift * ${1 - CINEON_OFFSET};
  return exact_log2(max(after, 1e-6) / max(before, 1e-6)) * ${Math.log10(2) / CINEON_STEP / 1023};
}
`;

import { lumaWeights } from '../../../film/colour.ts';
import type { Region } from '../../../film/plate.ts';
import { codeScale, type PlateColour, sitingOf } from '../../../film/plate-colour.ts';
import { planeSize } from '../../../film/sample-format.ts';
import type { GpuMemory } from '../device/gpu-memory.ts';
import type { GpuQueue } from '../device/gpu-queue.ts';
import { kernel, SAMPLES } from '../device/kernel.ts';
import type { KeptTables } from './kept-tables.ts';
import type { PlacedDelta } from './plate-delta.ts';
import { PLACED, WORDS } from './plate-words.ts';
import { CURVES, transferNumber } from './transfer.ts';

const COMPONENT_CHANGES = kernel({
  name: 'component changes',
  values: {
    width: 'u32',
    count: 'u32',
    across: 'u32',
    down: 'u32',
    bytes: 'u32',
    isRgb: 'u32',
    isYuv: 'u32',
    zero: 'f32',
    unit: 'f32',
    chroma_zero: 'f32',
    chroma_unit: 'f32',
    origin_x: 'f32',
    origin_y: 'f32',
    pitch_x: 'f32',
    pitch_y: 'f32',
    kr: 'f32',
    kb: 'f32',
    transfer: 'u32',
  },
  reads: { words: 'u32', placed: 'u32', delta: 'f32', tables: 'u32' },
  writes: { out: 'f32' },
  group: SAMPLES,
  functions: `
${WORDS}
${PLACED}
${CURVES}
// A code as a number, and whether it is one.
struct Code { value: f32, is_finite: bool }
fn code_at(i: u32) -> Code {
  let bits = raw_sample(i, v.bytes);
  if (v.bytes < 4u) { return Code((f32(bits) - v.zero) / v.unit, true); }
  if (!is_finite(bits)) { return Code(0.0, false); }
  return Code(bitcast<f32>(bits), true);
}
fn chroma_sample(first: u32, x: i32, y: i32) -> f32 {
  let column = u32(clamp(x, 0, i32(v.across) - 1));
  let row = u32(clamp(y, 0, i32(v.down) - 1));
  return f32(raw_sample(first + row * v.across + column, v.bytes));
}
// Bilinear at the siting of chroma.
fn chroma_at(first: u32, x: u32, y: u32) -> f32 {
  let place = vec2f((f32(x) + 0.5 - v.origin_x) / v.pitch_x, (f32(y) + 0.5 - v.origin_y) / v.pitch_y);
  let whole = vec2i(floor(place));
  let f = place - floor(place);
  let above = mix(chroma_sample(first, whole.x, whole.y), chroma_sample(first, whole.x + 1, whole.y), f.x);
  let below = mix(chroma_sample(first, whole.x, whole.y + 1), chroma_sample(first, whole.x + 1, whole.y + 1), f.x);
  return (mix(above, below, f.y) - v.chroma_zero) / v.chroma_unit;
}
fn shifted(d: f32, code: Code) -> f32 {
  if (d == 0.0 || !code.is_finite) { return 0.0; }
  return code_shift(d, code.value, v.transfer);
}
fn code_changes(d: vec3f, i: u32) -> vec3f {
  if (v.isRgb == 1u) {
    // The planes lie as G, B, R.
    return vec3f(
      shifted(d.x, code_at(2u * v.count + i)), shifted(d.y, code_at(i)), shifted(d.z, code_at(v.count + i)),
    );
  }
  let luma = code_at(i);
  var rgb = vec3f(luma.value);
  if (v.isYuv == 1u) {
    let y = luma.value;
    let r = y + 2.0 * (1.0 - v.kr) * chroma_at(v.count + v.across * v.down, i % v.width, i / v.width);
    let b = y + 2.0 * (1.0 - v.kb) * chroma_at(v.count, i % v.width, i / v.width);
    rgb = vec3f(r, (y - v.kr * r - v.kb * b) / (1.0 - v.kr - v.kb), b);
  }
  return vec3f(
    shifted(d.x, Code(rgb.x, luma.is_finite)),
    shifted(d.y, Code(rgb.y, luma.is_finite)),
    shifted(d.z, Code(rgb.z, luma.is_finite)),
  );
}
`,
  main: `
  let i = at.x;
  if (i >= v.count) { return; }
  var d = vec3f(delta[i], delta[v.count + i], delta[2u * v.count + i]);
  if (v.transfer > 0u && placed_matte(i) > 0u) { d = code_changes(d, i); }
  if (v.isRgb == 0u) {
    // Of differences between colours, so that grey changes have no chroma by rounding.
    let kg = 1.0 - v.kr - v.kb;
    let luma = v.kr * d.x + kg * d.y + v.kb * d.z;
    let cb = (v.kr * (d.z - d.x) + kg * (d.z - d.y)) / (2.0 * (1.0 - v.kb));
    let cr = (kg * (d.x - d.y) + v.kb * (d.x - d.z)) / (2.0 * (1.0 - v.kr));
    d = vec3f(luma, cb, cr);
  }
  out[i] = d.x;
  out[v.count + i] = d.y;
  out[2u * v.count + i] = d.z;
`,
});

/** A region whose samples are changed, and its bytes on the device. */
export interface ChangedRegion {
  readonly region: Region;
  readonly words: GpuMemory;
  readonly colour: PlateColour;
}

/**
 * Differences of display values as differences of normalised code values, each about its own pixel's: of red, green and blue, or luma,
 * blue and red chroma, three planes of the region's size.
 */
export function componentChanges(
  queue: GpuQueue,
  kept: KeptTables,
  { region, words, colour }: ChangedRegion,
  { placed, delta }: PlacedDelta,
): GpuMemory {
  const { format, roi } = region;
  const count = roi.width * roi.height;
  const chroma = format.planes[format.model === 'yuv' ? 1 : 0];
  const { width: across, height: down } = planeSize(chroma, roi.width, roi.height);
  const { zero, unit } = codeScale(format, format.planes[0].component, colour);
  const { zero: chroma_zero, unit: chroma_unit } = codeScale(format, chroma.component, colour);
  const { originX, originY, pitchX, pitchY } = sitingOf(chroma, colour.tags);
  const out = queue.lend(3 * count);
  queue.run(COMPONENT_CHANGES, {
    values: {
      width: roi.width,
      count,
      across,
      down,
      bytes: format.bytes,
      isRgb: format.model === 'rgb' ? 1 : 0,
      isYuv: format.model === 'yuv' ? 1 : 0,
      zero,
      unit,
      chroma_zero,
      chroma_unit,
      origin_x: originX,
      origin_y: originY,
      pitch_x: pitchX,
      pitch_y: pitchY,
      ...lumaWeights(colour.tags.matrix, colour.plateHeight),
      transfer: transferNumber(colour.transfer),
    },
    buffers: { words, placed, delta, tables: kept.transfer(colour.transfer), out },
    threads: [count],
  });
  return out;
}

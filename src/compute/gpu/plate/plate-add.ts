import type { Region } from '../../../film/plate.ts';
import { codeScale, type PlateColour, sitingOf } from '../../../film/plate-colour.ts';
import { type Component, planeSize } from '../../../film/sample-format.ts';
import { ditherPlane } from '../../cpu/plate/dither.ts';
import { footprintAlong } from '../../cpu/plate/written-plane.ts';
import type { ApplyOptions } from '../../plates.ts';
import type { GpuMemory } from '../device/gpu-memory.ts';
import type { GpuQueue } from '../device/gpu-queue.ts';
import { kernel, SAMPLES } from '../device/kernel.ts';
import type { ChangedRegion } from './plate-changes.ts';
import { PLACED, WORDS } from './plate-words.ts';

/** Facts of a plane, each a whole number, as `planeFacts` lists them. */
const FACTS = ['END', 'WIDTH', 'PITCH_X', 'PITCH_Y', 'COMPONENT', 'COLUMN', 'ROW', 'KEY'] as const;
/** Facts and weights of a footprint along one axis: the first pixel, how many, and their shares (see `footprintAlong`). */
const WIDEST_FOOTPRINT = 5;

const ADD_CHANGES = kernel({
  name: 'add changes',
  values: {
    all_words: 'u32',
    samples: 'u32',
    bytes: 'u32',
    width: 'i32',
    height: 'i32',
    planes: 'u32',
    most: 'i32',
    unit: 'f32',
    chroma_unit: 'f32',
  },
  reads: { words: 'u32', placed: 'u32', changes: 'f32', facts: 'i32', feet: 'f32' },
  writes: { out: 'u32' },
  group: SAMPLES,
  functions: `
${WORDS}
${PLACED}
${FACTS.map((name, k) => `const ${name} = ${k}u;`).join('\n')}
fn fact(plane: u32, which: u32) -> i32 { return facts[plane * ${FACTS.length}u + which]; }
// Wellons 2018, lowbias32: as \`ditherAt\` has it.
fn hash(value: u32) -> u32 {
  var x = value + 0x6d2b79f5u;
  x = (x ^ (x >> 16u)) * 0x7feb352du;
  x = (x ^ (x >> 15u)) * 0x846ca68bu;
  return x ^ (x >> 16u);
}
fn dither_at(plane: u32, x: i32, y: i32) -> f32 {
  let row = hash(bitcast<u32>(fact(plane, KEY)) ^ u32(fact(plane, ROW) + y));
  return f32(hash(row ^ (u32(fact(plane, COLUMN) + x + 1) * 0x9e3779b1u)) >> 8u) / 16777216.0;
}
fn any_matte(left: i32, top: i32, across: i32, down: i32) -> bool {
  for (var y = top; y < min(top + down, v.height); y++) {
    for (var x = left; x < min(left + across, v.width); x++) {
      if (placed_matte(u32(y * v.width + x)) > 0u) { return true; }
    }
  }
  return false;
}
// The mean of a component's change over a sample's footprint.
fn change_over(plane: u32, left: i32, top: i32) -> f32 {
  let first = u32(fact(plane, COMPONENT)) * u32(v.width * v.height);
  let foot = plane * ${2 * (WIDEST_FOOTPRINT + 2)}u;
  let foot_y = foot + ${WIDEST_FOOTPRINT + 2}u;
  var sum = 0.0;
  var weight = 0.0;
  for (var j = 0; j < i32(feet[foot_y + 1u]); j++) {
    let y = top + i32(feet[foot_y]) + j;
    if (y < 0 || y >= v.height) { continue; }
    for (var i = 0; i < i32(feet[foot + 1u]); i++) {
      let x = left + i32(feet[foot]) + i;
      if (x < 0 || x >= v.width) { continue; }
      let w = feet[foot_y + 2u + u32(j)] * feet[foot + 2u + u32(i)];
      sum += w * changes[first + u32(y * v.width + x)];
      weight += w;
    }
  }
  // Division by 1 need not be exact.
  return select(sum / weight, sum, weight == 1.0);
}
// change · unit as whole number and rest: the factors cut in halves, whose products are exact.
struct Codes { whole: i32, rest: f32 }
fn codes_of(change: f32, unit: f32) -> Codes {
  let bounded = clamp(change, -2.0, 2.0);
  let coarse = bitcast<f32>(bitcast<u32>(bounded) & 0xfffff000u);
  let fine = bounded - coarse;
  let high = floor(unit / 256.0) * 256.0;
  let low = unit - high;
  let parts = vec4f(coarse * high, coarse * low, fine * high, fine * low);
  let whole = floor(parts);
  let rest = parts - whole;
  return Codes(i32(whole.x) + i32(whole.y) + i32(whole.z) + i32(whole.w), rest.x + rest.y + rest.z + rest.w);
}
fn revised(i: u32, bits: u32) -> u32 {
  var plane = 0u;
  var begin = 0u;
  while (plane < v.planes && i >= u32(fact(plane, END))) {
    begin = u32(fact(plane, END));
    plane += 1u;
  }
  if (plane == v.planes) { return bits; }
  let across = u32(fact(plane, WIDTH));
  let x = i32((i - begin) % across);
  let y = i32((i - begin) / across);
  let pitch_x = fact(plane, PITCH_X);
  let pitch_y = fact(plane, PITCH_Y);
  if (!any_matte(x * pitch_x, y * pitch_y, pitch_x, pitch_y)) { return bits; }
  let change = change_over(plane, x * pitch_x, y * pitch_y);
  if (change == 0.0) { return bits; }
  if (v.bytes == 4u) {
    if (!is_finite(bits)) { return bits; }
    let value = bitcast<u32>(bitcast<f32>(bits) + change);
    return select(bits, value, is_finite(value));
  }
  let codes = codes_of(change, select(v.unit, v.chroma_unit, plane > 0u));
  let code = i32(bits) + codes.whole + i32(floor(codes.rest + dither_at(plane, x, y)));
  return u32(clamp(code, 0, v.most));
}
`,
  main: `
  let at_word = at.x;
  if (at_word >= v.all_words) { return; }
  let each = 4u / v.bytes;
  let bits = 8u * v.bytes;
  var word = words[at_word];
  for (var k = 0u; k < each; k++) {
    let i = at_word * each + k;
    if (i >= v.samples) { break; }
    let before = raw_sample(i, v.bytes);
    word ^= (before ^ revised(i, before)) << (bits * k);
  }
  out[at_word] = word;
`,
});

/** The region's samples with changes of normalised code values added. */
export function addChanges(
  queue: GpuQueue,
  { region, words, colour }: ChangedRegion,
  of: { readonly placed: GpuMemory; readonly changes: GpuMemory },
  options: ApplyOptions,
): GpuMemory {
  const { format, roi, bytes } = region;
  const { facts, feet } = planeFacts(region, colour, options);
  const { unit, max } = codeScale(format, format.planes[0].component, colour);
  const chroma = format.planes[format.model === 'yuv' ? 1 : 0];
  const out = queue.memory.lend(bytes.length);
  const all_words = Math.ceil(bytes.length / 4);
  queue.run(ADD_CHANGES, {
    values: {
      all_words,
      samples: bytes.length / format.bytes,
      bytes: format.bytes,
      width: roi.width,
      height: roi.height,
      planes: facts.length / FACTS.length,
      most: Number.isFinite(max) ? max : 0,
      unit,
      chroma_unit: codeScale(format, chroma.component, colour).unit,
    },
    buffers: { words, ...of, facts, feet, out },
    threads: [all_words],
  });
  return out;
}

/** Which of the three planes of changes each component takes. */
const CHANGES_OF: Partial<Record<Component, number>> = { R: 0, G: 1, B: 2, Y: 0, Cb: 1, Cr: 2 };

/** What the device must know of each plane but alpha, which comes last and is not touched. */
function planeFacts({ format, roi }: Region, colour: PlateColour, { seed, frame }: ApplyOptions) {
  const facts: number[] = [];
  const feet: number[] = [];
  let end = 0;
  format.planes.forEach((plane, k) => {
    const component = CHANGES_OF[plane.component];
    if (component === undefined) return;
    const { width, height } = planeSize(plane, roi.width, roi.height);
    const { originX, originY, pitchX, pitchY } = sitingOf(plane, colour.tags);
    end += width * height;
    facts.push(end, width, pitchX, pitchY, component, roi.x >> plane.shiftX, roi.y >> plane.shiftY);
    facts.push(ditherPlane(seed, frame, k));
    for (const { first, weights } of [footprintAlong(originX, pitchX), footprintAlong(originY, pitchY)]) {
      const padded = Array.from({ length: WIDEST_FOOTPRINT }, (_, i) => weights[i] ?? 0);
      feet.push(first, weights.length, ...padded);
    }
  });
  return { facts: Int32Array.from(facts), feet: Float32Array.from(feet) };
}

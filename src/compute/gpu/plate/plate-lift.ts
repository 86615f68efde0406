import { lumaWeights } from '../../../film/colour.ts';
import type { Region } from '../../../film/plate.ts';
import { codeScale } from '../../../film/plate-colour.ts';
import { planeSize } from '../../../film/sample-format.ts';
import { fastCurve } from '../../cpu/plate/fast-curve.ts';
import { liftSampling } from '../../cpu/plate/lift.ts';
import { BRIGHTEST_SAMPLE, codeTable, planePlace } from '../../cpu/plate/samples.ts';
import type { PatchPlace } from '../../plates.ts';
import type { GpuMemory } from '../device/gpu-memory.ts';
import type { GpuQueue } from '../device/gpu-queue.ts';
import { kernel, SAMPLES } from '../device/kernel.ts';
import { sampleAffine } from './affine-sampling.ts';
import type { KeptTables } from './kept-tables.ts';
import { WORDS } from './plate-words.ts';
import { CURVES, transferNumber } from './transfer.ts';

/** WGSL: where the value of sample `i` of a plane goes: the planes of RGB lie as G, B, R, and are sampled as R, G, B. */
const PLACE_OF = `
fn place_of(plane: u32, i: u32) -> u32 { return ((plane + v.turn) % 3u) * v.area + i; }
`;

const DECODE = kernel({
  name: 'decode',
  values: { first: 'u32', area: 'u32', turn: 'u32', bytes: 'u32', last: 'u32' },
  reads: { words: 'u32', codes: 'f32' },
  writes: { out: 'f32' },
  group: SAMPLES,
  functions: WORDS + PLACE_OF,
  main: `
  if (at.x >= v.area) { return; }
  // A 10-bit sample in 16-bit memory may carry stray high bits; they are not a picture.
  out[place_of(at.y, at.x)] = codes[min(raw_sample(v.first + at.y * v.area + at.x, v.bytes), v.last)];
`,
});

const DECODE_FLOAT = kernel({
  name: 'decode float',
  values: { area: 'u32', turn: 'u32', transfer: 'u32' },
  reads: { words: 'u32', tables: 'u32' },
  writes: { out: 'f32' },
  group: SAMPLES,
  functions: WORDS + PLACE_OF + CURVES,
  main: `
  if (at.x >= v.area) { return; }
  let bits = words[at.y * v.area + at.x];
  var x = 0.0;
  if (is_finite(bits)) {
    x = clamp(bitcast<f32>(bits), -${BRIGHTEST_SAMPLE}.0, ${BRIGHTEST_SAMPLE}.0);
  } else if ((bits & 0x7fffffu) == 0u) {
    x = select(${BRIGHTEST_SAMPLE}.0, -${BRIGHTEST_SAMPLE}.0, (bits >> 31u) == 1u);
  }
  if (v.transfer > 0u) { x = to_display(x, v.transfer); }
  out[place_of(at.y, at.x)] = x;
`,
});

const TO_RGB = kernel({
  name: 'to rgb',
  values: { area: 'u32', grey: 'u32', kr: 'f32', kb: 'f32', transfer: 'u32' },
  reads: { planes: 'f32', tables: 'u32' },
  writes: { out: 'f32' },
  group: SAMPLES,
  functions: CURVES,
  main: `
  if (at.x >= v.area) { return; }
  let y = planes[at.x];
  var rgb = vec3f(y);
  if (v.grey == 0u) {
    let r = y + 2.0 * (1.0 - v.kr) * planes[2u * v.area + at.x];
    let b = y + 2.0 * (1.0 - v.kb) * planes[v.area + at.x];
    rgb = vec3f(r, (y - v.kr * r - v.kb * b) / (1.0 - v.kr - v.kb), b);
    if (v.transfer > 0u) {
      rgb = vec3f(to_display(rgb.x, v.transfer), to_display(rgb.y, v.transfer), to_display(rgb.z, v.transfer));
    }
  }
  out[at.x] = rgb.x;
  out[v.area + at.x] = rgb.y;
  out[2u * v.area + at.x] = rgb.z;
`,
});

/** See `PlateOperations.lift`: three planes of the patch's side. */
export function liftOnDevice(queue: GpuQueue, kept: KeptTables, region: Region, place: PatchPlace): GpuMemory {
  const { size, colour } = place;
  const { model } = region.format;
  const area = size * size;
  const out = queue.lend(3 * area);
  using words = queue.filled(region.bytes);
  const source = { region, words, place };
  if (model === 'rgb') {
    samplePlanes(queue, kept, { ...source, plane: 0, planes: 3 }, { out, plane: 0 });
    return out;
  }
  using sampled = queue.lend((model === 'gray' ? 1 : 3) * area);
  samplePlanes(queue, kept, { ...source, plane: 0, planes: 1 }, { out: sampled, plane: 0 });
  if (model === 'yuv') samplePlanes(queue, kept, { ...source, plane: 1, planes: 2 }, { out: sampled, plane: 1 });
  const { kr, kb } = lumaWeights(colour.tags.matrix, colour.plateHeight);
  queue.run(TO_RGB, {
    values: { area, grey: model === 'gray' ? 1 : 0, kr, kb, transfer: transferNumber(colour.transfer) },
    buffers: { planes: sampled, tables: kept.transfer(colour.transfer), out },
    threads: [area],
  });
  return out;
}

/** Planes of a region that are coded alike and lie at one siting. */
interface AlikePlanes {
  readonly region: Region;
  readonly words: GpuMemory;
  readonly place: PatchPlace;
  /** The first of them in the format's order, and how many. */
  readonly plane: number;
  readonly planes: number;
}

/** Decodes planes, and samples them at every pixel of the patch. */
function samplePlanes(
  queue: GpuQueue,
  kept: KeptTables,
  { region, words, place, plane, planes }: AlikePlanes,
  to: { readonly out: GpuMemory; readonly plane: number },
): void {
  const { format, roi } = region;
  const { colour } = place;
  const planeFormat = format.planes[plane];
  const { width, height } = planeSize(planeFormat, roi.width, roi.height);
  const area = width * height;
  // Only luma lies before chroma.
  const first = plane === 0 ? 0 : roi.width * roi.height;
  const turn = format.model === 'rgb' ? 1 : 0;
  using samples = queue.lend(planes * area);
  const decoded = { words, out: samples };
  const transfer = format.model === 'yuv' ? 'rec709' : colour.transfer;
  if (format.kind === 'float') {
    queue.run(DECODE_FLOAT, {
      values: { area, turn, transfer: transferNumber(transfer) },
      buffers: { ...decoded, tables: kept.transfer(transfer) },
      threads: [area, planes],
    });
  } else {
    const curve = fastCurve(transfer)?.toDisplay;
    const codes = codeTable(codeScale(format, planeFormat.component, colour), curve ? transfer : '', curve);
    queue.run(DECODE, {
      values: { first, area, turn, bytes: format.bytes, last: codes.length - 1 },
      buffers: { ...decoded, codes: kept.of(codes) },
      threads: [area, planes],
    });
  }
  const sampling = liftSampling(planePlace(region, planeFormat, colour), place);
  sampleAffine(queue, { samples, width, height, planes }, { ...to, ...sampling });
}

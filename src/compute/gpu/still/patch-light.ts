import { bandPlaces } from '../../../face/band.ts';
import { corners } from '../../../face/bilinear.ts';
import type { Landmarks } from '../../../face/landmarks.ts';
import { BRIGHTEST, DARKEST, OUTLYING } from '../../../face/light.ts';
import { BAND_DIRECTIONS } from '../../../face/observation.ts';
import { skinSamples } from '../../../face/skin.ts';
import type { Image } from '../../image.ts';
import { squareSide } from '../../image-handles.ts';
import type { GpuMemory } from '../device/gpu-memory.ts';
import type { GpuQueue } from '../device/gpu-queue.ts';
import { kernel, SAMPLES } from '../device/kernel.ts';
import { LUMA } from '../filter/filter-passes.ts';
import { memoryOf } from '../gpu-image.ts';
import { LAB } from './reinhard.ts';

// Places come from landmarks, and are the host's; a few hundred samples are taken at them, which is work for one workgroup.

/** What a kernel reads that samples a patch at places: see `cornersOf`. */
const SPOTS = { rgb: 'f32', corner: 'u32', fraction: 'f32' } as const;

/** `spot(k, plane)`: the plane that begins at sample `plane` of `rgb`, bilinear at place `k`. */
const SPOT = `
fn spot(k: u32, plane: u32) -> f32 {
  let above = mix(rgb[plane + corner[4u * k]], rgb[plane + corner[4u * k + 1u]], fraction[2u * k]);
  let below = mix(rgb[plane + corner[4u * k + 2u]], rgb[plane + corner[4u * k + 3u]], fraction[2u * k]);
  return mix(above, below, fraction[2u * k + 1u]);
}
`;

/** The pixels around each place of a patch, four a place, and how near the right and the lower ones are, two a place. */
function cornersOf(count: number, size: number, place: (k: number) => readonly [x: number, y: number]) {
  const corner = new Uint32Array(4 * count);
  const fraction = new Float32Array(2 * count);
  for (let k = 0; k < count; k++) {
    const { a, b, c, d, fx, fy } = corners(...place(k), size, size);
    corner.set([a, b, c, d], 4 * k);
    fraction.set([fx, fy], 2 * k);
  }
  return { corner, fraction };
}

const COLOUR = kernel({
  name: 'colour of patch',
  values: { count: 'u32', area: 'u32' },
  reads: { ...SPOTS, weights: 'f32' },
  // l, α, β and weight of each place, read again by the thread that wrote them; mean and deviation.
  writes: { seen: 'f32', out: 'f32' },
  group: SAMPLES,
  functions: `
${SPOT}
${LUMA}
${LAB}
var<workgroup> sums: array<vec4f, 256>;
// Every thread adds up what all have: a tree has a barrier at each of its eight levels, which take some drivers ten seconds to compile.
fn summed(lane: u32, own: vec4f) -> vec4f {
  // What was summed before is read by then.
  workgroupBarrier();
  sums[lane] = own;
  workgroupBarrier();
  var all = vec4f(0.0);
  for (var k = 0u; k < min(256u, v.count); k++) { all += sums[k]; }
  return all;
}
`,
  main: `
  for (var k = lane; k < v.count; k += 256u) {
    let colour = vec3f(spot(k, 0u), spot(k, v.area), spot(k, 2u * v.area));
    let lab = lab_of(colour);
    let luma = luma_of(colour.x, colour.y, colour.z);
    let weight = select(0.0, weights[k], luma >= ${DARKEST} && luma <= ${BRIGHTEST});
    seen[4u * k] = lab.x;
    seen[4u * k + 1u] = lab.y;
    seen[4u * k + 2u] = lab.z;
    seen[4u * k + 3u] = weight;
  }
  // The mean and the deviation from it; and both once more, of what does not lie too far out.
  var mean = vec3f(0.0);
  var deviation = vec3f(0.0);
  for (var look = 0u; look < 4u; look++) {
    var sum = vec4f(0.0);
    for (var k = lane; k < v.count; k += 256u) {
      let lab = vec3f(seen[4u * k], seen[4u * k + 1u], seen[4u * k + 2u]);
      let off = lab - mean;
      let isFar = look == 2u && abs(off.x) > ${OUTLYING} * deviation.x;
      let weight = select(seen[4u * k + 3u], 0.0, isFar);
      seen[4u * k + 3u] = weight;
      sum += weight * vec4f(1.0, select(lab, off * off, (look & 1u) == 1u));
    }
    let total = summed(lane, sum);
    // 0 where nothing has weight.
    let found = select(vec3f(0.0), total.yzw / max(total.x, 1e-30), total.x > 0.0);
    if ((look & 1u) == 0u) { mean = found; } else { deviation = sqrt(found); }
  }
  if (lane == 0u) {
    for (var c = 0u; c < 3u; c++) {
      out[c] = mean[c];
      out[3u + c] = deviation[c];
    }
  }
`,
});

/** The six numbers of `LightOperations.colourOfPatch`. */
export function measuredColour(queue: GpuQueue, image: Image, landmarks: Landmarks): GpuMemory {
  const size = squareSide(image);
  const spots = skinSamples(landmarks);
  const count = spots.length / 3;
  const isInside = (v: number) => v >= 0 && v <= size;
  const weights = Float32Array.from({ length: count }, (_, k) =>
    isInside(spots[3 * k]) && isInside(spots[3 * k + 1]) ? spots[3 * k + 2] : 0,
  );
  using seen = queue.lend(4 * count);
  const out = queue.lend(6);
  queue.run(COLOUR, {
    values: { count, area: size * size },
    buffers: {
      rgb: memoryOf(image),
      ...cornersOf(count, size, (k) => [spots[3 * k], spots[3 * k + 1]]),
      weights,
      seen,
      out,
    },
    threads: [1],
  });
  return out;
}

const BAND = kernel({
  name: 'band of patch',
  values: { area: 'u32', rings: 'u32', between: 'u32', reach: 'i32' },
  reads: { ...SPOTS, weights: 'f32' },
  // The means of the fine directions, three numbers each; the band.
  writes: { fine: 'f32', out: 'f32' },
  group: SAMPLES,
  functions: SPOT,
  main: `
  let count = ${BAND_DIRECTIONS}u * v.between;
  for (var i = lane; i < 3u * count; i += 256u) {
    var sum = 0.0;
    for (var ring = 0u; ring < v.rings; ring++) { sum += spot((i / 3u) * v.rings + ring, (i % 3u) * v.area); }
    fine[i] = sum / f32(v.rings);
  }
  storageBarrier();
  for (var i = lane; i < ${3 * BAND_DIRECTIONS}u; i += 256u) {
    var sum = 0.0;
    for (var o = -v.reach; o <= v.reach; o++) {
      let f = u32(i32((i / 3u) * v.between + count) + o) % count;
      sum += weights[abs(o)] * fine[3u * f + i % 3u];
    }
    out[i] = sum;
  }
`,
});

/** The numbers of `LightOperations.bandOfPatch`, three a direction. */
export function measuredBand(queue: GpuQueue, image: Image, landmarks: Landmarks): GpuMemory {
  const size = squareSide(image);
  const { xy, rings, between, weights } = bandPlaces(landmarks);
  const count = xy.length / 2;
  const total = weights.reduce((sum, weight, o) => sum + (o === 0 ? 1 : 2) * weight, 0);
  using fine = queue.lend((3 * count) / rings);
  const out = queue.lend(3 * BAND_DIRECTIONS);
  queue.run(BAND, {
    values: { area: size * size, rings, between, reach: weights.length - 1 },
    buffers: {
      rgb: memoryOf(image),
      ...cornersOf(count, size, (k) => [xy[2 * k], xy[2 * k + 1]]),
      weights: Float32Array.from(weights, (weight) => weight / total),
      fine,
      out,
    },
    threads: [1],
  });
  return out;
}

import { LMS_FLOOR, LMS_TO_RGB, RGB_TO_LMS } from '../../../face/lalphabeta.ts';
import { NO_CONTRAST, TO_LAB } from '../../cpu/still/reinhard.ts';
import type { Image } from '../../image.ts';
import { samplesIn } from '../../image-handles.ts';
import type { ColourTransferOptions } from '../../lights.ts';
import type { GpuMemory } from '../device/gpu-memory.ts';
import type { GpuQueue } from '../device/gpu-queue.ts';
import { kernel, SAMPLES } from '../device/kernel.ts';
import { imageIn, memoryOf } from '../gpu-image.ts';

/** A matrix in rows as WGSL, which has them in columns: `v * matrix` is the matrix times the vector. */
function matrixOf(rows: readonly number[]): string {
  return `mat3x3f(${rows.join(', ')})`;
}

/** WGSL: `lab_of` turns a colour into lαβ, and `TO_LAB` log10 LMS (Reinhard, Ashikhmin, Gooch and Shirley 2001, eq. 4–6). */
export const LAB = `
const RGB_TO_LMS = ${matrixOf(RGB_TO_LMS)};
const TO_LAB = ${matrixOf(TO_LAB)};
fn lab_of(rgb: vec3f) -> vec3f {
  return (${Math.log10(2)} * log2(max(vec3f(${LMS_FLOOR}), rgb * RGB_TO_LMS))) * TO_LAB;
}
`;

const TRANSFER_COLOUR = kernel({
  name: 'transfer colour',
  values: { area: 'u32', least: 'f32', greatest: 'f32' },
  reads: { rgb: 'f32', mask: 'f32', own: 'f32', wanted: 'f32' },
  writes: { out: 'f32' },
  group: SAMPLES,
  functions: `
${LAB}
const LMS_TO_RGB = ${matrixOf(LMS_TO_RGB)};
`,
  main: `
  let i = at.x;
  if (i >= v.area) { return; }
  var colour = vec3f(rgb[i], rgb[v.area + i], rgb[2u * v.area + i]);
  if (mask[i] > 0.0) {
    var lab = lab_of(colour);
    for (var k = 0u; k < 3u; k++) {
      // A source without contrast keeps it: there is nothing to stretch.
      let source = own[3u + k];
      let ratio = select(1.0, clamp(wanted[3u + k] / max(source, ${NO_CONTRAST}), v.least, v.greatest), source > ${NO_CONTRAST});
      lab[k] = ratio * (lab[k] - own[k]) + wanted[k];
    }
    // Orthonormal: its transpose turns back.
    colour = exp2(${Math.log2(10)} * (TO_LAB * lab)) * LMS_TO_RGB;
  }
  out[i] = colour.x;
  out[v.area + i] = colour.y;
  out[2u * v.area + i] = colour.z;
`,
});

/** See `LightOperations.transferColour`. @param own mean and deviation of `rgb` in lαβ */
export function recoloured(
  queue: GpuQueue,
  rgb: Image,
  where: Image,
  { own, to, leastRatio, greatestRatio }: ColourTransferOptions & { readonly own: GpuMemory },
): Image {
  const area = rgb.width * rgb.height;
  const out = queue.lend(samplesIn(rgb));
  queue.run(TRANSFER_COLOUR, {
    values: { area, least: leastRatio, greatest: greatestRatio },
    buffers: { rgb: memoryOf(rgb), mask: memoryOf(where), own, wanted: Float32Array.from(to), out },
    threads: [area],
  });
  return imageIn(out, rgb);
}

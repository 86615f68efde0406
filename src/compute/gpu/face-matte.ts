import type { Landmarks } from '../../face/landmarks.ts';
import { edgeFade, matteSpline } from '../../face/matte.ts';
import type { FaceMatteOptions } from '../masks.ts';
import type { GpuMemory } from './gpu-memory.ts';
import type { GpuQueue } from './gpu-queue.ts';
import { kernel } from './kernel.ts';

const FACE_MATTE = kernel({
  name: 'face matte',
  values: {
    size: 'u32',
    left: 'i32',
    right: 'i32',
    top: 'i32',
    bottom: 'i32',
    columns: 'u32',
    soft: 'f32',
    strength: 'f32',
    area_left: 'i32',
    area_right: 'i32',
    area_top: 'i32',
    area_bottom: 'i32',
  },
  reads: { grid: 'f32', knots: 'i32', weights: 'f32', fade: 'f32' },
  writes: { out: 'f32' },
  main: `
  if (at.x >= v.size || at.y >= v.size) { return; }
  let x = i32(at.x);
  let y = i32(at.y);
  let o = at.y * v.size + at.x;
  out[o] = 0.0;
  if (x < max(v.left, v.area_left) || x >= min(v.right, v.area_right)) { return; }
  if (y < max(v.top, v.area_top) || y >= min(v.bottom, v.area_bottom)) { return; }
  // Columns first, then rows.
  let c = u32(x - v.left);
  let r = u32(v.right - v.left + y - v.top);
  var distance = 0.0;
  for (var i = 0u; i < 4u; i++) {
    var line = 0.0;
    for (var k = 0u; k < 4u; k++) {
      line += weights[4u * r + k] * grid[(u32(knots[r]) + k) * v.columns + u32(knots[c]) + i];
    }
    distance += weights[4u * c + i] * line;
  }
  if (!(distance > 0.0)) { return; }
  // Without a soft edge the matte is 1 from the outline inwards.
  let t = select(1.0, min(distance / v.soft, 1.0), v.soft > 0.0);
  out[o] = t * t * (3.0 - 2.0 * t) * fade[at.x] * fade[at.y] * v.strength;
`,
});

/** See `MaskOperations.faceMatte`: where the outline lies is found here, every pixel on the device. */
export function drawFaceMatteOnDevice(
  queue: GpuQueue,
  landmarks: Landmarks,
  size: number,
  options: FaceMatteOptions,
): GpuMemory {
  const spline = matteSpline(landmarks, size, options) ?? NOWHERE;
  const { left, right, top, bottom, columns, soft, grid, across, down } = spline;
  const { area, margin } = options.within ?? { area: { x: 0, y: 0, width: size, height: size }, margin: 0 };
  const out = queue.lend(size * size);
  queue.run(FACE_MATTE, {
    values: {
      size,
      left,
      right,
      top,
      bottom,
      columns,
      soft,
      strength: Math.min(1, options.strength ?? 1),
      area_left: Math.ceil(area.x - margin),
      area_right: Math.ceil(area.x + area.width + margin),
      area_top: Math.ceil(area.y - margin),
      area_bottom: Math.ceil(area.y + area.height + margin),
    },
    buffers: {
      grid,
      knots: Int32Array.of(...across.knot, ...down.knot),
      weights: Float32Array.of(...across.weight, ...down.weight),
      fade: Float32Array.from({ length: size }, (_, i) => edgeFade(i, size)),
      out,
    },
    threads: [size, size],
  });
  return out;
}

/** An outline outside the patch. */
const NO_TAPS = { knot: new Int32Array(1), weight: new Float32Array(4) };
const NOWHERE = {
  left: 0,
  right: 0,
  top: 0,
  bottom: 0,
  columns: 1,
  soft: 0,
  grid: new Float32Array(1),
  across: NO_TAPS,
  down: NO_TAPS,
};

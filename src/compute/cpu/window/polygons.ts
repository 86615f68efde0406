import { insideDistance } from '../../../face/matte.ts';
import { polygonBounds } from '../../../face/polygon-bounds.ts';

/** See `MaskOperations.polygons`: writes the mask to `out`, `Float32Array` of size². */
export function drawPolygons(polygons: readonly Float32Array[], size: number, margin: number, out: Float32Array): void {
  out.fill(0);
  for (const polygon of polygons) {
    const { left, top, right, bottom } = polygonBounds(polygon);
    const lastX = inPicture(right + margin, size);
    const lastY = inPicture(bottom + margin, size);
    for (let y = inPicture(top - margin, size); y <= lastY; y++) {
      for (let x = inPicture(left - margin, size); x <= lastX; x++) {
        if (insideDistance(polygon, x + 0.5, y + 0.5) > -margin) out[y * size + x] = 1;
      }
    }
  }
}

function inPicture(v: number, size: number): number {
  return Math.min(size - 1, Math.max(0, Math.round(v)));
}

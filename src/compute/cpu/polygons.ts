import { insideDistance } from '../../face/matte.ts';

/** See `MaskOperations.polygons`: writes the mask to `out`, `Float32Array` of size². */
export function drawPolygons(polygons: readonly Float32Array[], size: number, margin: number, out: Float32Array): void {
  out.fill(0);
  for (const polygon of polygons) {
    const { left, top, right, bottom } = boundsOf(polygon);
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

function boundsOf(polygon: Float32Array) {
  const bounds = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  for (let o = 0; o < polygon.length; o += 2) {
    bounds.left = Math.min(bounds.left, polygon[o]);
    bounds.right = Math.max(bounds.right, polygon[o]);
    bounds.top = Math.min(bounds.top, polygon[o + 1]);
    bounds.bottom = Math.max(bounds.bottom, polygon[o + 1]);
  }
  return bounds;
}

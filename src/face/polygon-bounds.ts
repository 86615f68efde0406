/** The smallest rectangle around the corners of a polygon, x and y each; infinite the wrong way round where it has none. */
export function polygonBounds(polygon: Float32Array): { left: number; top: number; right: number; bottom: number } {
  const bounds = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  for (let o = 0; o < polygon.length; o += 2) {
    bounds.left = Math.min(bounds.left, polygon[o]);
    bounds.right = Math.max(bounds.right, polygon[o]);
    bounds.top = Math.min(bounds.top, polygon[o + 1]);
    bounds.bottom = Math.max(bounds.bottom, polygon[o + 1]);
  }
  return bounds;
}

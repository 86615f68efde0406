import { applyX, applyY, type Similarity } from '../../face/similarity.ts';
import { smoothstep } from '../../film/interpolate.ts';

/** Width of the border over which an answer fades out, over the crop's side: nothing shows where its square ended. */
const BORDER = 1 / 16;

/** How far an answer counts at each pixel of a crop: 1 inside, 0 along the outermost pixels. `Float32Array` of side². */
export function insideOfCrop(side: number): Float32Array {
  return Float32Array.from({ length: side * side }, (_, i) => {
    return insideAt((i % side) + 0.5, Math.floor(i / side) + 0.5, side);
  });
}

/** The same at each pixel of a patch of side `size`, 0 beyond the crop. */
export function insideOnPatch(toCrop: Similarity, side: number, size: number): Float32Array {
  return Float32Array.from({ length: size * size }, (_, i) => {
    const [x, y] = [(i % size) + 0.5, Math.floor(i / size) + 0.5];
    return insideAt(applyX(toCrop, x, y), applyY(toCrop, x, y), side);
  });
}

function insideAt(x: number, y: number, side: number): number {
  const toEdge = Math.min(x, y, side - x, side - y);
  return smoothstep(1, 1 + BORDER * side, toEdge);
}

import { fivePoints, interOcular, type Landmarks } from '../../face/landmarks.ts';

/** Offset of each landmark from another network's, along the face's own axes: x, y, z triples over inter-ocular distance. */
export type Offset = Float32Array;

/** Offset from `carrier` to `refined`, along the axes of `carrier`. */
export function offsetOf(carrier: Landmarks, refined: Landmarks): Offset {
  const { a, b } = axesOf(carrier);
  const d = a * a + b * b;
  const offset = new Float32Array(carrier.length);
  for (let i = 0; i + 2 < offset.length; i += 3) {
    const dx = (refined[i] as number) - (carrier[i] as number);
    const dy = (refined[i + 1] as number) - (carrier[i + 1] as number);
    offset[i] = (a * dx + b * dy) / d;
    offset[i + 1] = (a * dy - b * dx) / d;
    offset[i + 2] = ((refined[i + 2] as number) - (carrier[i + 2] as number)) / Math.sqrt(d);
  }
  return offset;
}

/** Landmarks moved by an offset that turns and scales with the face. */
export function movedBy(carrier: Landmarks, offset: Offset): Landmarks {
  const { a, b } = axesOf(carrier);
  const size = Math.hypot(a, b);
  const moved = new Float32Array(carrier.length);
  for (let i = 0; i + 2 < moved.length; i += 3) {
    const u = offset[i] as number;
    const v = offset[i + 1] as number;
    moved[i] = (carrier[i] as number) + a * u - b * v;
    moved[i + 1] = (carrier[i + 1] as number) + b * u + a * v;
    moved[i + 2] = (carrier[i + 2] as number) + size * (offset[i + 2] as number);
  }
  return moved;
}

/** Vector from the image-left eye to the right one, pixels. */
function axesOf(landmarks: Landmarks): { readonly a: number; readonly b: number } {
  const five = fivePoints(landmarks);
  const [ax, ay, bx, by] = five as unknown as readonly [number, number, number, number];
  return interOcular(five) > 0 ? { a: bx - ax, b: by - ay } : { a: 1, b: 0 };
}

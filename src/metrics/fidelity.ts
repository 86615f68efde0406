import { type Plane, type Plate, planesOf } from '../film/plate.ts';
import type { Component, PlaneFormat } from '../film/sample-format.ts';

/** Differences of one plane's samples outside the matte. */
export interface PlaneFidelity {
  readonly component: Component;
  /** Samples none of whose pixels has a matte above 0. */
  readonly outside: number;
  /** How many of them are not the same bits. */
  readonly differing: number;
  /** The first that differs, in samples of the plane; null where none does. */
  readonly first: { readonly x: number; readonly y: number } | null;
}

/**
 * Compares two plates outside a matte, bit for bit: a subsampled sample is inside where any of the pixels that share it has a
 * matte above 0; alpha is outside everywhere. `matte` has one entry a pixel of the plate; null = nothing may differ.
 *
 * @throws TypeError when the plates have different formats or sizes.
 */
export function fidelityOutside(before: Plate, after: Plate, matte: ArrayLike<number> | null): PlaneFidelity[] {
  const { format, width, height } = before;
  if (after.format.name !== format.name || after.width !== width || after.height !== height) {
    throw new TypeError(
      `A plate of ${format.name}, ${width} × ${height}, cannot be compared with one of ${after.format.name}, ${after.width} × ${after.height}.`,
    );
  }
  const first = bitPlanes(before);
  const second = bitPlanes(after);
  return format.planes.map((plane, k) => {
    const a = first[k] as BitPlane;
    const b = second[k] as BitPlane;
    const inside = plane.component === 'A' || !matte ? null : coverage(plane, matte, before, a);
    return { component: plane.component, ...compare(a, b, inside) };
  });
}

/** Samples that differ outside the matte, over all planes. The promise is 0. */
export function differingOutside(before: Plate, after: Plate, matte: ArrayLike<number> | null): number {
  return fidelityOutside(before, after, matte).reduce((sum, plane) => sum + plane.differing, 0);
}

interface BitPlane {
  readonly width: number;
  readonly height: number;
  /** The samples as bits, so that NaN equals itself and −0 is not 0. */
  readonly words: Uint8Array | Uint16Array | Uint32Array;
}

function bitPlanes(plate: Plate): BitPlane[] {
  return planesOf(plate.format, plate.bytes, plate.width, plate.height).map(({ samples, width, height }: Plane) => ({
    width,
    height,
    words:
      samples instanceof Float32Array ? new Uint32Array(samples.buffer, samples.byteOffset, samples.length) : samples,
  }));
}

/** 1 where a sample shares a pixel with the matte. */
function coverage(plane: PlaneFormat, matte: ArrayLike<number>, { width, height }: Plate, size: BitPlane): Uint8Array {
  const inside = new Uint8Array(size.width * size.height);
  for (let y = 0, i = 0; y < height; y++) {
    const row = (y >> plane.shiftY) * size.width;
    for (let x = 0; x < width; x++, i++) if (matte[i] > 0) inside[row + (x >> plane.shiftX)] = 1;
  }
  return inside;
}

function compare(a: BitPlane, b: BitPlane, inside: Uint8Array | null): Omit<PlaneFidelity, 'component'> {
  let outside = 0;
  let differing = 0;
  let first: PlaneFidelity['first'] = null;
  for (let i = 0; i < a.words.length; i++) {
    if (inside?.[i] === 1) continue;
    outside += 1;
    if (a.words[i] === b.words[i]) continue;
    differing += 1;
    first ??= { x: i % a.width, y: Math.floor(i / a.width) };
  }
  return { outside, differing, first };
}

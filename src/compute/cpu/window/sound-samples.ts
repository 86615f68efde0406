/** Masks of one patch, of side `size`; `dirt` has half the side. */
interface DamageMasks {
  readonly size: number;
  readonly dirt: Float32Array;
  readonly scratched: Float32Array | null;
  readonly where: Float32Array;
}

/** See `MaskOperations.soundSamples`: writes 1 or 0 to `own` (size²) and returns the share of what is looked at that is damaged. */
export function soundSamples({ size, dirt, scratched, where }: DamageMasks, own: Float32Array): number {
  const half = size >> 1;
  let face = 0;
  let damaged = 0;
  for (let y = 0, i = 0; y < size; y++) {
    const row = (y >> 1) * half;
    for (let x = 0; x < size; x++, i++) {
      const isDirt = dirt[row + (x >> 1)] === 1;
      own[i] = isDirt ? 0 : 1;
      if (!(where[i] > 0)) continue;
      face += 1;
      if (isDirt || (scratched !== null && scratched[i] > 0)) damaged += 1;
    }
  }
  return face > 0 ? damaged / face : 0;
}

/** Mean of `values` in the ring of `width` pixels around a region, what else is marked or negative left out. */
export function meanAround(
  region: readonly number[],
  { values, mask, size }: { readonly values: Float32Array; readonly mask: Float32Array; readonly size: number },
  width: number,
): number {
  const ring = new Set<number>();
  const steps = [-width, 0, width];
  for (const i of region) {
    const x = i % size;
    const y = (i - x) / size;
    for (const dx of steps) {
      for (const dy of steps) {
        const [u, v] = [x + dx, y + dy];
        if (
          u >= 0 &&
          v >= 0 &&
          u < size &&
          v < size &&
          mask[v * size + u] !== 1 &&
          (values[v * size + u] as number) >= 0
        ) {
          ring.add(v * size + u);
        }
      }
    }
  }
  let sum = 0;
  for (const i of ring) sum += values[i] as number;
  return ring.size > 0 ? sum / ring.size : 0;
}

/** Clears connected regions (four neighbours) that are smaller or larger than specks, or that `isSpeck` refuses. */
export function keepSpecks(
  mask: Float32Array,
  size: number,
  { smallest, largest }: { readonly smallest: number; readonly largest: number },
  isSpeck: (region: readonly number[]) => boolean,
): void {
  const refused: number[] = [];
  const stack: number[] = [];
  const seen = new Float32Array(mask.length);
  for (let first = 0; first < mask.length; first++) {
    if (mask[first] !== 1 || seen[first] === 1) continue;
    const region: number[] = [];
    stack.push(first);
    seen[first] = 1;
    while (stack.length > 0) {
      const i = stack.pop() as number;
      region.push(i);
      const x = i % size;
      const next = [x > 0 ? i - 1 : -1, x + 1 < size ? i + 1 : -1, i - size, i + size];
      for (const n of next) {
        if (n < 0 || n >= mask.length || mask[n] !== 1 || seen[n] === 1) continue;
        seen[n] = 1;
        stack.push(n);
      }
    }
    if (region.length < smallest || region.length > largest || !isSpeck(region)) refused.push(...region);
  }
  for (const i of refused) mask[i] = 0;
}

/** The mask grown by a disc. */
export function dilated(mask: Float32Array, size: number, radius: number): Float32Array {
  const out = Float32Array.from(mask);
  for (let i = 0; i < mask.length; i++) {
    if (mask[i] !== 1) continue;
    const x = i % size;
    const y = (i - x) / size;
    for (let v = Math.max(0, Math.ceil(y - radius)); v <= Math.min(size - 1, y + radius); v++) {
      const reach = Math.floor(Math.sqrt(radius * radius - (v - y) ** 2));
      out.fill(1, v * size + Math.max(0, x - reach), v * size + Math.min(size - 1, x + reach) + 1);
    }
  }
  return out;
}

/** How many bits are looked at at once, from the top, and how many values are counted in that many places. */
const BITS = 11;
const PLACES = 1 << BITS;
/** What is left of 32 bits after three looks of 11, 11 and 10. */
const SHIFTS = [21, 10, 0] as const;

/**
 * The value below which a share `q` (0 … 1) of the values lies: the element of rank ⌊q · length⌋; NaN without values. They stay in their
 * order.
 *
 * Radix selection over the bits of 32-bit floats: nothing but whole numbers is counted and compared, so that every device finds the same
 * element.
 */
export function valueAtShare(values: Float32Array, q: number): number {
  if (values.length === 0) return Number.NaN;
  let keys = sortableBits(values);
  let rank = Math.min(values.length - 1, Math.floor(q * values.length));
  const counts = new Int32Array(PLACES);
  let count = keys.length;
  for (const shift of SHIFTS) {
    counts.fill(0);
    for (let i = 0; i < count; i++) counts[(keys[i] >>> shift) & (PLACES - 1)] += 1;
    let place = 0;
    while (rank >= counts[place]) rank -= counts[place++];
    let kept = 0;
    for (let i = 0; i < count; i++) {
      const key = keys[i];
      if (((key >>> shift) & (PLACES - 1)) === place) keys[kept++] = key;
    }
    count = kept;
  }
  keys = keys.subarray(0, 1);
  keys[0] = keys[0] < 0 ? keys[0] ^ TOP : ~keys[0];
  return new Float32Array(keys.buffer, 0, 1)[0];
}

const TOP = 1 << 31;

/** The bits of each float as a number that, taken without sign, sorts as the float does. New memory. */
function sortableBits(values: Float32Array): Int32Array {
  const keys = new Int32Array(values.length);
  keys.set(new Int32Array(values.buffer, values.byteOffset, values.length));
  for (let i = 0; i < keys.length; i++) keys[i] ^= (keys[i] >> 31) | TOP;
  return keys;
}

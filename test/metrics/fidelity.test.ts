import { describe, expect, it } from 'vitest';
import type { Plate } from '../../src/film/plate.ts';
import { differingOutside, fidelityOutside } from '../../src/metrics/fidelity.ts';
import { drawnPlate, FORMATS, noisePlate, planes } from '../compute/plates.ts';

const WIDTH = 13;
const HEIGHT = 9;

/** The plate with one sample of plane `k` raised by one step of its bits. */
function touched(plate: Plate, k: number, x: number, y: number): Plate {
  const copy = { ...plate, bytes: plate.bytes.slice() };
  const plane = planes(copy)[k];
  if (!plane) throw new Error(`There is no plane ${k}.`);
  const at = plane.samples.byteOffset + (y * plane.width + x) * plate.format.bytes;
  copy.bytes[at] = (copy.bytes[at] as number) ^ 1;
  return copy;
}

describe('fidelityOutside', () => {
  it.each(FORMATS)('finds a single changed bit in any plane of %s', (name) => {
    const plate = noisePlate(name, WIDTH, HEIGHT);
    expect(differingOutside(plate, { ...plate, bytes: plate.bytes.slice() }, null)).toBe(0);
    plate.format.planes.forEach(({ component }, k) => {
      const found = fidelityOutside(plate, touched(plate, k, 1, 1), null);
      expect(found.map((plane) => plane.differing)).toEqual(plate.format.planes.map((_, n) => (n === k ? 1 : 0)));
      expect(found[k]).toMatchObject({ component, first: { x: 1, y: 1 } });
    });
  });

  it('counts a chroma sample as inside where any of its pixels has a matte', () => {
    const plate = noisePlate('yuv420p', WIDTH, HEIGHT);
    const matte = new Uint16Array(WIDTH * HEIGHT);
    // Pixel (5, 3) shares chroma sample (2, 1).
    matte[3 * WIDTH + 5] = 1;
    const outside = (k: number, x: number, y: number) => differingOutside(plate, touched(plate, k, x, y), matte);
    expect([outside(0, 5, 3), outside(1, 2, 1), outside(2, 2, 1)]).toEqual([0, 0, 0]);
    expect([outside(0, 4, 3), outside(1, 3, 1), outside(2, 2, 0)]).toEqual([1, 1, 1]);
    const counts = fidelityOutside(plate, plate, matte).map((plane) => plane.outside);
    expect(counts).toEqual([WIDTH * HEIGHT - 1, 34, 34]);
  });

  it('never lets alpha change, whatever the matte', () => {
    const plate = noisePlate('gbrap', WIDTH, HEIGHT);
    const matte = new Uint16Array(WIDTH * HEIGHT).fill(65535);
    expect(differingOutside(plate, touched(plate, 3, 2, 2), matte)).toBe(1);
    expect(differingOutside(plate, touched(plate, 0, 2, 2), matte)).toBe(0);
  });

  it('takes NaN for equal to itself, and zero for different from minus zero', () => {
    const plate = drawnPlate('gbrpf32le', WIDTH, HEIGHT, () => Number.NaN);
    expect(differingOutside(plate, { ...plate, bytes: plate.bytes.slice() }, null)).toBe(0);
    const zero = drawnPlate('grayf32le', WIDTH, HEIGHT, () => 0);
    const minus = drawnPlate('grayf32le', WIDTH, HEIGHT, (_, x, y) => (x === 3 && y === 2 ? -0 : 0));
    expect(differingOutside(zero, minus, null)).toBe(1);
  });

  it('refuses plates that cannot be compared', () => {
    expect(() => differingOutside(noisePlate('gray', 4, 4), noisePlate('gray', 4, 5), null)).toThrow(
      'A plate of gray, 4 × 4, cannot be compared with one of gray, 4 × 5.',
    );
  });
});

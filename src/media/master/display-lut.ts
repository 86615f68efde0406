import { type Transfer, transferCurve } from '../../film/colour.ts';

/** Entries of a curve: as many as ffmpeg's `lut1d` takes, so that a straight line between two is no step of 16 bits in the dark. */
const CURVE_SIZE = 65_536;
/** Entries a side of a cube, the customary number; what it holds is smooth. */
const CUBE_SIZE = 33;

/** A .cube file of one curve: code values 0 … 1 as a screen of BT.709 shows them, by the curve that networks see the reel through. */
export function displayCurve(transfer: Transfer): string {
  const { toDisplay } = transferCurve(transfer);
  const lines = Array.from({ length: CURVE_SIZE }, (_, k) => {
    const value = shown(toDisplay(k / (CURVE_SIZE - 1)));
    return `${value} ${value} ${value}`;
  });
  return `LUT_1D_SIZE ${CURVE_SIZE}\n${lines.join('\n')}\n`;
}

/** BT.2020 to BT.709 in linear light (ITU-R BT.2407-0 §2, the inverse of BT.2087-0). */
const TO_BT709 = [
  [1.6605, -0.5876, -0.0728],
  [-0.1246, 1.1329, -0.0083],
  [-0.0182, -0.1006, 1.1187],
] as const;

/** A .cube file that brings display values of BT.2020's primaries to BT.709's; what lies outside these is clipped. */
export function gamutCube(): string {
  const lines: string[] = [];
  const at = (k: number) => k / (CUBE_SIZE - 1);
  for (let b = 0; b < CUBE_SIZE; b++) {
    for (let g = 0; g < CUBE_SIZE; g++) {
      for (let r = 0; r < CUBE_SIZE; r++)
        lines.push(
          toBt709([at(r), at(g), at(b)])
            .map(shown)
            .join(' '),
        );
    }
  }
  return `LUT_3D_SIZE ${CUBE_SIZE}\n${lines.join('\n')}\n`;
}

/** Display values in BT.709's primaries of some in BT.2020's. */
export function toBt709(rgb: readonly [number, number, number]): number[] {
  const { toDisplay, fromDisplay } = transferCurve('linear');
  const light = rgb.map(fromDisplay);
  return TO_BT709.map((row) => toDisplay(row.reduce((sum, weight, k) => sum + weight * (light[k] as number), 0)));
}

function shown(value: number): string {
  return Math.min(1, Math.max(0, value)).toFixed(7);
}

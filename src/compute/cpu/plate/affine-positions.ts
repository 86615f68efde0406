import { MAX_STRETCH, sampleCubic, sampleStretched } from './cubic.ts';

/** Positions as whole samples and fractions 0 … 1 of one: far from the picture's edge a single 32-bit number would lose the fraction. */
interface Positions {
  readonly whole: Int32Array;
  readonly fraction: Float32Array;
}

/**
 * Where the pixels of a grid lie in a picture when an affine map carries them there: what a pixel's column contributes to x and to y, and
 * what its row does. A position is the sum of two, wholes and fractions by themselves.
 */
export interface AffinePositions {
  readonly columnX: Positions;
  readonly columnY: Positions;
  readonly rowX: Positions;
  readonly rowY: Positions;
}

/** `count` numbers, split; `first` is where the picture begins, and is taken off their whole parts. */
export function positions(count: number, at: (i: number) => number, first = 0): Positions {
  const whole = new Int32Array(count);
  const fraction = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    const value = at(i);
    const below = Math.floor(value);
    const rest = Math.fround(value - below);
    // A fraction that rounds up to 1 is the next sample.
    whole[i] = (rest < 1 ? below : below + 1) - first;
    fraction[i] = rest < 1 ? rest : 0;
  }
  return { whole, fraction };
}

export interface AffineSampling {
  readonly at: AffinePositions;
  /** Samples of the picture a pixel of the grid, across and down, where that is more than 1; see `sampleStretched`. */
  readonly stretchX: number;
  readonly stretchY: number;
}

/** Samples planes of `width` · `height` at every pixel of a grid, bicubic, into `out`, as many planes of the grid's size. */
export function sampleAffine(
  planes: readonly Float32Array[],
  { width, height }: { readonly width: number; readonly height: number },
  { at, stretchX, stretchY }: AffineSampling,
  out: readonly Float32Array[],
): void {
  const { columnX, columnY, rowX, rowY } = at;
  const columns = columnX.whole.length;
  const rows = rowX.whole.length;
  const across = Math.min(MAX_STRETCH, Math.max(1, stretchX));
  const down = Math.min(MAX_STRETCH, Math.max(1, stretchY));
  const sharp = across === 1 && down === 1;
  const sample = new Float64Array(planes.length);
  for (let j = 0, o = 0; j < rows; j++) {
    for (let i = 0; i < columns; i++, o++) {
      let x = columnX.whole[i] + rowX.whole[j];
      let y = columnY.whole[i] + rowY.whole[j];
      let fx = Math.fround(columnX.fraction[i] + rowX.fraction[j]);
      let fy = Math.fround(columnY.fraction[i] + rowY.fraction[j]);
      if (fx >= 1) {
        x += 1;
        fx -= 1;
      }
      if (fy >= 1) {
        y += 1;
        fy -= 1;
      }
      if (sharp) sampleCubic(planes, width, height, x, fx, y, fy, sample);
      else sampleStretched(planes, width, height, x, fx, y, fy, across, down, sample);
      for (let k = 0; k < planes.length; k++) out[k][o] = sample[k];
    }
  }
}

/**
 * A picture of side `factor` · `side` by a network that takes pictures of `side`: every `factor`-th pixel of every `factor`-th row is a
 * picture of its own, each is run by itself, and the answers' pixels go back to where theirs came from (FaceFusion's pixel boost). Planar,
 * 3 planes.
 */
export async function boosted(
  picture: Float32Array,
  { side, factor }: { readonly side: number; readonly factor: number },
  network: (rgb: Float32Array) => Promise<Float32Array>,
): Promise<Float32Array> {
  if (factor === 1) return network(picture);
  const out = new Float32Array(picture.length);
  for (let row = 0; row < factor; row++) {
    for (let column = 0; column < factor; column++) {
      const phase = { side, factor, row, column };
      scatter(await network(gathered(picture, phase)), out, phase);
    }
  }
  return out;
}

/** Which of the pictures within a picture. */
interface Phase {
  readonly side: number;
  readonly factor: number;
  readonly row: number;
  readonly column: number;
}

function gathered(picture: Float32Array, phase: Phase): Float32Array {
  const part = new Float32Array(3 * phase.side ** 2);
  eachPixel(phase, (inPart, inWhole) => {
    part[inPart] = picture[inWhole] as number;
  });
  return part;
}

function scatter(part: Float32Array, picture: Float32Array, phase: Phase): void {
  eachPixel(phase, (inPart, inWhole) => {
    picture[inWhole] = part[inPart] as number;
  });
}

function eachPixel({ side, factor, row, column }: Phase, visit: (inPart: number, inWhole: number) => void): void {
  const width = side * factor;
  for (let line = 0, at = 0; line < 3 * side; line++) {
    const first = (line * factor + row) * width + column;
    for (let x = 0; x < side; x++) visit(at++, first + x * factor);
  }
}

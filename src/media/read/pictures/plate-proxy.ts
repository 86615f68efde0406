import { lumaWeights, type Transfer, transferCurve } from '../../../film/colour.ts';
import type { PictureSize } from '../../../film/orientation.ts';
import { type Plane, type Plate, planesOf } from '../../../film/plate.ts';
import { type CodeScale, codeScale, type PlateColour } from '../../../film/plate-colour.ts';
import type { Component, Samples } from '../../../film/sample-format.ts';

/** Steps of the table from normalised code values to display values. */
const STEPS = 65535;

/**
 * A small display-referred picture of a plate for trackers and networks, scaled by area: interleaved 8-bit RGB, width · height · 3 bytes.
 * What `decodeProxy` makes of a reel by ffmpeg, made of a plate that is in memory.
 */
export function plateProxy(plate: Plate, colour: PlateColour, size: PictureSize): Uint8Array {
  const { format } = plate;
  const planes = planesOf(format, plate.bytes, plate.width, plate.height);
  const scaled = new Map<Component, Float32Array>();
  format.planes.forEach(({ component }, k) => {
    if (component === 'A') return;
    const scale = codeScale(format, component, colour);
    scaled.set(component, shrunk(planes[k] as Plane, size, scale));
  });
  const { kr, kb } = lumaWeights(colour.tags.matrix, colour.plateHeight);
  const luma = scaled.get('Y');
  const [cb, cr] = [scaled.get('Cb'), scaled.get('Cr')];
  const [red, green, blue] = [scaled.get('R'), scaled.get('G'), scaled.get('B')];
  const table = displayTable(colour.transfer);
  const rgb = new Uint8Array(size.width * size.height * 3);
  for (let k = 0, at = 0; at < rgb.length; k++, at += 3) {
    let [r, g, b] = [0, 0, 0];
    if (luma && cb && cr) {
      const y = luma[k] as number;
      r = y + 2 * (1 - kr) * (cr[k] as number);
      b = y + 2 * (1 - kb) * (cb[k] as number);
      g = (y - kr * r - kb * b) / (1 - kr - kb);
    } else if (luma) r = g = b = luma[k] as number;
    else if (red && green && blue) [r, g, b] = [red[k] as number, green[k] as number, blue[k] as number];
    rgb[at] = table[place(r)] as number;
    rgb[at + 1] = table[place(g)] as number;
    rgb[at + 2] = table[place(b)] as number;
  }
  return rgb;
}

/** Of a normalised value, its place in a table. */
function place(value: number): number {
  return value <= 0 ? 0 : value >= 1 ? STEPS : (value * STEPS + 0.5) | 0;
}

const tables = new Map<Transfer, Uint8ClampedArray>();

/** 8-bit display values of normalised ones; made once, since a picture has not many more samples than it. */
function displayTable(transfer: Transfer): Uint8ClampedArray {
  const curve = transferCurve(transfer);
  const table =
    tables.get(transfer) ?? Uint8ClampedArray.from({ length: STEPS + 1 }, (_, k) => curve.toDisplay(k / STEPS) * 255);
  tables.set(transfer, table);
  return table;
}

/** A plane scaled by area, its samples normalised and cut to what its kind can show. */
function shrunk({ samples, width, height }: Plane, to: PictureSize, { zero, unit, max }: CodeScale): Float32Array {
  const across = areas(width, to.width);
  const down = areas(height, to.height);
  const out = new Float32Array(to.width * to.height);
  const line = new Float32Array(width);
  // Light beyond white would outshine its neighbours in a mean.
  const isFloat = max === Infinity;
  const [offset, factor] = isFloat ? [0, 1] : [zero, 1 / unit];
  for (let y = 0; y < to.height; y++) {
    const first = down.starts[y] as number;
    const last = down.starts[y + 1] as number;
    for (let k = first; k < last; k++) {
      addRow(line, samples, (down.sources[k] as number) * width, {
        weight: down.weights[k] as number,
        isFirst: k === first,
        isFloat,
      });
    }
    const start = y * to.width;
    if (to.width === width) for (let x = 0; x < width; x++) out[start + x] = ((line[x] as number) - offset) * factor;
    else {
      for (let x = 0; x < to.width; x++) {
        const end = across.starts[x + 1] as number;
        let sum = 0;
        for (let k = across.starts[x] as number; k < end; k++) {
          sum += (across.weights[k] as number) * (line[across.sources[k] as number] as number);
        }
        out[start + x] = (sum - offset) * factor;
      }
    }
  }
  return out;
}

interface RowShare {
  readonly weight: number;
  /** True where it is the first that a line is made of. */
  readonly isFirst: boolean;
  readonly isFloat: boolean;
}

/** Adds a share of a row of samples to a line. */
function addRow(line: Float32Array, samples: Samples, from: number, { weight, isFirst, isFloat }: RowShare): void {
  if (isFirst) line.fill(0);
  if (isFloat) {
    for (let x = 0; x < line.length; x++) {
      line[x] = (line[x] as number) + weight * Math.max(0, Math.min(1, samples[from + x] as number));
    }
    return;
  }
  for (let x = 0; x < line.length; x++) line[x] = (line[x] as number) + weight * (samples[from + x] as number);
}

/** Which samples a scaled one covers, and the share of it that each fills; those of sample `k` are `starts[k]` … `starts[k + 1]`. */
interface Areas {
  readonly starts: Int32Array;
  readonly sources: Int32Array;
  readonly weights: Float32Array;
}

function areas(from: number, to: number): Areas {
  const starts = new Int32Array(to + 1);
  const sources: number[] = [];
  const weights: number[] = [];
  const step = from / to;
  for (let k = 0; k < to; k++) {
    const end = Math.min(from, (k + 1) * step);
    for (let at = Math.floor(k * step); at < end; at++) {
      const share = (Math.min(end, at + 1) - Math.max(k * step, at)) / step;
      if (share <= 1e-6) continue;
      sources.push(Math.min(from - 1, at));
      weights.push(share);
    }
    starts[k + 1] = sources.length;
  }
  return { starts, sources: Int32Array.from(sources), weights: Float32Array.from(weights) };
}

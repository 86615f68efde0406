import { lumaWeights } from '../../../film/colour.ts';
import { clamp } from '../../../film/interpolate.ts';
import { planesOf, type Region } from '../../../film/plate.ts';
import { codeScale, type PlateColour, sitingOf } from '../../../film/plate-colour.ts';
import type { Roi } from '../../../film/roi.ts';

/** Normalised code values of red, green and blue, one a pixel. */
export interface CodeColours {
  readonly red: Float32Array;
  readonly green: Float32Array;
  readonly blue: Float32Array;
}

/** A plane of the region as numbers at full resolution within `part` (chroma bilinear at its siting). */
function fullPlane(region: Region, k: number, part: Roi, colour: PlateColour): Float32Array {
  const { format, roi } = region;
  const { samples, width, height } = planesOf(format, region.bytes, roi.width, roi.height)[k];
  const planeFormat = format.planes[k];
  const { zero, unit } = codeScale(format, planeFormat.component, colour);
  const { originX, originY, pitchX, pitchY } = sitingOf(planeFormat, colour.tags);
  const out = new Float32Array(part.width * part.height);
  for (let y = 0, o = 0; y < part.height; y++) {
    const v = (part.y + y + 0.5 - originY) / pitchY;
    const j = Math.floor(v);
    const above = clamp(j, 0, height - 1) * width;
    const below = clamp(j + 1, 0, height - 1) * width;
    const fv = v - j;
    for (let x = 0; x < part.width; x++, o++) {
      const u = (part.x + x + 0.5 - originX) / pitchX;
      const i = Math.floor(u);
      const left = clamp(i, 0, width - 1);
      const fu = u - i;
      let code = samples[above + left];
      // Full-resolution planes take the sample itself: between finite and infinite neighbours there is no mean.
      if (fu !== 0 || fv !== 0) {
        const right = clamp(i + 1, 0, width - 1);
        const first = code + fu * (samples[above + right] - code);
        const second = samples[below + left] + fu * (samples[below + right] - samples[below + left]);
        code = first + fv * (second - first);
      }
      out[o] = (code - zero) / unit;
    }
  }
  return out;
}

/** The colours under `part` (pixels of the region), as code values before any transfer curve. Grey has them equal. */
export function regionColours(region: Region, part: Roi, colour: PlateColour): CodeColours {
  const { format } = region;
  const of = (component: string) =>
    fullPlane(
      region,
      format.planes.findIndex((plane) => plane.component === component),
      part,
      colour,
    );
  if (format.model === 'rgb') return { red: of('R'), green: of('G'), blue: of('B') };
  const luma = of('Y');
  if (format.model === 'gray') return { red: luma, green: luma, blue: luma };
  const { kr, kb } = lumaWeights(colour.tags.matrix, colour.plateHeight);
  const blue = of('Cb');
  const red = of('Cr');
  const green = luma;
  for (let i = 0; i < luma.length; i++) {
    const y = luma[i];
    const r = y + 2 * (1 - kr) * red[i];
    const b = y + 2 * (1 - kb) * blue[i];
    red[i] = r;
    blue[i] = b;
    green[i] = (y - kr * r - kb * b) / (1 - kr - kb);
  }
  return { red, green, blue };
}

import type { Landmarks } from '../../face/landmarks.ts';
import { PATCH_INTER_OCULAR } from '../../face/patch.ts';
import { expressiveRegions } from '../../restore/expressive-regions.ts';
import { boxBlur } from './box-blur.ts';
import { doubled, halved } from './half-size.ts';

/** Width of the Gaussian beyond which shading is the frame's own; how far around mouth and eyes, and how softly that ends, inter-ocular distances. */
const COARSE = 0.1;
const AROUND = 0.25;
const SOFT = 0.08;

/**
 * Gives mouth, eyes and what is around them the frame's own coarse light back, in place: a lid that sinks shades the skin beside it
 * by less than grain makes, and a mean over neighbours flattens that. Light as coarse as this holds next to no grain.
 *
 * @param rgb the mean, planar RGB, `Float32Array` of 3·size²
 * @param own 1 where the centre's own samples are good, 0 on dirt, size²
 */
export function keepOwnShading(
  rgb: Float32Array,
  centre: Float32Array,
  own: Float32Array,
  where: Float32Array,
  landmarks: Landmarks,
  size: number,
): void {
  const area = size * size;
  const half = size >> 1;
  const distance = PATCH_INTER_OCULAR * half;
  const expressive = expressiveRegions(
    landmarks.map((v) => v / 2),
    half,
    AROUND * distance,
  );
  const share = boxBlur(Float32Array.from(expressive), half, SOFT * distance);
  for (let c = 0; c < 3; c++) {
    const plane = rgb.subarray(c * area, (c + 1) * area);
    const rest = new Float32Array(area);
    for (let i = 0; i < area; i++) {
      if ((where[i] as number) > 0)
        rest[i] = (own[i] as number) * ((centre[c * area + i] as number) - (plane[i] as number));
    }
    const coarse = boxBlur(halved(rest, size), half, COARSE * distance);
    for (let i = 0; i < coarse.length; i++) coarse[i] = (coarse[i] as number) * (share[i] as number);
    const full = doubled(coarse, half);
    for (let i = 0; i < area; i++) if ((where[i] as number) > 0) plane[i] = (plane[i] as number) + (full[i] as number);
  }
}

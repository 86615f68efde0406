import { bandOfPatch } from '../../face/band.ts';
import { colourOfPatch } from '../../face/light.ts';
import { lumaOfColour } from '../../film/luma.ts';
import type { Roi } from '../../film/roi.ts';
import { blurSigma } from '../../motion/blur.ts';
import type { Image } from '../image.ts';
import { squareSide } from '../image-handles.ts';
import type { LightOperations } from '../lights.ts';
import { figures, lentImage, samplesOf, toldBy } from './cpu-image.ts';
import type { FloatPool } from './float-pool.ts';
import { membraneGridOf, membraneOfBand } from './still/band-membrane.ts';
import { transferColour } from './still/reinhard.ts';

export function cpuLights(pool: FloatPool): LightOperations {
  return {
    colourOfPatch: (rgb, landmarks) => figures(colourOfPatch(samplesOf(rgb), squareSide(rgb), landmarks)),
    bandOfPatch: (rgb, landmarks) => figures(bandOfPatch(samplesOf(rgb), squareSide(rgb), landmarks)),
    blurOf(rgb, part) {
      const samples = lumaOfPart(rgb, part, pool);
      const told = blurSigma({ width: part.width, height: part.height, samples });
      pool.giveBack(samples);
      return figures(told);
    },
    transferColour(rgb, where, from, options) {
      const transfer = { ...options, from: toldBy(from) };
      return lentImage(pool, transferColour(samplesOf(rgb), transfer, samplesOf(where), pool), rgb);
    },
    withMembrane(rgb, matte, from, { band, x, y, grid }) {
      const size = squareSide(rgb);
      const own = toldBy(from);
      const difference = band.map((v, i) => v - own[i]);
      const membrane = membraneGridOf(samplesOf(matte), size, grid);
      const out = membraneOfBand(membrane, difference, { x, y, size }, pool);
      const samples = samplesOf(rgb);
      for (let i = 0; i < out.length; i++) out[i] += samples[i];
      return lentImage(pool, out, rgb);
    },
  };
}

/** Luma of a part of three planes (ITU-R BT.709-6 §3.2), lent by the pool. */
function lumaOfPart(rgb: Image, { x, y, width, height }: Roi, pool: FloatPool): Float32Array {
  const samples = samplesOf(rgb);
  const area = rgb.width * rgb.height;
  const luma = pool.lend(width * height);
  for (let row = 0, o = 0; row < height; row++) {
    let i = (y + row) * rgb.width + x;
    for (let column = 0; column < width; column++, o++, i++) {
      luma[o] = lumaOfColour(samples[i], samples[area + i], samples[2 * area + i]);
    }
  }
  return luma;
}

import sharp from 'sharp';
import { HEIGHT, noise, type RefusedCase, type StillCase, WIDTH } from './still-case.ts';

const blurred = (channels: 1 | 3) =>
  sharp(noise(WIDTH * HEIGHT * channels), { raw: { width: WIDTH, height: HEIGHT, channels } }).blur(2);

export const JPEG_CASES: readonly StillCase[] = ['baseline', 'progressive'].flatMap((packing) => [
  {
    kind: 'jpeg' as const,
    claim: ['grey', '8', packing, '–'] as const,
    block: 8,
    draw: () =>
      blurred(1)
        .toColourspace('b-w')
        .jpeg({ quality: 92, progressive: packing === 'progressive' })
        .toBuffer(),
  },
  ...(['4:2:0', '4:4:4'] as const).map((chromaSubsampling) => ({
    kind: 'jpeg' as const,
    claim: [`YCbCr ${chromaSubsampling}`, '8', packing, '–'] as const,
    block: 16,
    draw: () =>
      blurred(3)
        .jpeg({ quality: 92, progressive: packing === 'progressive', chromaSubsampling })
        .toBuffer(),
  })),
]);

export const JPEG_REFUSED: readonly RefusedCase[] = [
  { kind: 'jpeg', claim: 'CMYK', draw: () => blurred(3).toColourspace('cmyk').jpeg().toBuffer() },
];

import sharp from 'sharp';
import type { RgbPicture } from '../../face/networks.ts';
import type { PictureSize } from '../../film/orientation.ts';

/** Good enough to judge a face by. */
const JPEG = { quality: 92, chromaSubsampling: '4:4:4' } as const;

function opened({ width, height, rgb }: RgbPicture) {
  return sharp(rgb, { raw: { width, height, channels: 3 } });
}

export async function pngOf(picture: RgbPicture): Promise<Uint8Array> {
  return opened(picture).png({ compressionLevel: 6 }).toBuffer();
}

/** @param size another than the picture's: it is scaled */
export async function jpegOf(picture: RgbPicture, size: PictureSize = picture): Promise<Uint8Array> {
  return opened(picture)
    .resize({ ...only(size), fit: 'fill' })
    .jpeg(JPEG)
    .toBuffer();
}

export async function scaledPicture(picture: RgbPicture, size: PictureSize): Promise<RgbPicture> {
  const { data, info } = await opened(picture)
    .resize({ ...only(size), fit: 'fill' })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, rgb: data };
}

function only({ width, height }: PictureSize): PictureSize {
  return { width, height };
}

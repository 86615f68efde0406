import sharp from 'sharp';
import type { RgbPicture } from '../../face/networks.ts';
import type { PictureSize } from '../../film/orientation.ts';
import { FACE_JPEG } from '../../report/face-jpeg.ts';

function opened({ width, height, rgb }: RgbPicture) {
  return sharp(rgb, { raw: { width, height, channels: 3 } });
}

export async function pngOf(picture: RgbPicture): Promise<Uint8Array> {
  return opened(picture).png({ compressionLevel: 6 }).toBuffer();
}

/** @param size another than the picture's: it is scaled */
export async function jpegOf(picture: RgbPicture, size: PictureSize = picture): Promise<Uint8Array> {
  return scaled(picture, size).jpeg(FACE_JPEG).toBuffer();
}

export async function scaledPicture(picture: RgbPicture, size: PictureSize): Promise<RgbPicture> {
  const { data, info } = await scaled(picture, size).raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, rgb: data };
}

function scaled(picture: RgbPicture, { width, height }: PictureSize) {
  return opened(picture).resize({ width, height, fit: 'fill' });
}

import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import type { RgbPicture } from '../../face/networks.ts';
import { StillError } from '../../film/still-error.ts';

/** A still as it is used twice: in 8 bits for networks, in 16 for painting. Both upright, in sRGB. */
export interface StillPicture extends RgbPicture {
  /** Interleaved RGB, 3·width·height samples, 0 … 65535. */
  readonly deep: Uint16Array;
}

/** Longest side at which a still is kept; a face that fills a third of it covers the largest patch. */
const LONGEST_SIDE = 6144;

const STILL_NAMES = /\.(jpe?g|png|tiff?|webp)$/i;

/** The image files that `paths` name: files as they are, folders by their images in order of name. */
export async function stillFiles(paths: readonly string[]): Promise<string[]> {
  const lists = await Promise.all(
    paths.map(async (path) => {
      const facts = await stat(path).catch(() => null);
      if (!facts) throw new StillError(`"${path}": no such file or folder.`);
      if (!facts.isDirectory()) return [path];
      const names = (await readdir(path)).filter((name) => STILL_NAMES.test(name)).sort();
      if (names.length === 0) {
        throw new StillError(`"${path}": the folder holds no JPEG, PNG, TIFF or WebP still.`);
      }
      return names.map((name) => join(path, name));
    }),
  );
  return lists.flat();
}

/** @throws StillError for a file that is not a picture that can be read. */
export async function readStill(path: string): Promise<StillPicture> {
  try {
    const { depth } = await sharp(path).metadata();
    const deep = depth === 'ushort';
    const image = sharp(path, { limitInputPixels: 2 ** 29 })
      .rotate()
      .resize({ width: LONGEST_SIDE, height: LONGEST_SIDE, fit: 'inside', withoutEnlargement: true })
      .removeAlpha()
      .toColourspace(deep ? 'rgb16' : 'srgb');
    const { data, info } = await image.raw({ depth: deep ? 'ushort' : 'uchar' }).toBuffer({ resolveWithObject: true });
    const size = { width: info.width, height: info.height };
    if (!deep) return { ...size, rgb: new Uint8Array(data), deep: deepened(data) };
    const samples = new Uint16Array(data.buffer, data.byteOffset, data.length / 2);
    return { ...size, deep: samples, rgb: flattened(samples) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StillError(`"${path}": not a still that can be read (${reason}). Give a JPEG, PNG, TIFF or WebP file.`, {
      cause: error,
    });
  }
}

function deepened(bytes: Uint8Array): Uint16Array {
  const out = new Uint16Array(bytes.length);
  for (let i = 0; i < out.length; i++) out[i] = 257 * (bytes[i] as number);
  return out;
}

function flattened(samples: Uint16Array): Uint8Array {
  const out = new Uint8Array(samples.length);
  for (let i = 0; i < out.length; i++) out[i] = Math.round((samples[i] as number) / 257);
  return out;
}

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { packageFolder } from '../../src/disk/package-folder.ts';
import { make } from '../media/lavfi.ts';
import { exifBlock, jpegWithExif } from '../media/still/exif-block.ts';

/** The public-domain portrait of the samples, 512 × 512. */
export const PORTRAIT = join(packageFolder(), 'samples', 'portrait.png');

/** What a writer of pictures leaves in them beside the picture. */
const WORDS = 'Gathered by nobody, kept by everybody.';

/** Kinds of pictures, each with what is found in its file whatever becomes of the picture. */
export const KINDS = {
  'chroma halved.jpg': (rgb) => withComment(encoded(rgb, (image) => image.jpeg({ quality: 90 }))),
  'on its side.JPG': async (rgb) =>
    jpegWithExif(
      await encoded(rgb, (image) => image.rotate(-90).jpeg({ quality: 92, chromaSubsampling: '4:4:4' })),
      exifBlock(6),
    ),
  'progressive.jpeg': (rgb) => withComment(encoded(rgb, (image) => image.jpeg({ quality: 85, progressive: true }))),
  'plain.png': (rgb) => encoded(rgb, (image) => image.withExif({ IFD0: { Copyright: WORDS } }).png()),
  'deep.png': (rgb) => encoded(rgb, (image) => image.toColourspace('rgb16').png()),
  'packed.tif': (rgb) =>
    encoded(rgb, (image) => image.withExif({ IFD0: { Copyright: WORDS } }).tiff({ compression: 'lzw' })),
  'scan.dpx': (rgb, folder) => byFfmpeg(rgb, folder, 'dpx', 'gbrp10le'),
  'render.exr': (rgb, folder) => byFfmpeg(rgb, folder, 'exr', 'gbrpf32le'),
} as const satisfies Readonly<Record<string, (rgb: Rgb, folder: string) => Promise<Buffer>>>;

interface Rgb {
  readonly width: number;
  readonly height: number;
  readonly data: Buffer;
}

type Kind = keyof typeof KINDS;

function encoded({ width, height, data }: Rgb, as: (image: Sharp) => Sharp): Promise<Buffer> {
  return as(sharp(data, { raw: { width, height, channels: 3 } })).toBuffer();
}

/** A JPEG with a comment behind its start mark. */
async function withComment(jpeg: Promise<Buffer>): Promise<Buffer> {
  const file = await jpeg;
  const head = Buffer.from([0xff, 0xfe, 0, WORDS.length + 2]);
  return Buffer.concat([file.subarray(0, 2), head, Buffer.from(WORDS), file.subarray(2)]);
}

async function byFfmpeg(rgb: Rgb, folder: string, kind: string, pixelFormat: string): Promise<Buffer> {
  const [source, target] = [join(folder, '.drawn.png'), join(folder, `.drawn.${kind}`)];
  await writeFile(source, await encoded(rgb, (image) => image.png()));
  await make('-i', source, '-pix_fmt', pixelFormat, target);
  return readFile(target);
}

/** Pixels across of the smallest picture with a face. */
const FACE_WIDTH = 430;

/** A face of this width on a wall, or the wall alone; no two are alike. */
async function drawnPicture(width: number, hasFace: boolean, k: number): Promise<Rgb> {
  const height = Math.round(width * (hasFace ? 1.1 : 0.75));
  const wall = sharp({
    create: { width, height, channels: 3, background: { r: 60 + 7 * (k % 9), g: 80, b: 90 }, noise: noise(k) },
  });
  const face = hasFace
    ? [{ input: await sharp(PORTRAIT).resize(width).png().toBuffer(), left: 0, top: height - width }]
    : [];
  const { data, info } = await wall.composite(face).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data };
}

function noise(k: number) {
  return { type: 'gaussian', mean: 60 + (k % 9) * 10, sigma: 8 } as const;
}

export interface Album {
  /** Names in the folder, in order. */
  readonly names: readonly string[];
  readonly withFaces: readonly string[];
}

/**
 * Writes `rounds` pictures of each kind into a folder and folders in it, one of each with a face, the others without, no two of one size.
 *
 * @param everyFace of so many rounds one shows a face
 * @param faceWidth pixels across of the smallest of these
 */
export async function makeAlbum(
  folder: string,
  rounds: number,
  { everyFace = rounds, faceWidth = FACE_WIDTH }: { readonly everyFace?: number; readonly faceWidth?: number } = {},
): Promise<Album> {
  const names: string[] = [];
  const withFaces: string[] = [];
  for (let round = 0; round < rounds; round++) {
    for (const [k, kind] of (Object.keys(KINDS) as Kind[]).entries()) {
      const hasFace = round % everyFace === 0;
      const width = hasFace ? faceWidth + 7 * k + (round % 5) : 64 + 5 * k + (round % 7);
      const name = round === 0 ? kind : `round ${round % 3}/no ${round}/${kind}`;
      const path = join(folder, name);
      await mkdir(dirname(path), { recursive: true });
      const picture = await drawnPicture(width, hasFace, round * 8 + k);
      await writeFile(path, await KINDS[kind](picture, folder));
      names.push(name);
      if (hasFace) withFaces.push(name);
    }
  }
  return { names: names.sort(), withFaces };
}

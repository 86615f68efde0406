import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import sharp from 'sharp';
import type { RgbPicture } from '../face/networks.ts';
import { ReelError } from '../film/reel-error.ts';
import type { Roi } from '../film/roi.ts';
import type { Ffmpeg } from '../media/ffmpeg/ffmpeg.ts';
import type { PictureKind } from './api.ts';
import { decodedFrames, type PictureSource } from './decoded-frames.ts';
import { type PictureStore, pictureStore } from './picture-store.ts';
import { matteFile, type ReelPictures } from './reel-pictures.ts';
import { type SharedWork, sharedWork } from './shared-work.ts';
import type { Turnstile } from './turnstile.ts';

/** Which picture of a frame. */
export interface AskedPicture {
  readonly kind: PictureKind;
  readonly frame: number;
  /** Plate pixels; undefined = all. */
  readonly region?: Roi | undefined;
  readonly scale: number;
  readonly gain: number;
}

/** Pictures of a reel's frames, kept as long as there is room for them. */
export interface ReviewFrames extends Disposable {
  /**
   * A lossless PNG.
   *
   * @param leaving aborted by whoever does not need it any more
   * @throws ReelError for a frame that cannot be read, or a kind that there is not
   */
  png(asked: AskedPicture, leaving?: AbortSignal): Promise<Uint8Array>;
  /** A JPEG of this width; null where the frame cannot be read. */
  jpeg(of: PictureSource, frame: number, width: number, leaving?: AbortSignal): Promise<Uint8Array | null>;
}

/** Pictures that all reels of a review keep: decoded and encoded ones. */
export interface PictureStores {
  readonly raw: PictureStore;
  readonly files: PictureStore;
}

/** Bytes of decoded pictures, and of encoded ones, that a review keeps. */
const KEPT_RAW = 384 * 2 ** 20;
const KEPT_FILES = 128 * 2 ** 20;
/** Frames that a decoder goes on to at most, and the part of the store that they may fill: plate and output are read side by side. */
const AHEAD = { frames: 8, share: 1 / 4 } as const;
/** Largest side of a scaled picture, pixels. */
const LARGEST = 8192;

export function pictureStores(): PictureStores {
  return { raw: pictureStore(KEPT_RAW), files: pictureStore(KEPT_FILES) };
}

/**
 * @param range the frames that may be asked for
 * @param turnstile how many may decode at once
 */
export function reviewFrames(
  pictures: ReelPictures,
  range: { readonly in: number; readonly out: number },
  {
    ffmpeg,
    turnstile,
    stores,
  }: { readonly ffmpeg: Ffmpeg; readonly turnstile: Turnstile; readonly stores: PictureStores },
): ReviewFrames {
  const [store, files] = [stores.raw.part(), stores.files.part()];
  const encoding = new Map<string, SharedWork<Uint8Array>>();
  const compressing = new Set<Promise<unknown>>();
  const { width, height } = pictures.plate.reel;
  const ahead = Math.max(1, Math.min(AHEAD.frames, Math.floor((AHEAD.share * KEPT_RAW) / (3 * width * height))));
  const quiet = async () => {
    await new Promise((next) => setImmediate(next));
    while (compressing.size > 0) await Promise.allSettled(compressing);
  };
  const decoded = decodedFrames(pictures, range, { ffmpeg, turnstile, store, ahead, quiet });

  const compressed = async <T>(work: Promise<T>): Promise<T> => {
    compressing.add(work);
    try {
      return await work;
    } finally {
      compressing.delete(work);
    }
  };

  const needed = async (source: PictureSource, frame: number, leaving: AbortSignal): Promise<Uint8Array> => {
    const rgb = await decoded.rgb(source, frame, { leaving, yields: true });
    if (rgb) return rgb;
    leaving.throwIfAborted();
    throw new ReelError(`Frame ${frame + pictures.plate.reel.first} of the ${source} cannot be read.`);
  };

  const pictureOf = async ({ kind, frame, gain }: AskedPicture, leaving: AbortSignal): Promise<Raw> => {
    if (kind === 'matte') return matteOf(pictures, frame, { width, height });
    if (kind !== 'difference') return { width, height, channels: 3, bytes: await needed(kind, frame, leaving) };
    const both = [needed('plate', frame, leaving), needed('output', frame, leaving)] as const;
    const [before, after] = await Promise.all(both);
    const bytes = new Uint8ClampedArray(before.length);
    for (let i = 0; i < bytes.length; i++) bytes[i] = 128 + gain * ((after[i] as number) - (before[i] as number));
    return { width, height, channels: 3, bytes: new Uint8Array(bytes.buffer) };
  };

  const encoded = (asked: AskedPicture, leaving?: AbortSignal): Promise<Uint8Array> => {
    const key = JSON.stringify(asked);
    const known = files.get(key);
    if (known) return Promise.resolve(known);
    const before = encoding.get(key);
    if (before) return before.join(leaving);
    const forget = () => {
      if (encoding.get(key) === made) encoding.delete(key);
    };
    const made = sharedWork(async (signal) => {
      const picture = await pictureOf(asked, signal);
      const file = await compressed(pngOfPart(picture, asked));
      files.set(key, file);
      return file;
    });
    encoding.set(key, made);
    made.value.then(forget, forget);
    made.signal.addEventListener('abort', forget);
    return made.join(leaving);
  };

  return {
    async png(asked, leaving) {
      const file = await encoded(asked, leaving);
      const next = { ...asked, frame: asked.frame + 1 };
      // Whoever looks at a frame steps to the next one, as a rule.
      if (next.frame < range.out && encoding.size === 0 && asked.region === undefined) encoded(next).catch(() => {});
      return file;
    },
    async jpeg(of, frame, wanted, leaving) {
      const rgb = await decoded.rgb(of, frame, { leaving });
      if (!rgb) return null;
      return sharp(rgb, { raw: { width, height, channels: 3 } })
        .resize({ width: Math.min(wanted, width) })
        .jpeg({ quality: 82 })
        .toBuffer();
    },
    [Symbol.dispose]() {
      decoded[Symbol.dispose]();
      store[Symbol.dispose]();
      files[Symbol.dispose]();
    },
  };
}

/** 8-bit samples, interleaved. */
interface Raw {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly bytes: Uint8Array;
}

/** A frame in which nothing was restored has a matte without a file: all black. */
async function matteOf(
  pictures: ReelPictures,
  frame: number,
  size: Pick<RgbPicture, 'width' | 'height'>,
): Promise<Raw> {
  const path = matteFile(pictures, frame);
  if (path === null) throw new ReelError('This run wrote no mattes. Restore with --mattes to see them.');
  const file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0)).catch(() => null);
  if (!file) return { ...size, channels: 1, bytes: new Uint8Array(size.width * size.height) };
  await using handle = file;
  const bytes = await handle.readFile();
  const { data, info } = await sharp(bytes, { limitInputPixels: size.width * size.height })
    .toColourspace('b-w')
    .raw()
    .toBuffer({ resolveWithObject: true });
  if (info.width !== size.width || info.height !== size.height || info.channels !== 1) {
    throw new ReelError(`The matte of frame ${frame + pictures.plate.reel.first} has another size than its frame.`);
  }
  return { ...size, channels: 1, bytes: data };
}

async function pngOfPart(picture: Raw, { kind, region, scale }: AskedPicture): Promise<Uint8Array> {
  const { width, height, channels, bytes } = picture;
  const image = sharp(bytes, { raw: { width, height, channels } });
  const part = region ?? { x: 0, y: 0, width, height };
  if (region) image.extract({ left: part.x, top: part.y, width: part.width, height: part.height });
  if (scale > 1) {
    const [wide, high] = [part.width * scale, part.height * scale];
    if (Math.max(wide, high) > LARGEST) throw new ReelError(`A picture of ${wide} × ${high} pixels is too large.`);
    image.resize({ width: wide, height: high, kernel: 'nearest' });
  }
  if (channels === 1) image.toColourspace('b-w');
  // Grain does not compress: level 1 takes 46 ms and saves 3 % of a scan of 1920 × 1080, and whoever reads it loses time as well. What is flat does.
  return image.png({ compressionLevel: kind === 'plate' || kind === 'output' ? 0 : 1 }).toBuffer();
}

import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { LRUCache } from 'lru-cache';
import sharp from 'sharp';
import type { RgbPicture } from '../face/networks.ts';
import { ReelError } from '../film/reel-error.ts';
import type { Roi } from '../film/roi.ts';
import type { Ffmpeg } from '../media/ffmpeg/ffmpeg.ts';
import type { PictureKind } from './api.ts';
import { matteFile, type ReelPictures, type ShownReel, shownFrames } from './reel-pictures.ts';
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
   * @throws ReelError for a frame that cannot be read, or a kind that there is not
   */
  png(asked: AskedPicture): Promise<Uint8Array>;
  /** A JPEG of this width; null where the frame cannot be read. */
  jpeg(of: 'plate' | 'output', frame: number, width: number): Promise<Uint8Array | null>;
}

/** Frames that one decoder is started for: the one asked for, and those that are likely asked for next. */
const AHEAD = 8;
/** Bytes of decoded pictures, and of encoded ones, that a reel keeps. */
const KEPT_RAW = 384 * 2 ** 20;
const KEPT_FILES = 128 * 2 ** 20;
/** Largest side of a scaled picture, pixels. */
const LARGEST = 8192;

type Source = 'plate' | 'output';

/**
 * @param range the frames that may be asked for
 * @param turnstile how many may decode at once
 */
export function reviewFrames(
  pictures: ReelPictures,
  range: { readonly in: number; readonly out: number },
  { ffmpeg, turnstile }: { readonly ffmpeg: Ffmpeg; readonly turnstile: Turnstile },
): ReviewFrames {
  const closing = new AbortController();
  const raw = new LRUCache<string, Uint8Array>({ maxSize: KEPT_RAW, sizeCalculation: (rgb) => rgb.length });
  const files = new LRUCache<string, Uint8Array>({ maxSize: KEPT_FILES, sizeCalculation: (file) => file.length });
  const coming = new Map<string, Promise<Uint8Array | null>>();
  const encoding = new Map<string, Promise<Uint8Array>>();
  /** Pictures that somebody waits for, and decoders that wait for their turn. */
  const awaited = new Set<string>();
  let queued = 0;
  /** Ends of the beginnings of decoders: each settles when its first frame is there. */
  const beginnings = new Set<Promise<void>>();
  const { width, height } = pictures.plate.reel;

  /**
   * Begins to decode from a frame on; each frame of the run can be waited for.
   *
   * @param yields leaves off where nobody waits for the rest and another decoder waits for its turn: whoever jumps about waits for none of
   * what was read ahead
   */
  const begin = (source: Source, frame: number, yields: boolean): void => {
    const shown: ShownReel = pictures[source];
    const from = shown.indexOf(frame);
    let until = from + 1;
    const last = Math.min(shown.indexOf(range.out), shown.reel.frames, from + AHEAD);
    while (
      until < last &&
      !raw.has(keyOf(source, frame + until - from)) &&
      !coming.has(keyOf(source, frame + until - from))
    )
      until += 1;
    const waiting = new Map<number, (rgb: Uint8Array | null) => void>();
    for (let at = from; at < until; at++) {
      const key = keyOf(source, frame + at - from);
      coming.set(key, new Promise((resolve) => waiting.set(at, resolve)));
    }
    const settle = (at: number, rgb: Uint8Array | null) => {
      const key = keyOf(source, frame + at - from);
      if (rgb) raw.set(key, rgb);
      coming.delete(key);
      waiting.get(at)?.(rgb);
      waiting.delete(at);
    };
    const isUnwanted = () => ![...waiting.keys()].some((at) => awaited.has(keyOf(source, frame + at - from)));
    queued += 1;
    turnstile
      .pass(async () => {
        queued -= 1;
        let hasBegun = () => {};
        const beginning = new Promise<void>((resolve) => {
          hasBegun = resolve;
        }).then(() => void beginnings.delete(beginning));
        beginnings.add(beginning);
        try {
          for await (const { frame: at, rgb } of shownFrames(
            shown.reel,
            { in: from, out: until },
            ffmpeg,
            closing.signal,
          )) {
            settle(at, rgb);
            hasBegun();
            if (!yields || !isUnwanted()) continue;
            // The other picture of a frame that is looked at goes before what is read ahead.
            await beginning;
            await Promise.all(beginnings);
            if (queued === 0 || !isUnwanted()) continue;
            // Forgotten before the decoder has ended: who asks meanwhile begins another.
            for (const rest of [...waiting.keys()]) settle(rest, null);
            break;
          }
        } finally {
          hasBegun();
        }
      })
      // Frames that do not come are told by being null.
      .catch(() => {})
      .finally(() => {
        for (const at of [...waiting.keys()]) settle(at, null);
      });
  };

  const rgbOf = async (source: Source, frame: number, yields: boolean): Promise<Uint8Array | null> => {
    if (frame < range.in || frame >= range.out) return null;
    const { reel, indexOf } = pictures[source];
    const at = indexOf(frame);
    if (at < 0 || at >= reel.frames || reel.damaged.has(at)) return null;
    const key = keyOf(source, frame);
    const known = raw.get(key);
    if (known) return known;
    if (!coming.has(key)) begin(source, frame, yields);
    awaited.add(key);
    try {
      return (await coming.get(key)) ?? raw.get(key) ?? null;
    } finally {
      awaited.delete(key);
    }
  };

  const needed = async (source: Source, frame: number): Promise<Uint8Array> => {
    const rgb = await rgbOf(source, frame, true);
    if (rgb) return rgb;
    throw new ReelError(`Frame ${frame + pictures.plate.reel.first} of the ${source} cannot be read.`);
  };

  const pictureOf = async ({ kind, frame, gain }: AskedPicture): Promise<Raw> => {
    if (kind === 'matte') return matteOf(pictures, frame, { width, height });
    if (kind !== 'difference') return { width, height, channels: 3, bytes: await needed(kind, frame) };
    const [before, after] = await Promise.all([needed('plate', frame), needed('output', frame)]);
    const bytes = new Uint8ClampedArray(before.length);
    for (let i = 0; i < bytes.length; i++) bytes[i] = 128 + gain * ((after[i] as number) - (before[i] as number));
    return { width, height, channels: 3, bytes: new Uint8Array(bytes.buffer) };
  };

  const encoded = (asked: AskedPicture): Promise<Uint8Array> => {
    const key = JSON.stringify(asked);
    const known = files.get(key);
    if (known) return Promise.resolve(known);
    const before = encoding.get(key);
    if (before) return before;
    const made = pictureOf(asked)
      .then((picture) => pngOfPart(picture, asked))
      .then((file) => {
        files.set(key, file);
        return file;
      })
      .finally(() => encoding.delete(key));
    encoding.set(key, made);
    return made;
  };

  return {
    async png(asked) {
      const file = await encoded(asked);
      const next = { ...asked, frame: asked.frame + 1 };
      // Whoever looks at a frame steps to the next one, as a rule.
      if (next.frame < range.out && encoding.size === 0 && asked.region === undefined) encoded(next).catch(() => {});
      return file;
    },
    async jpeg(of, frame, wanted) {
      const rgb = await rgbOf(of, frame, false);
      if (!rgb) return null;
      return sharp(rgb, { raw: { width, height, channels: 3 } })
        .resize({ width: Math.min(wanted, width) })
        .jpeg({ quality: 82 })
        .toBuffer();
    },
    [Symbol.dispose]() {
      closing.abort();
      raw.clear();
      files.clear();
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

function keyOf(source: Source, frame: number): string {
  return `${source} ${frame}`;
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

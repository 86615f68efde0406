import { readFile, stat } from 'node:fs/promises';
import { agreedColour, type ColourTags } from '../../../film/colour.ts';
import { uprightFormat, uprightSize } from '../../../film/orientation.ts';
import type { Plate } from '../../../film/plate.ts';
import { rational } from '../../../film/rational.ts';
import type { FolderReel, StillKind } from '../../../film/reel.ts';
import { ReelError } from '../../../film/reel-error.ts';
import { pictureBytes, sampleFormat } from '../../../film/sample-format.ts';
import { turnUpright } from '../../../film/turn-picture.ts';
import { framePool } from '../../../stream/frame-pool.ts';
import type { Ffmpeg } from '../../ffmpeg/ffmpeg.ts';
import { FfmpegError } from '../../ffmpeg/ffmpeg-error.ts';
import { plainLine } from '../../ffmpeg/stderr-log.ts';
import { DamagedStill, UnsupportedStill } from '../../still/damaged-still.ts';
import { LARGEST_FILE, type OpenedStill, openStill } from '../../still/still.ts';
import { plates } from '../decode.ts';
import { stillKindOf } from '../folder/frame-sequence.ts';
import { formatOf } from '../folder/probe-folder.ts';
import { probeStill } from '../folder/probe-still.ts';
import { kindOfBytes, UnreachableStill } from '../folder/read-stills.ts';
import { FrameShortfall } from '../frame-shortfall.ts';
import type { OpenOptions } from '../open-options.ts';
import { whyNot } from './list-pictures.ts';

/** A picture by itself, read whole. */
export interface ReadPicture {
  /** A reel of this frame alone. */
  readonly reel: FolderReel;
  readonly still: OpenedStill;
  /** Upright. */
  readonly plate: Plate;
}

export type PictureOptions = Pick<OpenOptions, 'transfer' | 'layer'>;

/** A picture has no rate; a reel does. */
const RATE = rational(24);

/** All bytes of a picture's file. @throws UnreachableStill, UnsupportedStill, DamagedStill */
export async function pictureFile(path: string): Promise<Buffer> {
  try {
    const { size } = await stat(path);
    if (size > LARGEST_FILE) throw new UnsupportedStill(`has ${size} bytes, and pictures of less than 2 GiB are read`);
    if (size === 0) throw new DamagedStill('is empty: it has 0 bytes');
    return await readFile(path);
  } catch (cause) {
    if (cause instanceof DamagedStill) throw cause;
    throw new UnreachableStill(whyNot(cause));
  }
}

/**
 * Reads a picture by itself; what it is, its first bytes say before its name does. ffmpeg is asked only for forms that this program
 * does not read.
 *
 * @param file all of its bytes
 * @throws DamagedStill where it comes to no picture
 */
export async function readPicture(
  path: string,
  file: Buffer,
  { transfer: asked, layer }: PictureOptions,
  { ffmpeg, signal }: { readonly ffmpeg: () => Promise<Ffmpeg>; readonly signal: AbortSignal },
): Promise<ReadPicture> {
  const kind = kindOfBytes(file) ?? (stillKindOf(path) as StillKind);
  const still = await openStill(kind, file, kind === 'exr' ? layer : undefined);
  const { info, own } = still;
  const transfer = asked === 'auto' ? (info.transfer ?? 'rec709') : asked;
  const reelOf = (pixelFormat: string, colour: ColourTags): FolderReel => {
    const stored = { width: info.width, height: info.height, orientation: info.orientation };
    const format = formatNamed(path, kind, pixelFormat);
    return {
      ...{ kind: 'folder', path, still: kind, files: [path], frames: 1, first: 1, rate: RATE, damaged: new Map() },
      ...uprightSize(format, stored),
      format: uprightFormat(format, info.orientation),
      ...{ pixelFormat, colour: agreedColour(colour, transfer), transfer },
      ...(kind === 'exr' && layer !== undefined ? { layer } : {}),
      ...(info.orientation === 1 ? {} : { stored: [stored] }),
    };
  };
  if (own && info.pixelFormat !== null) {
    const reel = reelOf(info.pixelFormat, own.colour);
    return { reel, still, plate: uprightPlate(reel, await own.unpack()) };
  }
  try {
    const probe = await probeStill(path, kind, await ffmpeg(), signal);
    if (probe.width !== info.width || probe.height !== info.height) {
      throw new DamagedStill(
        `is ${info.width}×${info.height} by its header, but ffmpeg reads it as ${probe.width}×${probe.height}`,
      );
    }
    const reel = reelOf(probe.pixelFormat, probe.colour);
    return { reel, still, plate: await decodedPlate(reel, await ffmpeg(), signal) };
  } catch (cause) {
    signal.throwIfAborted();
    if (cause instanceof FfmpegError) {
      throw new DamagedStill(`cannot be decoded by ffmpeg: ${plainLine(cause.stderr.at(-1) ?? 'it gives no reason')}`);
    }
    if (cause instanceof FrameShortfall) throw new DamagedStill('cannot be decoded by ffmpeg');
    throw cause;
  }
}

function formatNamed(path: string, kind: StillKind, pixelFormat: string) {
  try {
    return formatOf(path, kind, pixelFormat);
  } catch (cause) {
    if (!(cause instanceof ReelError)) throw cause;
    throw new UnsupportedStill(`has samples that are not read (${pixelFormat}); save it in grey or RGB`, { cause });
  }
}

/** A stored picture as it is seen. */
function uprightPlate(reel: FolderReel, bytes: Uint8Array): Plate {
  const plate = { frame: 0, format: reel.format, width: reel.width, height: reel.height };
  const [stored] = reel.stored ?? [];
  if (!stored) return { ...plate, bytes };
  const { orientation, ...size } = stored;
  const upright = { ...plate, bytes: new Uint8Array(pictureBytes(reel.format, reel.width, reel.height)) };
  turnUpright({ format: sampleFormat(reel.pixelFormat), ...size, bytes }, orientation, upright);
  return upright;
}

async function decodedPlate(reel: FolderReel, ffmpeg: Ffmpeg, signal: AbortSignal): Promise<Plate> {
  const pool = framePool(1, pictureBytes(reel.format, reel.width, reel.height));
  for await (const { plate, loan } of plates(reel, { in: 0, out: 1 }, { pool, ffmpeg, signal })) {
    const own = { ...plate, bytes: plate.bytes.slice() };
    loan.release();
    return own;
  }
  throw new DamagedStill('cannot be decoded by ffmpeg');
}

import type { Plate } from '../../film/plate.ts';
import { lengthOf } from '../../film/range.ts';
import { isStoredUpright } from '../../film/reel.ts';
import { pictureBytes } from '../../film/sample-format.ts';
import { framePool } from '../../stream/frame-pool.ts';
import type { Ffmpeg } from '../ffmpeg/ffmpeg.ts';
import { rawInput } from '../ffmpeg/raw-input.ts';
import type { JobFeed } from '../ffmpeg/supervisor.ts';
import { layoutFilters, planarFormat, plates, storedPlate } from '../read/decode.ts';
import type { FrameInput } from '../read/frame-input.ts';
import { FrameShortfall } from '../read/frame-shortfall.ts';
import { reelInput } from '../read/reel-input.ts';
import { codedPicture } from '../write/movie/take-coding.ts';
import { standingIn } from '../write/source-plate.ts';
import type { MasterSource } from './master.ts';

/** How the pictures of a range come to ffmpeg. */
export interface PictureInput {
  readonly input: Pick<FrameInput, 'source' | 'options'> & { readonly stdin?: JobFeed | undefined };
  /** From the decoder to samples in planes. */
  readonly filters: readonly string[];
  /** Of the samples in planes. */
  readonly pixelFormat: string;
}

/** The range as ffmpeg decodes it itself; null where frames are known as damaged, or stills have to be turned. */
export function directPicture(
  { reel, range }: Pick<MasterSource, 'reel' | 'range'>,
  attempt: number,
): (PictureInput & Pick<FrameInput, 'frameAt' | 'seeks'>) | null {
  // Stills that are not stored upright are turned on their way into a movie.
  if (reel.kind === 'folder' && !isStoredUpright(reel)) return null;
  const input = reelInput(reel, range, attempt);
  if (input.frames.length !== lengthOf(range)) return null;
  const { frameAt, seeks } = input;
  return {
    input,
    filters: [...input.filters, ...layoutFilters(reel)],
    pixelFormat: planarFormat(reel),
    frameAt,
    seeks,
  };
}

/** What a feed of plates needs. */
interface Feeding {
  readonly ffmpeg: Ffmpeg;
  readonly signal: AbortSignal;
  readonly note: (sentence: string) => void;
}

/** The range as plates that are decoded here, each handed on as it is stored; in place of one that cannot be decoded, the nearest. */
export function fedPicture(source: Pick<MasterSource, 'reel' | 'range'>, feeding: Feeding): PictureInput {
  const stored = codedPicture(source.reel);
  const pixelFormat = stored.format.name;
  const input = { ...rawInput(pixelFormat, stored, source.reel.rate), stdin: storedPlates(source, feeding) };
  return { input, filters: [], pixelFormat };
}

async function* storedPlates(
  { reel, range }: Pick<MasterSource, 'reel' | 'range'>,
  { ffmpeg, signal, note }: Feeding,
): AsyncGenerator<Uint8Array, void, void> {
  const bytes = pictureBytes(reel.format, reel.width, reel.height);
  const decoding = { pool: framePool(2, bytes), ffmpeg, signal };
  const storedBytes = (plate: Plate) => (reel.kind === 'movie' ? storedPlate(reel, plate) : plate).bytes;
  const standIn = async (frame: number) =>
    storedBytes(await standingIn(reel, frame, { ...decoding, pool: framePool(1, bytes), note }));
  let next = range.in;
  try {
    for await (const { plate, loan } of plates(reel, range, decoding)) {
      try {
        for (; next < plate.frame; next++) yield await standIn(next);
        yield storedBytes(plate);
        next += 1;
      } finally {
        loan.release();
      }
    }
  } catch (error) {
    if (!(error instanceof FrameShortfall)) throw error;
  }
  for (; next < range.out; next++) yield await standIn(next);
}

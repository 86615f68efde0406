import type { Observable } from 'rxjs';
import type { PictureSize, StoredPicture } from '../../film/orientation.ts';
import type { Plate } from '../../film/plate.ts';
import type { FrameRange } from '../../film/range.ts';
import { isStoredUpright, type Reel, storedAs } from '../../film/reel.ts';
import { pictureBytes, type SampleFormat, sampleFormat } from '../../film/sample-format.ts';
import { type Picture, turnBack, turnUpright } from '../../film/turn-picture.ts';
import { framePool, type Loan } from '../../stream/frame-pool.ts';
import { observeFrames } from '../ffmpeg/observe-frames.ts';
import type { Decoding, ObservedDecoding, RawPicture } from '../ffmpeg/raw-frames.ts';
import { storedFrames } from './stored-frames.ts';

/** A plate and the buffer that it lives in. Whoever takes it releases the loan. */
export interface LentPlate {
  readonly plate: Plate;
  readonly loan: Loan;
}

/**
 * The plates of a range in the reel's own samples, upright: nothing is scaled or converted between colour models; packed and
 * big-endian samples are laid out in planes, and those that are not stored upright are put in their places. In order, without those that `reel.damaged` names. While all of the pool's buffers
 * (of at least `pictureBytes(reel.format, …)` bytes) are out, the decoder waits.
 *
 * Errors with FrameShortfall, after the last plate, where frames are missing that the reel says it has.
 */
export function decodePlates(reel: Reel, range: FrameRange, decoding: ObservedDecoding): Observable<LentPlate> {
  return observeFrames((signal) => plates(reel, range, { ...decoding, signal }), decoding.signal);
}

/** `decodePlates` as a generator. */
export async function* plates(reel: Reel, range: FrameRange, decoding: Decoding): AsyncGenerator<LentPlate> {
  const { format, width, height } = reel;
  const bytes = pictureBytes(format, width, height);
  const plateOn = (loan: Loan, frame: number): Plate => ({
    ...{ frame, format, width, height },
    bytes: loan.bytes.subarray(0, bytes),
  });
  const picture = (stored: StoredPicture) => storedRaw(reel, stored);
  if (isStoredUpright(reel)) {
    for await (const { frame, loan } of storedFrames(reel, range, picture, decoding)) {
      yield { plate: plateOn(loan, frame), loan };
    }
    return;
  }
  const storedFormat = storedFormatOf(reel);
  // One buffer of stored samples is refilled while the previous frame's upright ones are on loan.
  const lying = framePool(1, bytes);
  for await (const { frame, loan: stored } of storedFrames(reel, range, picture, { ...decoding, pool: lying })) {
    let loan: Loan;
    try {
      loan = await decoding.pool.lend(decoding.signal);
      const { orientation, ...size } = storedAs(reel, frame);
      turnUpright(pictureOn(stored.bytes, storedFormat, size), orientation, plateOn(loan, frame));
    } finally {
      stored.release();
    }
    yield { plate: plateOn(loan, frame), loan };
  }
}

/** A plate in its stored order: the plate itself where it is stored upright. */
export function storedPlate(reel: Reel, plate: Plate): Plate {
  if (isStoredUpright(reel)) return plate;
  const { orientation, width, height } = storedAs(reel, plate.frame);
  const format = storedFormatOf(reel);
  const stored: Plate = {
    frame: plate.frame,
    format,
    width,
    height,
    bytes: new Uint8Array(pictureBytes(format, width, height)),
  };
  turnBack(plate, orientation, stored);
  return stored;
}

/** The format in which the reel's samples are stored, laid out in planes. */
export function storedFormatOf(reel: Reel): SampleFormat {
  return isStoredUpright(reel) ? reel.format : sampleFormat(reel.pixelFormat);
}

function pictureOn(bytes: Uint8Array, format: SampleFormat, size: PictureSize): Picture {
  return { format, ...size, bytes: bytes.subarray(0, pictureBytes(format, size.width, size.height)) };
}

function storedRaw(reel: Reel, { width, height }: StoredPicture): RawPicture {
  const format = storedFormatOf(reel);
  const bytes = pictureBytes(format, width, height);
  return { filters: layoutFilters(reel), pixelFormat: planarFormat(reel), width, height, bytes };
}

/** ffmpeg's name of the format in which plates are asked for. */
export function planarFormat(reel: Reel): string {
  // `yuvj420p` and `yuv420p` are the same planes, but asked for the other ffmpeg would squeeze full range into video range.
  return reel.pixelFormat.startsWith('yuvj') ? reel.pixelFormat : storedFormatOf(reel).name;
}

/** Planes of a packed 8-bit picture with alpha, rearranged to `gbrap`. */
const PLANES_OF_RGBA = 'extractplanes=r+g+b+a[r][g][b][a];[g][b][r][a]mergeplanes=0x00102030:gbrap';

/** ffmpeg's scaler (seen in 5.1) has no direct way from packed 8-bit RGB with alpha into planes: through YUV it errs by 1. */
export function layoutFilters(reel: Reel): string[] {
  if (reel.format.name !== 'gbrap' || reel.pixelFormat === 'gbrap') return [];
  return [...(reel.pixelFormat === 'pal8' ? ['format=bgra'] : []), PLANES_OF_RGBA];
}

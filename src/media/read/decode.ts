import type { Observable } from 'rxjs';
import type { Plate } from '../../film/plate.ts';
import type { FrameRange } from '../../film/range.ts';
import type { Reel } from '../../film/reel.ts';
import { pictureBytes } from '../../film/sample-format.ts';
import type { Loan } from '../../stream/frame-pool.ts';
import { observeFrames } from '../ffmpeg/observe-frames.ts';
import { type Decoding, type ObservedDecoding, rawFrames } from '../ffmpeg/raw-frames.ts';

/** A plate and the buffer that it lives in. Whoever takes it releases the loan. */
export interface LentPlate {
  readonly plate: Plate;
  readonly loan: Loan;
}

/**
 * The plates of a range in the reel's own samples: nothing is scaled, rotated or converted between colour models; packed and
 * big-endian samples are laid out in planes. In order, without those that `reel.damaged` names. While all of the pool's buffers
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
  const picture = { filters: layoutFilters(reel), pixelFormat: planarFormat(reel), bytes };
  for await (const { frame, loan } of rawFrames(reel, range, picture, decoding)) {
    yield { plate: { frame, format, width, height, bytes: loan.bytes.subarray(0, bytes) }, loan };
  }
}

/** ffmpeg's name of the format in which plates are asked for. */
export function planarFormat(reel: Reel): string {
  // `yuvj420p` and `yuv420p` are the same planes, but asked for the other ffmpeg would squeeze full range into video range.
  return reel.pixelFormat.startsWith('yuvj') ? reel.pixelFormat : reel.format.name;
}

/** Planes of a packed 8-bit picture with alpha, rearranged to `gbrap`. */
const PLANES_OF_RGBA = 'extractplanes=r+g+b+a[r][g][b][a];[g][b][r][a]mergeplanes=0x00102030:gbrap';

/** ffmpeg's scaler (seen in 5.1) has no direct way from packed 8-bit RGB with alpha into planes: through YUV it errs by 1. */
export function layoutFilters(reel: Reel): string[] {
  if (reel.format.name !== 'gbrap' || reel.pixelFormat === 'gbrap') return [];
  return [...(reel.pixelFormat === 'pal8' ? ['format=bgra'] : []), PLANES_OF_RGBA];
}

import type { Observable } from 'rxjs';
import { type Transfer, transferCurve } from '../../film/colour.ts';
import type { FrameRange } from '../../film/range.ts';
import type { Reel } from '../../film/reel.ts';
import { framePool, type Loan } from '../../stream/frame-pool.ts';
import { observeFrames } from '../ffmpeg/observe-frames.ts';
import { type Decoding, type ObservedDecoding, rawFrames } from '../ffmpeg/raw-frames.ts';

/** A small picture of a frame for tracking: see `decodeProxy`. */
export interface ProxyFrame {
  /** Counted from the reel's first frame, from 0. */
  readonly frame: number;
  /** Interleaved 8-bit RGB, display-referred, width · height · 3 bytes. */
  readonly loan: Loan;
}

/**
 * The frames of a range as small display-referred RGB pictures, in order, without those that `reel.damaged` names; scaled by area.
 * Log and linear reels are decoded to 16 bits and mapped through `transferCurve`. The pool's buffers hold width · height · 3 bytes.
 *
 * Errors with FrameShortfall, after the last one, where frames are missing that the reel says it has.
 */
export function decodeProxy(
  reel: Reel,
  range: FrameRange,
  size: { readonly width: number; readonly height: number },
  decoding: ObservedDecoding,
): Observable<ProxyFrame> {
  return observeFrames((signal) => {
    const stopped = { ...decoding, signal };
    const samples = size.width * size.height * 3;
    const filters = [scaleFilter(reel, size)];
    if (reel.transfer === 'rec709') {
      return rawFrames(reel, range, { filters, pixelFormat: 'rgb24', bytes: samples }, stopped);
    }
    // One buffer of 16-bit samples is refilled while the previous frame's 8 bits are on loan.
    const deep = framePool(1, samples * 2);
    const picture = { filters, pixelFormat: 'rgb48le', bytes: samples * 2 };
    const decoded = rawFrames(reel, range, picture, { ...stopped, pool: deep });
    return displayed(decoded, samples, displayTable(reel.transfer), stopped);
  }, decoding.signal);
}

/** ffmpeg's description of reading YUV by the right matrix and range, without its scaler's shortcuts. */
function scaleFilter(reel: Reel, { width, height }: { readonly width: number; readonly height: number }): string {
  const scale = `scale=${width}:${height}:flags=area+accurate_rnd+full_chroma_int`;
  if (reel.format.model === 'rgb') return scale;
  const full = reel.colour.range === 'pc' || (reel.colour.range === undefined && reel.pixelFormat.startsWith('yuvj'));
  return `${scale}:in_color_matrix=${matrixName(reel)}:in_range=${full ? 'pc' : 'tv'}:out_range=pc`;
}

/** The scale filter's name of the reel's matrix; untagged as in `lumaWeights`. */
function matrixName({ colour, height }: Reel): string {
  switch (colour.matrix) {
    case 'bt709':
    case 'fcc':
    case 'smpte240m':
      return colour.matrix;
    case 'bt470bg':
    case 'smpte170m':
      return 'bt601';
    case 'bt2020nc':
    case 'bt2020c':
      return 'bt2020';
    default:
      return height >= 720 ? 'bt709' : 'bt601';
  }
}

/** 16-bit code values to 8-bit display values. */
function displayTable(transfer: Transfer): Uint8ClampedArray {
  const curve = transferCurve(transfer);
  return Uint8ClampedArray.from({ length: 65536 }, (_, code) => curve.toDisplay(code / 65535) * 255);
}

async function* displayed(
  frames: AsyncGenerator<ProxyFrame>,
  samples: number,
  table: Uint8ClampedArray,
  { pool, signal }: Pick<Decoding, 'pool' | 'signal'>,
): AsyncGenerator<ProxyFrame> {
  for await (const { frame, loan: deep } of frames) {
    let loan: Loan;
    try {
      loan = await pool.lend(signal);
      const codes = new Uint16Array(deep.bytes.buffer, deep.bytes.byteOffset, samples);
      for (let k = 0; k < samples; k++) loan.bytes[k] = table[codes[k] as number] as number;
    } finally {
      deep.release();
    }
    yield { frame, loan };
  }
}

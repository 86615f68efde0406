import type { Observable } from 'rxjs';
import { type Transfer, transferCurve } from '../../film/colour.ts';
import { fillOf, type PictureSize, type StoredPicture, swapsSides } from '../../film/orientation.ts';
import type { FrameRange } from '../../film/range.ts';
import { isStoredUpright, type Reel, storedAs } from '../../film/reel.ts';
import { turnPixels } from '../../film/turn-picture.ts';
import { framePool, type Loan } from '../../stream/frame-pool.ts';
import { observeFrames } from '../ffmpeg/observe-frames.ts';
import type { Decoding, ObservedDecoding, RawPicture } from '../ffmpeg/raw-frames.ts';
import { storedFormatOf } from './decode.ts';
import { storedFrames } from './stored-frames.ts';

/** A small picture of a frame for tracking: see `decodeProxy`. */
export interface ProxyFrame {
  /** Counted from the reel's first frame, from 0. */
  readonly frame: number;
  /** Interleaved 8-bit RGB, display-referred, width · height · 3 bytes. */
  readonly loan: Loan;
}

/**
 * The frames of a range as small display-referred RGB pictures, upright, in order, without those that `reel.damaged` names; scaled
 * by area. Log and linear reels are decoded to 16 bits and mapped through `transferCurve`. The pool's buffers hold
 * width · height · 3 bytes.
 *
 * Errors with FrameShortfall, after the last one, where frames are missing that the reel says it has.
 */
export function decodeProxy(
  reel: Reel,
  range: FrameRange,
  size: PictureSize,
  decoding: ObservedDecoding,
): Observable<ProxyFrame> {
  return observeFrames((signal) => {
    const stopped = { ...decoding, signal };
    if (isStoredUpright(reel)) return storedProxies(reel, range, size, stopped);
    const lying = { ...stopped, pool: framePool(1, size.width * size.height * 3) };
    return turned(reel, storedProxies(reel, range, size, lying), size, stopped);
  }, decoding.signal);
}

/** The proxies as their frames are stored: those on their side have the sides of `size` swapped. */
function storedProxies(
  reel: Reel,
  range: FrameRange,
  size: PictureSize,
  decoding: Decoding,
): AsyncGenerator<ProxyFrame> {
  const samples = size.width * size.height * 3;
  const scaled = (stored: StoredPicture, pixelFormat: string, bytes: number): RawPicture => {
    const lying = swapsSides(stored.orientation) ? { width: size.height, height: size.width } : size;
    return { filters: proxyFilters(reel, stored, lying), pixelFormat, ...lying, bytes };
  };
  if (reel.transfer === 'rec709') {
    return storedFrames(reel, range, (stored) => scaled(stored, 'rgb24', samples), decoding);
  }
  // One buffer of 16-bit samples is refilled while the previous frame's 8 bits are on loan.
  const deep = { ...decoding, pool: framePool(1, samples * 2) };
  const decoded = storedFrames(reel, range, (stored) => scaled(stored, 'rgb48le', samples * 2), deep);
  return displayed(decoded, samples, displayTable(reel.transfer), decoding);
}

/** Filters to a proxy. The stored picture is filled up as `uprightSize` says, so that both have the same corners. */
function proxyFilters(reel: Reel, stored: StoredPicture, size: PictureSize): string[] {
  const fill = fillOf(storedFormatOf(reel), stored);
  const filled =
    fill.width + fill.height > 0 ? [`pad=${stored.width + fill.width}:${stored.height + fill.height}`] : [];
  return [...filled, scaleFilter(reel, size)];
}

/** ffmpeg's description of reading YUV by the right matrix and range, without its scaler's shortcuts. */
function scaleFilter(reel: Reel, { width, height }: PictureSize): string {
  const scale = `scale=${width}:${height}:flags=area+accurate_rnd+full_chroma_int`;
  if (reel.format.model === 'rgb') return scale;
  const full = reel.colour.range === 'pc' || (reel.colour.range === undefined && reel.pixelFormat.startsWith('yuvj'));
  return `${scale}:in_color_matrix=${matrixName(reel)}:in_range=${full ? 'pc' : 'tv'}:out_range=pc`;
}

/** The scale filter's name of the reel's matrix; untagged as in `lumaWeights`. */
function matrixName(reel: Reel): string {
  const { matrix } = reel.colour;
  switch (matrix) {
    case 'bt709':
    case 'fcc':
    case 'smpte240m':
      return matrix;
    case 'bt470bg':
    case 'smpte170m':
      return 'bt601';
    case 'bt2020nc':
    case 'bt2020c':
      return 'bt2020';
    default:
      return storedAs(reel, 0).height >= 720 ? 'bt709' : 'bt601';
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

async function* turned(
  reel: Reel,
  frames: AsyncGenerator<ProxyFrame>,
  size: PictureSize,
  { pool, signal }: Pick<Decoding, 'pool' | 'signal'>,
): AsyncGenerator<ProxyFrame> {
  const [width, height] = [size.height, size.width];
  for await (const { frame, loan: lying } of frames) {
    let loan: Loan;
    try {
      loan = await pool.lend(signal);
      const { orientation } = storedAs(reel, frame);
      turnPixels(lying.bytes, swapsSides(orientation) ? { width, height } : size, orientation, loan.bytes);
    } finally {
      lying.release();
    }
    yield { frame, loan };
  }
}

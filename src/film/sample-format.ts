import { ReelError } from './reel-error.ts';

export type Component = 'Y' | 'Cb' | 'Cr' | 'R' | 'G' | 'B' | 'A';

export interface PlaneFormat {
  readonly component: Component;
  /** Columns and rows of the picture that share one sample, as powers of two: 1 = every second. */
  readonly shiftX: number;
  readonly shiftY: number;
}

/** How a plate's samples lie in memory: planar, tightly packed, little-endian, in ffmpeg's plane order. */
export interface SampleFormat {
  /** ffmpeg's name, such as `yuv422p10le`, `gbrp`, `gray16le`, `gbrpf32le`. */
  readonly name: string;
  readonly model: 'yuv' | 'rgb' | 'gray';
  readonly kind: 'integer' | 'float';
  /** Significant bits of a sample: 8 … 16, or 32 for float. */
  readonly bits: number;
  /** Bytes that hold a sample: 1, 2 or 4. */
  readonly bytes: 1 | 2 | 4;
  readonly planes: readonly PlaneFormat[];
}

export type Samples = Uint8Array | Uint16Array | Float32Array;

/** Packed pixel formats, and the planar one that holds the same samples without loss. */
const PLANAR: Readonly<Record<string, string>> = {
  rgb24: 'gbrp',
  bgr24: 'gbrp',
  rgb0: 'gbrp',
  bgr0: 'gbrp',
  '0rgb': 'gbrp',
  '0bgr': 'gbrp',
  rgba: 'gbrap',
  bgra: 'gbrap',
  argb: 'gbrap',
  abgr: 'gbrap',
  pal8: 'gbrap',
  rgb48le: 'gbrp16le',
  rgb48be: 'gbrp16le',
  bgr48le: 'gbrp16le',
  bgr48be: 'gbrp16le',
  rgba64le: 'gbrap16le',
  rgba64be: 'gbrap16le',
  monob: 'gray',
  monow: 'gray',
  // Alpha is never worked on: these decode to their grey alone, and what writes them back keeps the source's alpha.
  ya8: 'gray',
  ya16le: 'gray16le',
  ya16be: 'gray16le',
  yuyv422: 'yuv422p',
  uyvy422: 'yuv422p',
  nv12: 'yuv420p',
  nv21: 'yuv420p',
  p010le: 'yuv420p10le',
  y210le: 'yuv422p10le',
};

const SUBSAMPLING: Readonly<Record<string, readonly [number, number]>> = {
  '410': [2, 2],
  '411': [2, 0],
  '420': [1, 1],
  '422': [1, 0],
  '440': [0, 1],
  '441': [0, 2],
  '444': [0, 0],
};

/**
 * The planar format that holds the samples of ffmpeg's pixel format `name` without loss.
 *
 * @throws ReelError for a pixel format that no supported planar format can hold.
 */
export function sampleFormat(name: string): SampleFormat {
  // Big-endian samples, and the `yuvj` names that say "full range" in the format, are the same planes in another spelling.
  const planar = (PLANAR[name] ?? name).replace(/be$/, 'le').replace(/^yuvj/, 'yuv');
  const parsed = parseYuv(planar) ?? parseRgb(planar) ?? parseGray(planar);
  if (!parsed) {
    throw new ReelError(
      `Pixel format "${name}" is not supported. Supported are planar and packed YUV (4:1:0 to 4:4:4), RGB and grey of 8 to 16 bits, and float RGB. Convert the reel to one of them first.`,
    );
  }
  return parsed;
}

function parseYuv(name: string): SampleFormat | undefined {
  const match = /^yuv(a?)(4\d\d)p(?:(9|10|12|14|16)le)?$/.exec(name);
  const shifts = match && SUBSAMPLING[match[2] as string];
  if (!match || !shifts) return undefined;
  const chroma = { shiftX: shifts[0], shiftY: shifts[1] };
  const planes: PlaneFormat[] = [full('Y'), { component: 'Cb', ...chroma }, { component: 'Cr', ...chroma }];
  return integer(name, 'yuv', match[3], match[1] ? [...planes, full('A')] : planes);
}

function parseRgb(name: string): SampleFormat | undefined {
  const match = /^gbr(a?)p(?:(9|10|12|14|16)le|(f32)le)?$/.exec(name);
  if (!match) return undefined;
  const planes = [full('G'), full('B'), full('R'), ...(match[1] ? [full('A')] : [])];
  if (match[3]) return { name, model: 'rgb', kind: 'float', bits: 32, bytes: 4, planes };
  return integer(name, 'rgb', match[2], planes);
}

function parseGray(name: string): SampleFormat | undefined {
  const match = /^gray(?:(9|10|12|14|16)le|(f32)le)?$/.exec(name);
  if (!match) return undefined;
  if (match[2]) return { name, model: 'gray', kind: 'float', bits: 32, bytes: 4, planes: [full('Y')] };
  return integer(name, 'gray', match[1], [full('Y')]);
}

function full(component: Component): PlaneFormat {
  return { component, shiftX: 0, shiftY: 0 };
}

function integer(
  name: string,
  model: SampleFormat['model'],
  depth: string | undefined,
  planes: readonly PlaneFormat[],
): SampleFormat {
  const bits = Number(depth ?? 8);
  return { name, model, kind: 'integer', bits, bytes: bits > 8 ? 2 : 1, planes };
}

/** The size of one plane of a picture of `width` × `height`: odd sizes round up, as ffmpeg does. */
export function planeSize(plane: PlaneFormat, width: number, height: number): { width: number; height: number } {
  return { width: -(-width >> plane.shiftX), height: -(-height >> plane.shiftY) };
}

/** Bytes of one whole picture of `width` × `height`. */
export function pictureBytes(format: SampleFormat, width: number, height: number): number {
  let samples = 0;
  for (const plane of format.planes) {
    const size = planeSize(plane, width, height);
    samples += size.width * size.height;
  }
  return samples * format.bytes;
}

/** The pixel grid on which every plane of the format begins a new sample: 2 for 4:2:0, 1 for RGB. */
export function siteStep(format: SampleFormat): number {
  return 1 << Math.max(...format.planes.map((plane) => Math.max(plane.shiftX, plane.shiftY)));
}

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Plate, planesOf } from '../../../src/film/plate.ts';
import type { StillKind } from '../../../src/film/reel.ts';
import { type PlaneFormat, pictureBytes, sampleFormat } from '../../../src/film/sample-format.ts';

const DEMUXERS = { dpx: 'dpx_pipe', tiff: 'tiff_pipe', png: 'png_pipe', jpeg: 'jpeg_pipe', exr: 'exr_pipe' };
const EXTENSIONS = { dpx: 'dpx', tiff: 'tif', png: 'png', jpeg: 'jpg', exr: 'exr' };

/** A still that ffmpeg draws and encodes, with noise so that no two pixels are alike by chance. */
export function drawStill(kind: StillKind, pixelFormat: string, size: string, options: readonly string[] = []): Buffer {
  const codec = kind === 'jpeg' ? 'mjpeg' : kind;
  const float = pixelFormat.includes('f32') ? ['format=gbrp', 'format=gbrpf32le'] : [];
  const filters = ['noise=alls=20:allf=t', ...float, `format=${pixelFormat}`].join(',');
  const source = ['-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=24:duration=0.1`];
  const args = [...source, '-vf', filters, '-frames:v', '1', '-c:v', codec, ...options, '-f', 'image2pipe', '-'];
  return execFileSync('ffmpeg', ['-v', 'error', '-nostdin', ...args], { maxBuffer: 1 << 28 });
}

/** The samples of a still as ffmpeg decodes them, in the planar format of `pixelFormat`. */
export function decodeStill(
  kind: StillKind,
  file: Buffer,
  pixelFormat: string,
  { width, height }: { readonly width: number; readonly height: number },
): Plate {
  const format = sampleFormat(pixelFormat);
  const bytes = onDisk(file, (path) => {
    const args = ['-f', DEMUXERS[kind], '-i', path, ...layOut(pixelFormat), '-f', 'rawvideo', '-'];
    return execFileSync('ffmpeg', ['-v', 'error', '-nostdin', ...args], { maxBuffer: 1 << 28 });
  });
  if (bytes.length !== pictureBytes(format, width, height)) throw new Error(`ffmpeg decoded ${bytes.length} bytes.`);
  return { frame: 0, format, width, height, bytes: new Uint8Array(bytes) };
}

/** ffmpeg itself converts 8-bit RGB with alpha, and palettes, to planes by way of YUV; and full range to video range. */
export function layOut(pixelFormat: string): string[] {
  const planar = sampleFormat(pixelFormat).name;
  if (pixelFormat.startsWith('yuvj')) return ['-pix_fmt', pixelFormat];
  if (planar !== 'gbrap' || pixelFormat === 'gbrap') return ['-pix_fmt', planar];
  const planes = 'extractplanes=r+g+b+a[r][g][b][a];[g][b][r][a]mergeplanes=0x00102030:gbrap';
  return ['-vf', `${pixelFormat === 'pal8' ? 'format=bgra,' : ''}${planes}`, '-pix_fmt', planar];
}

/** ffmpeg's name of a still's pixel format. */
export function probeStill(kind: StillKind, file: Buffer): string {
  const entries = ['-show_entries', 'stream=pix_fmt', '-of', 'csv=p=0'];
  return onDisk(file, (path) =>
    execFileSync('ffprobe', ['-v', 'error', '-f', DEMUXERS[kind], ...entries, path], { encoding: 'utf8' }).trim(),
  );
}

/** From a pipe ffmpeg reads a TIFF in pieces of 4096 bytes and takes each for a picture. */
function onDisk<T>(file: Buffer, read: (path: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'reelmend-still-'));
  try {
    return read(fileIn(folder, 'still', file));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A copy of a plate whose rows `[from, to)` are filled with other values of its depth; alpha stays. */
export function repaint(plate: Plate, from: number, to: number): Plate {
  const painted = { ...plate, bytes: Uint8Array.from(plate.bytes) };
  let seed = 1;
  planesOf(plate.format, painted.bytes, plate.width, plate.height).forEach((plane, k) => {
    const { component, shiftY: shift } = plate.format.planes[k] as PlaneFormat;
    if (component === 'A') return;
    for (let i = (from >> shift) * plane.width; i < Math.ceil(to / 2 ** shift) * plane.width; i++) {
      seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
      const random = seed >>> 8;
      plane.samples[i] = plate.format.kind === 'float' ? random / 2 ** 20 - 1 : random & (2 ** plate.format.bits - 1);
    }
  });
  return painted;
}

function fileIn(folder: string, name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

export function extensionOf(kind: StillKind): string {
  return EXTENSIONS[kind];
}

/** How many samples of two plates differ, in the rows `[from, to)` of the picture or outside them. */
export function differingSamples(a: Plate, b: Plate, inside: (row: number) => boolean): number {
  let differing = 0;
  const others = planesOf(b.format, b.bytes, b.width, b.height);
  planesOf(a.format, a.bytes, a.width, a.height).forEach((plane, k) => {
    const shift = a.format.planes[k]?.shiftY ?? 0;
    plane.samples.forEach((sample, i) => {
      if (inside(Math.floor(i / plane.width) << shift) && sample !== others[k]?.samples[i]) differing += 1;
    });
  });
  return differing;
}

import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Plate } from '../../src/film/plate.ts';
import { pictureBytes, sampleFormat } from '../../src/film/sample-format.ts';
import { findFfmpeg } from '../../src/media/ffmpeg/ffmpeg.ts';

const run = promisify(execFile);

/** The picture as plain ffmpeg sees it, without any of Reelmend's own reading: what a reel is judged by. */
export interface Footage {
  readonly width: number;
  readonly height: number;
  /** As stored. */
  readonly pixelFormat: string;
  readonly codec: string;
}

export async function footageOf(path: string): Promise<Footage> {
  const { ffprobe } = await findFfmpeg();
  const entries = 'stream=width,height,pix_fmt,codec_name';
  const args = ['-v', 'error', ...(await inputOf(path)), '-select_streams', 'V:0', '-show_entries', entries];
  const { stdout } = await run(ffprobe, [...args, '-of', 'json']);
  const stream = (JSON.parse(stdout) as { streams: Record<string, unknown>[] }).streams[0];
  if (!stream) throw new Error(`"${path}" has no picture.`);
  return {
    width: Number(stream['width']),
    height: Number(stream['height']),
    pixelFormat: String(stream['pix_fmt']),
    codec: String(stream['codec_name']),
  };
}

/**
 * Decodes a movie, or a folder of stills without gaps, frame by frame: in its own samples laid out in planes, or converted to
 * `pixelFormat`. Each plate has its own memory.
 */
export async function* decoded(path: string, pixelFormat?: string): AsyncGenerator<Plate> {
  const { ffmpeg, passthrough } = await findFfmpeg();
  const { width, height, pixelFormat: stored } = await footageOf(path);
  const wanted = pixelFormat ?? stored;
  const format = sampleFormat(wanted);
  const bytes = pictureBytes(format, width, height);
  const asked = wanted.startsWith('yuvj') ? wanted : format.name;
  const output = ['-map', '0:V:0', '-c:v', 'rawvideo', '-pix_fmt', asked, ...passthrough, '-f', 'rawvideo', '-'];
  const child = spawn(ffmpeg, ['-v', 'error', '-nostdin', '-noautorotate', ...(await inputOf(path)), ...output], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close');
  try {
    let plate = new Uint8Array(bytes);
    let filled = 0;
    let frame = 0;
    for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
      for (let at = 0; at < chunk.length; ) {
        const part = chunk.subarray(at, at + bytes - filled);
        plate.set(part, filled);
        at += part.length;
        filled += part.length;
        if (filled < bytes) continue;
        yield { frame, format, width, height, bytes: plate };
        plate = new Uint8Array(bytes);
        filled = 0;
        frame += 1;
      }
    }
    const [code] = await closed;
    if (code !== 0 || filled > 0) throw new Error(`ffmpeg ended with code ${code} on "${path}", ${filled} bytes over.`);
  } finally {
    child.kill('SIGKILL');
    await closed;
  }
}

export async function allDecoded(path: string, pixelFormat?: string): Promise<Plate[]> {
  const plates: Plate[] = [];
  for await (const plate of decoded(path, pixelFormat)) plates.push(plate);
  return plates;
}

/** ffmpeg's input arguments for a movie or a folder of numbered stills. */
export async function inputOf(path: string): Promise<string[]> {
  if ((await stat(path)).isFile()) return ['-i', path];
  const [name] = await stillNames(path);
  const number = name === undefined ? null : /(\d+)\.\w+$/.exec(name);
  if (!name || !number?.[1]) throw new Error(`"${path}" has no numbered stills.`);
  const pattern = `${name.slice(0, number.index)}%0${number[1].length}d${extname(name)}`;
  return ['-framerate', '24', '-start_number', String(Number(number[1])), '-i', join(path, pattern)];
}

/** The files of a folder of stills, in the order of their numbers, which are of one length. */
export async function stillNames(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((name) => /\d\.(dpx|tiff?|png|jpg|exr)$/.test(name)).sort();
}

/**
 * Draws what the demo did to some of its frames, for the README: `node dist/samples/before-after.js [folder]`, after `npm run demo`.
 * Each picture shows the face on the plate, restored, and in truth, a plate pixel a pixel.
 */
import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { findFfmpeg } from '../src/media/ffmpeg/ffmpeg.ts';
import { openReelTruth } from './reel-truth.ts';
import { bytesOf } from './rgb-frame.ts';

/** Frames of the sample reel, counted from 0, by what they show. */
const SHOWN = { talking: 52, blink: 33, turn: 95, hand: 116 } as const;

/** Side of a picture over the face's height, pixels between pictures, JPEG quality. */
const AROUND = 1.5;
const GAP = 6;
const QUALITY = 76;

const read = promisify(execFile);
const { ffmpeg } = await findFfmpeg();
const demo = resolve('out', 'demo');
const folder = resolve(process.argv[2] ?? join('docs', 'pictures'));
await mkdir(folder, { recursive: true });
const truth = await openReelTruth();
const { width, height, first } = truth;

/** A frame of 10-bit DPX as interleaved 8-bit RGB. */
async function pictureOf(reel: string, frame: number): Promise<Buffer> {
  const path = join(demo, reel, `scan.${first + frame}.dpx`);
  const asked = ['-v', 'error', '-i', path, '-f', 'rawvideo', '-pix_fmt', 'rgb24', 'pipe:1'];
  const { stdout } = await read(ffmpeg, asked, { encoding: 'buffer', maxBuffer: 4 * width * height });
  return stdout;
}

for (const [name, frame] of Object.entries(SHOWN)) {
  const landmarks = truth.frame(frame).face?.landmarks;
  if (!landmarks) throw new Error(`Frame ${frame} of the sample reel shows no face.`);
  const xs = landmarks.filter((_, i) => i % 3 === 0);
  const ys = landmarks.filter((_, i) => i % 3 === 1);
  const side = Math.min(height, Math.round(AROUND * (Math.max(...ys) - Math.min(...ys))));
  const place = (values: Float32Array, most: number) => {
    const middle = (Math.min(...values) + Math.max(...values)) / 2;
    return Math.round(Math.min(most - side, Math.max(0, middle - side / 2)));
  };
  const square = { left: place(xs, width), top: place(ys, height), width: side, height: side };
  const pictures = [
    await pictureOf('reel', frame),
    await pictureOf('restored', frame),
    bytesOf(truth.renderClean(frame)),
  ];
  const parts = pictures.map(async (picture, k) => ({
    input: await sharp(picture, { raw: { width, height, channels: 3 } })
      .extract(square)
      .png()
      .toBuffer(),
    left: k * (side + GAP),
    top: 0,
  }));
  await sharp({ create: { width: 3 * side + 2 * GAP, height: side, channels: 3, background: '#fff' } })
    .composite(await Promise.all(parts))
    .jpeg({ quality: QUALITY })
    .toFile(join(folder, `${name}.jpg`));
}
console.log(`${Object.keys(SHOWN).length} pictures in ${folder}`);

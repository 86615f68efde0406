/**
 * Draws what the demo did to some of its frames, for the README: `node dist/samples/before-after.js [folder]`, after `npm run demo`.
 * `newsreel.jpg` is a strip, the plates above and the same frames restored below. Each other picture shows a face on the plate,
 * restored, and in truth, a plate pixel a pixel.
 */
import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import sharp, { type Region, type Sharp } from 'sharp';
import { findFfmpeg } from '../src/media/ffmpeg/ffmpeg.ts';
import { openReelTruth } from './reel-truth.ts';
import { bytesOf } from './rgb-frame.ts';
import { DEMO_SHOTS } from './shots.ts';

/** Frames that are shown, counted from the first of their shot. */
const SHOWN = {
  talking: ['talking', 32],
  blink: ['talking', 13],
  turn: ['turn', 11],
  hand: ['occlusion', 8],
} as const;
const STRIP = [0, 5, 11, 14] as const;

/** Side of a picture over the face's height, pixels between pictures, JPEG quality. */
const AROUND = 1.5;
const GAP = 6;
const QUALITY = 76;
/** Height of a picture of the strip over the face's, its width over its height, and its width as it is shown, pixels. */
const CLOSE = 1.3;
const UPRIGHT = 0.86;
const STRIP_WIDTH = 300;

const read = promisify(execFile);
const { ffmpeg } = await findFfmpeg();
const demo = resolve('out', 'demo');
const folder = resolve(process.argv[2] ?? join('docs', 'pictures'));
await mkdir(folder, { recursive: true });
const truth = await openReelTruth({ shots: DEMO_SHOTS });
const { width, height, first } = truth;

/** The frame of the demo's reel that is the given one of a shot. */
function frameOf(kind: (typeof DEMO_SHOTS)[number], t: number): number {
  const shot = truth.shots.find((one) => one.kind === kind);
  if (!shot) throw new Error(`The demo's reel has no shot “${kind}”.`);
  return shot.in + t;
}

/** A frame of 10-bit DPX as interleaved 8-bit RGB. */
async function pictureOf(reel: string, frame: number): Promise<Uint8Array> {
  const path = join(demo, reel, `scan.${first + frame}.dpx`);
  const asked = ['-v', 'error', '-i', path, '-f', 'rawvideo', '-pix_fmt', 'rgb24', 'pipe:1'];
  const { stdout } = await read(ffmpeg, asked, { encoding: 'buffer', maxBuffer: 4 * width * height });
  return stdout;
}

/** The rectangle about a frame's face whose height is `around` times the face's; `shape` is its width over its height. */
function faceAt(frame: number, around: number, shape: number): Region {
  const landmarks = truth.frame(frame).face?.landmarks;
  if (!landmarks) throw new Error(`Frame ${frame} of the demo's reel shows no face.`);
  const xs = landmarks.filter((_, i) => i % 3 === 0);
  const ys = landmarks.filter((_, i) => i % 3 === 1);
  const tall = Math.min(height, Math.round(around * (Math.max(...ys) - Math.min(...ys))));
  const wide = Math.round(shape * tall);
  const place = (values: Float32Array, side: number, most: number) => {
    const middle = (Math.min(...values) + Math.max(...values)) / 2;
    return Math.round(Math.min(most - side, Math.max(0, middle - side / 2)));
  };
  return { left: place(xs, wide, width), top: place(ys, tall, height), width: wide, height: tall };
}

function cut(picture: Uint8Array, region: Region): Sharp {
  return sharp(picture, { raw: { width, height, channels: 3 } }).extract(region);
}

/** Lays pictures of one size in rows on white. */
async function laid(name: string, rows: readonly (readonly Buffer[])[], wide: number, tall: number): Promise<void> {
  const columns = rows[0]?.length ?? 0;
  await sharp({
    create: {
      width: columns * (wide + GAP) - GAP,
      height: rows.length * (tall + GAP) - GAP,
      channels: 3,
      background: '#fff',
    },
  })
    .composite(
      rows.flatMap((row, j) => row.map((input, i) => ({ input, left: i * (wide + GAP), top: j * (tall + GAP) }))),
    )
    .jpeg({ quality: QUALITY })
    .toFile(join(folder, `${name}.jpg`));
}

for (const [name, [kind, t]] of Object.entries(SHOWN)) {
  const frame = frameOf(kind, t);
  const square = faceAt(frame, AROUND, 1);
  const pictures = [
    await pictureOf('reel', frame),
    await pictureOf('restored', frame),
    bytesOf(truth.renderClean(frame)),
  ];
  const row = await Promise.all(pictures.map((picture) => cut(picture, square).png().toBuffer()));
  await laid(name, [row], square.width, square.height);
}

const tall = Math.round(STRIP_WIDTH / UPRIGHT);
const rows = ['reel', 'restored'].map((reel) =>
  Promise.all(
    STRIP.map(async (t) => {
      const frame = frameOf('newsreel', t);
      const picture = cut(await pictureOf(reel, frame), faceAt(frame, CLOSE, UPRIGHT));
      return picture.resize(STRIP_WIDTH, tall, { fit: 'fill' }).png().toBuffer();
    }),
  ),
);
await laid('newsreel', await Promise.all(rows), STRIP_WIDTH, tall);
console.log(`${Object.keys(SHOWN).length + 1} pictures in ${folder}`);

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Transfer, transferCurve } from '../../../src/film/colour.ts';
import type { FolderReel, Reel } from '../../../src/film/reel.ts';
import { sampleFormat } from '../../../src/film/sample-format.ts';
import { describeJob } from '../../../src/media/ffmpeg/job.ts';
import { runJob } from '../../../src/media/ffmpeg/supervisor.ts';
import { toBt709 } from '../../../src/media/master/display-lut.ts';
import type { MasterForm, ReviewLook } from '../../../src/media/master/master-form.ts';
import { shownPicture } from '../../../src/media/master/shown-picture.ts';
import { ffmpeg, temporaryFolder } from '../lavfi.ts';

const folder = await temporaryFolder();
const WIDTH = 1024;
/** A step of 16 bits, and the rounding of ffmpeg's tables. */
const CLOSE = 3 / 65535;

const REVIEW: MasterForm = {
  name: 'review',
  container: 'mp4',
  review: true,
  picture: { codec: 'h264', samples: ['yuv420p'], options: {} },
  sound: 'none',
  floors: { psnr: 30, ssim: 0.8 },
};
const PLAIN: ReviewLook = { burnIn: [], pad: false };

function reelOf(transfer: Transfer, more: Partial<FolderReel> = {}): Reel {
  const size = { width: WIDTH, height: 2 };
  return {
    kind: 'folder',
    path: '/reel',
    ...size,
    rate: { num: 24, den: 1 },
    frames: 1,
    first: 1,
    format: sampleFormat('gbrp16le'),
    pixelFormat: 'gbrp16le',
    colour: {},
    transfer,
    damaged: new Map(),
    still: 'dpx',
    files: ['/reel/1.dpx'],
    ...more,
  };
}

/** Every grey of 10 bits, or what `codes` says, as ffmpeg shows it through the filters of a review copy: 0 … 1, green, blue, red. */
async function shownCodes(reel: Reel, codes: (x: number) => readonly [number, number, number], look = PLAIN) {
  const { filters, files } = shownPicture(reel, REVIEW, look);
  for (const [name, text] of files) await writeFile(join(folder, name), text);
  const plate = new Uint16Array(3 * WIDTH * 2);
  for (let x = 0; x < WIDTH; x++) {
    const [r, g, b] = codes(x);
    [g, b, r].forEach((value, plane) => {
      for (const row of [0, 1]) plate[(plane * 2 + row) * WIDTH + x] = Math.round(value * 65535);
    });
  }
  await writeFile(join(folder, 'in.raw'), plate);
  const raw = ['-f', 'rawvideo', '-pix_fmt', 'gbrp16le'];
  await runJob(
    describeJob(ffmpeg.ffmpeg, {
      name: 'Showing',
      cwd: folder,
      inputs: [{ source: 'in.raw', options: [...raw, '-video_size', `${WIDTH}x2`] }],
      outputs: [{ target: 'out.raw', filters, options: ['-y', ...raw] }],
    }),
  );
  const bytes = await readFile(join(folder, 'out.raw'));
  const out = new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2);
  return (x: number) => [2, 0, 1].map((plane) => (out[plane * 2 * WIDTH + x] as number) / 65535);
}

describe('a review copy', () => {
  it.each(['log', 'pq', 'linear'] as const)('shows %s by the curve that networks see it through', async (transfer) => {
    const shown = await shownCodes(reelOf(transfer), (x) => [x / 1023, x / 1023, x / 1023]);
    const { toDisplay } = transferCurve(transfer);
    for (let x = 0; x < WIDTH; x++) {
      const due = Math.min(1, Math.max(0, toDisplay(Math.round((x / 1023) * 65535) / 65535)));
      for (const value of shown(x)) expect(Math.abs(value - due), `${transfer} code ${x}`).toBeLessThan(CLOSE);
    }
  });

  it('brings PQ in BT.2020 to the primaries of BT.709, and leaves greys grey', async () => {
    const wide = reelOf('pq', { colour: { primaries: 'bt2020', transfer: 'smpte2084' } });
    const { toDisplay } = transferCurve('pq');
    const codes = (x: number) => [x / 1023, (x * 0.8) / 1023, (x * 0.6) / 1023] as const;
    const shown = await shownCodes(wide, codes);
    for (let x = 400; x < 700; x += 20) {
      const due = toBt709(codes(x).map(toDisplay) as [number, number, number]);
      // A cube of 33 a side stands for the matrix between its corners.
      shown(x).forEach((value, k) => {
        expect(Math.abs(value - Math.max(0, due[k] as number)), `code ${x}`).toBeLessThan(0.004);
      });
    }
    const grey = await shownCodes(wide, (x) => [x / 1023, x / 1023, x / 1023]);
    for (let x = 0; x < WIDTH; x += 31) {
      for (const value of grey(x)) expect(Math.abs(value - Math.min(1, toDisplay(x / 1023)))).toBeLessThan(0.004);
    }
  });

  it('lays a LUT over the code values in place of the curve', async () => {
    const inverting = 'LUT_1D_SIZE 2\n1 1 1\n0 0 0\n';
    const shown = await shownCodes(reelOf('log'), (x) => [x / 1023, x / 1023, x / 1023], { ...PLAIN, lut: inverting });
    for (const x of [0, 100, 685, 1023]) expect(shown(x)[0]).toBeCloseTo(1 - x / 1023, 3);
  });

  it('is fitted into a size with square pixels, and filled with bars where asked', () => {
    const reel = reelOf('rec709', { width: 720, height: 576, pixelAspect: { num: 16, den: 15 } });
    const fitted = (look: Partial<ReviewLook>) => {
      const { width, height, pixelAspect } = shownPicture(reel, REVIEW, { ...PLAIN, ...look }).reel;
      return { width, height, pixelAspect };
    };
    const square = { num: 1, den: 1 };
    expect(fitted({ scale: { width: 1280, height: 720 } })).toEqual({ width: 960, height: 720, pixelAspect: square });
    expect(fitted({ scale: { width: 640 } })).toEqual({ width: 640, height: 480, pixelAspect: square });
    expect(fitted({ scale: { width: 1280, height: 720 }, pad: true })).toEqual({
      width: 1280,
      height: 720,
      pixelAspect: square,
    });
  });
});

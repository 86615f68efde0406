import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openCpuCompute } from '../../src/compute/cpu/cpu-compute.ts';
import { packageFolder } from '../../src/disk/package-folder.ts';
import type { RgbPicture } from '../../src/face/networks.ts';
import { cutRegion, type Plate } from '../../src/film/plate.ts';
import { plateColourOf } from '../../src/film/plate-colour.ts';
import type { Reel } from '../../src/film/reel.ts';
import { pictureBytes } from '../../src/film/sample-format.ts';
import { plates } from '../../src/media/read/decode.ts';
import { probeReel } from '../../src/media/read/probe-reel.ts';
import { type PreviewOptions, previewJob } from '../../src/pipeline/preview.ts';
import { parsePreview } from '../../src/pipeline/request/parse-request.ts';
import type { PreviewRequest } from '../../src/pipeline/request/request.ts';
import { displayPicture } from '../../src/render/display-picture.ts';
import { framePool } from '../../src/stream/frame-pool.ts';
import { ffmpeg } from '../media/lavfi.ts';
import { filesOf } from './files-of.ts';
import { jobOf, QUIET } from './job-of.ts';
import { restoreOnThisThread, thisThread } from './on-this-thread.ts';
import { openScratch, type Scratch } from './scratch.ts';
import { writeShots } from './tiny-reel.ts';

const PORTRAIT = join(packageFolder(), 'samples', 'portrait.png');
/** The actor speaks, an empty room, and the actor again: frames 1001 to 1008, 1009 to 1012, 1013 to 1020. */
const SHOTS = [
  ['talking', 8],
  ['empty', 4],
  ['talking', 8],
] as const;

let scratch: Scratch;
let reel: string;
const at = (name: string) => join(scratch.path, name);

beforeAll(async () => {
  scratch = await openScratch('preview');
  process.env['REELMEND_CACHE'] = scratch.cache;
  reel = at('reel');
  await writeShots(reel, SHOTS);
  // Its tracks are kept.
  await restoreOnThisThread(jobOf(reel, at('restored'), PORTRAIT));
});
afterAll(() => scratch[Symbol.asyncDispose]());

function preview(request: Partial<PreviewRequest>, options: Partial<PreviewOptions> = {}) {
  const job = parsePreview({ reel, references: [PORTRAIT], out: at('shown'), ...request });
  return previewJob(job, { ...QUIET, onPage: () => {}, ...options }, { openDevice: async () => thisThread() });
}

/** A folder's frames as plates. */
async function platesOf(folder: string) {
  const opened = await probeReel(folder, { transfer: 'auto', allowGaps: false }, ffmpeg);
  const { format, width, height, frames } = opened;
  const pool = framePool(frames, pictureBytes(format, width, height));
  const found: Plate[] = [];
  const signal = new AbortController().signal;
  for await (const { plate } of plates(opened, { in: 0, out: frames }, { pool, ffmpeg, signal })) found.push(plate);
  return { opened, found };
}

const compute = openCpuCompute();

/** A plate as it is looked at. */
function shownWhole(opened: Reel, plate: Plate): Promise<RgbPicture> {
  const all = { x: 0, y: 0, width: plate.width, height: plate.height };
  return displayPicture(compute, cutRegion(plate, all), { part: all, scale: 1, colour: plateColourOf(opened) });
}

/** Where a picture is a part of another, sample for sample. */
function placesOf(part: RgbPicture, whole: RgbPicture): [number, number][] {
  const rowAt = (picture: RgbPicture, x: number, y: number) =>
    Buffer.from(picture.rgb.subarray(3 * (y * picture.width + x), 3 * (y * picture.width + x + part.width)));
  const places: [number, number][] = [];
  for (let y = 0; y + part.height <= whole.height; y++) {
    for (let x = 0; x + part.width <= whole.width; x++) {
      let row = 0;
      while (row < part.height && rowAt(part, 0, row).equals(rowAt(whole, x, y + row))) row += 1;
      if (row === part.height) places.push([x, y]);
    }
  }
  return places;
}

describe('a preview of a range', () => {
  it('shows before and after as the reel and the restored reel are, and writes nothing but its folder', async () => {
    const before = await filesOf(scratch.path);
    const pages: string[] = [];
    const summary = await preview({ range: '1002-1005' }, { onPage: (page) => void pages.push(page) });
    expect(pages).toEqual([join(at('shown'), 'index.html')]);
    expect(summary).toMatchObject({ page: pages[0], frames: 4, restored: 4 });
    const after = Object.keys(await filesOf(scratch.path)).filter(
      (file) => !(file in before) && !/^(cache|shown)\//.test(file),
    );
    expect(after).toEqual([]);
    expect((await readdir(at('shown'))).filter((name) => !/^(face|frame)-/.test(name)).sort()).toEqual([
      'index.html',
      'preview.json',
      'sheet-shot-1.jpg',
      'side-by-side.mp4',
      'wipe.mp4',
    ]);
  });

  it('shows each pixel of a face as it is in the reel, and as it will be in the restored one', async () => {
    const sizes = new Map<string, number[]>();
    const faces = (await readdir(at('shown'))).flatMap((name) => {
      const [, number, which, scale] = /^face-f1001-(\d+)-(before|after)-([12])x\.png$/.exec(name) ?? [];
      return number === undefined ? [] : [{ name, frame: Number(number) - 1001, which, scale: Number(scale) }];
    });
    // The middle one, and the one that was changed most.
    expect(faces.filter(({ frame }) => frame === 3)).toHaveLength(4);
    const sides = { before: await platesOf(reel), after: await platesOf(at('restored')) };
    for (const { name, frame, which, scale } of faces) {
      const { data, info } = await sharp(join(at('shown'), name))
        .raw()
        .toBuffer({ resolveWithObject: true });
      const { opened, found } = sides[which as 'before' | 'after'];
      const whole = await shownWhole(opened, found[frame] as Plate);
      const face = { width: info.width, height: info.height, rgb: data };
      if (scale === 1) expect(placesOf(face, whole), name).toHaveLength(1);
      else expect(sizes.get(`${frame} ${which}`), name).toEqual([info.width / 2, info.height / 2]);
      if (scale === 1) sizes.set(`${frame} ${which}`, [info.width, info.height]);
    }
  });
});

/** Frames of a clip as interleaved RGB, and its size. */
async function clipOf(path: string): Promise<RgbPicture[]> {
  const { width, height } = await sizeOf(path);
  // Without these its scaler is out by a level.
  const scaling = ['-vf', 'scale=in_color_matrix=bt709:flags=bicubic+accurate_rnd+full_chroma_int'];
  const args = ['-v', 'error', '-i', path, ...scaling, '-f', 'rawvideo', '-pix_fmt', 'rgb24', 'pipe:1'];
  const { stdout } = await promisify(execFile)(ffmpeg.ffmpeg, args, { encoding: 'buffer', maxBuffer: 2 ** 28 });
  const bytes = 3 * width * height;
  return Array.from({ length: stdout.length / bytes }, (_, k) => ({
    width,
    height,
    rgb: new Uint8Array(stdout.subarray(k * bytes, (k + 1) * bytes)),
  }));
}

async function sizeOf(path: string): Promise<{ width: number; height: number }> {
  const args = [
    '-v',
    'error',
    '-select_streams',
    'v',
    '-show_entries',
    'stream=width,height,pix_fmt,codec_name',
    '-of',
    'json',
    path,
  ];
  const { stdout } = await promisify(execFile)(ffmpeg.ffprobe, args);
  const [stream] = JSON.parse(stdout).streams;
  expect(stream).toMatchObject({ codec_name: 'h264', pix_fmt: 'yuv420p' });
  return stream;
}

/** Mean distance, and mean difference, of two pictures; in the first from column `x` on; without the rows that labels lie in. */
function apart(shown: RgbPicture, x: number, expected: RgbPicture, columns = expected.width) {
  let distance = 0;
  let difference = 0;
  const count = 3 * columns * (expected.height - 40);
  for (let row = 20; row < expected.height - 20; row++) {
    for (let k = 0; k < 3 * columns; k++) {
      const at = 3 * (row * shown.width + x) + k;
      const off = (shown.rgb[at] as number) - (expected.rgb[3 * row * expected.width + k] as number);
      distance += Math.abs(off) / count;
      difference += off / count;
    }
  }
  return { distance, difference };
}

/** What H.264 at its rate factor makes of grain, with chroma at half the resolution, and how far it is out on the whole: 8-bit levels. */
const CODING = 4;
const BIAS = 0.3;

describe('the clips of a preview', () => {
  it('show the plate left and the restored frame right, in every frame', async () => {
    const both = await clipOf(join(at('shown'), 'side-by-side.mp4'));
    const wipe = await clipOf(join(at('shown'), 'wipe.mp4'));
    expect([both.length, wipe.length]).toEqual([4, 4]);
    const [before, after] = [await platesOf(reel), await platesOf(at('restored'))];
    for (const [k, picture] of both.entries()) {
      const [plate, restored] = (await Promise.all(
        [before, after].map(({ opened, found }) => shownWhole(opened, found[1 + k] as Plate)),
      )) as [RgbPicture, RgbPicture];
      const { width } = plate;
      expect(picture.width).toBe(2 * width);
      for (const [x, own, other] of [
        [0, plate, restored],
        [width, restored, plate],
      ] as const) {
        const { distance, difference } = apart(picture, x, own);
        expect(distance).toBeLessThan(CODING);
        expect(Math.abs(difference)).toBeLessThan(BIAS);
        expect(distance).toBeLessThan(apart(picture, x, other).distance);
      }
      // Left of every place of the line it is the plate.
      expect(apart(wipe[k] as RgbPicture, 0, plate, 40).distance).toBeLessThan(CODING);
    }
  });
});

const pageText = () => readFile(join(at('shown'), 'index.html'), 'utf8');

/** The ffmpeg of this machine as one that was built without the encoder of clips lists its encoders. */
async function ffmpegWithoutClips(): Promise<string> {
  const path = at('ffmpeg-without-clips');
  const script = [
    '#!/bin/sh',
    `case "$*" in *-encoders) "${ffmpeg.ffmpeg}" "$@" | grep -v libx264; exit;; esac`,
    `exec "${ffmpeg.ffmpeg}" "$@"`,
  ];
  await writeFile(path, `${script.join('\n')}\n`, { mode: 0o755 });
  return path;
}

describe('a preview of a shot, of a sample, or of what it chooses itself', () => {
  it('shows that shot', async () => {
    const { shown, frames, restored, notes } = await preview({ shot: 2 });
    expect({ frames, restored }).toEqual({ frames: 4, restored: 0 });
    expect(notes).toContain('No face is restored in these frames.');
    expect(await pageText()).toContain('No face is restored in these frames.');
    expect(shown).toBe('Shot 2: frames 1009–1012.');
    expect(await clipOf(join(at('shown'), 'wipe.mp4'))).toHaveLength(4);
  });

  it.each([{}, { vary: { 'detail.strength': [0.2, 1] } }])(
    'says where ffmpeg cannot make clips, and on the page, too (%j)',
    async (versions) => {
      const { notes } = await preview({ range: '1002', ffmpeg: await ffmpegWithoutClips(), ...versions });
      const said = `There are no clips: ffmpeg ${ffmpeg.version} lacks the encoder libx264. Use one built with it (--ffmpeg).`;
      expect(notes).toContain(said);
      expect(await pageText()).toContain(said);
      expect((await readdir(at('shown'))).filter((name) => name.endsWith('.mp4'))).toEqual([]);
    },
  );

  it('shows every so many frames without clips, a sheet a shot, in place of what was there before', async () => {
    const { frames, restored } = await preview({ every: 6 });
    expect({ frames, restored }).toEqual({ frames: 4, restored: 4 });
    const names = await readdir(at('shown'));
    expect(names.filter((name) => /mp4$|^sheet/.test(name)).sort()).toEqual(['sheet-shot-1.jpg', 'sheet-shot-3.jpg']);
    const page = await pageText();
    for (const [, file] of page.matchAll(/(?:src|href)="([^"]*)"/g)) expect(names).toContain(file);
    expect(page).not.toContain('role="status"');
  });
});

describe('a preview of several versions', () => {
  it('shows each beside the plate, once where two are the same, with the command that restores like it', async () => {
    const vary = { 'detail.strength': [0.2, 1], restorer: ['repair', 'detail'] };
    const { notes } = await preview({ range: '1003-1004', vary });
    expect(notes).toContain(
      '“repair, detail.strength=1” restores as “repair, detail.strength=0.2” does, and is left out.',
    );
    const names = await readdir(at('shown'));
    expect(names.filter((name) => /^(grid|sheet|version|wipe|side)/.test(name)).sort()).toEqual([
      'grid.mp4',
      'sheet-versions.jpg',
    ]);
    expect(await clipOf(join(at('shown'), 'grid.mp4'))).toHaveLength(2);
    const page = await readFile(join(at('shown'), 'index.html'), 'utf8');
    expect([...page.matchAll(/reelmend restore [^<]*/g)].map(([command]) => /--set.*$/.exec(command)?.[0])).toEqual([
      '--set detail.strength=0.2 --restorer repair',
      '--set detail.strength=0.2 --restorer detail',
      '--set detail.strength=1 --restorer detail',
    ]);
  });
});

describe('a preview one of whose versions may not run', () => {
  it('is refused before anything is tracked', async () => {
    const record = {
      format: 'reelmend-authorisation/1',
      people: [{ name: 'actor', shown: 'a stand-in', putIn: 'nobody' }],
      ...{ allowedBy: 'the maker', purpose: 'to be refused', reel: 'other', until: '2999-12-31' },
    };
    await writeFile(at('consent.json'), JSON.stringify(record));
    const stages = new Set<string>();
    const request = { vary: { restorer: ['repair', 'swap'] }, authorisation: at('consent.json'), cache: false };
    await expect(preview(request, { onProgress: ({ stage }) => void stages.add(stage) })).rejects.toThrow(
      'is for the reel "other", and this one is "reel"',
    );
    expect([...stages]).toEqual(['reading']);
  });
});

describe('the folder of a preview', () => {
  it('is refused where it is anything else, or lies in the reel, and left as it is', async () => {
    await mkdir(at('mine'));
    await writeFile(join(at('mine'), 'index.html'), 'mine');
    await expect(preview({ out: at('mine') })).rejects.toThrow(
      `--out "${at('mine')}" exists already and is no preview that Reelmend made. It stays as it is: choose another --out.`,
    );
    expect(await readFile(join(at('mine'), 'index.html'), 'utf8')).toBe('mine');
    const inside = join(reel, 'shown');
    await expect(preview({ out: inside })).rejects.toThrow('The source is never written to. Choose another place.');
    expect(existsSync(inside)).toBe(false);
  });

  it('keeps what others put into it when a preview is made anew', async () => {
    await preview({ range: '1002' });
    await writeFile(join(at('shown'), 'notes.txt'), 'mine');
    await preview({ range: '1003' });
    const names = await readdir(at('shown'));
    expect(names).toContain('notes.txt');
    expect(names.filter((name) => /1002/.test(name))).toEqual([]);
  });

  it('has no half files when a preview is stopped, and a page that says so', async () => {
    const stop = new AbortController();
    const onProgress: PreviewOptions['onProgress'] = ({ stage, done }) => {
      if (stage === 'rendering' && done === 2) stop.abort(new Error('enough'));
    };
    await expect(preview({ range: '1001-1008' }, { signal: stop.signal, onProgress })).rejects.toThrow('enough');
    const names = await readdir(at('shown'));
    expect(names.filter((name) => /^\.|mp4$|lock/.test(name))).toEqual([]);
    const page = await readFile(join(at('shown'), 'index.html'), 'utf8');
    expect(page).toContain('This preview was stopped before all of its pictures were made.');
    expect(page).not.toContain('role="status"');
  });
});

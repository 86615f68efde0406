import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rational } from '../src/film/rational.ts';
import { advanceTimecode } from '../src/film/timecode.ts';
import { dpxColourCodes } from '../src/media/still/dpx/dpx-colour.ts';
import { writeDpx } from '../src/media/still/dpx/write-dpx.ts';
import type { ShotKind } from './acting.ts';
import { openReelTruth, type ReelOptions, type ReelTruth } from './reel-truth.ts';
import { codesOf, planesOfCodes } from './rgb-frame.ts';
import { DEMO_SHOTS } from './shots.ts';

export type { ShotKind } from './acting.ts';
export type { FaceTruth, FrameTruth, ReelOptions, ReelTruth, ShotTruth } from './reel-truth.ts';

/**
 * Writes the sample reel into `folder` as `scan.1001.dpx` …: 10-bit RGB DPX with a film and television header.
 *
 * The folder is made; files of the same names are overwritten. `onFrame` is told how many frames are written.
 */
export async function makeReel(
  folder: string,
  options: ReelOptions = {},
  onFrame: (written: number, total: number) => void = () => {},
): Promise<ReelTruth> {
  const truth = await openReelTruth(options);
  await mkdir(folder, { recursive: true });
  let writing: Promise<void> = Promise.resolve();
  for (let frame = 0; frame < truth.frames; frame++) {
    const file = sampleDpx(truth, frame);
    // The next frame is drawn while this one is written.
    await writing;
    writing = writeFile(join(folder, sampleFileName(truth, frame)), file);
    writing.catch(() => {});
    onFrame(frame + 1, truth.frames);
  }
  await writing;
  return truth;
}

export function sampleFileName(truth: ReelTruth, frame: number): string {
  return `scan.${String(truth.first + frame).padStart(4, '0')}.dpx`;
}

const VIDEO_CODES = dpxColourCodes({ primaries: 'bt709', transfer: 'bt709' }, 'rec709');

/** The file of one frame of the sample reel, timecode from 01:00:00:00. */
export function sampleDpx(truth: ReelTruth, frame: number): Buffer {
  const shot = truth.shots[truth.frame(frame).shot];
  const rate = rational(truth.rate);
  return writeDpx(
    { width: truth.width, height: truth.height, bits: 10, planes: planesOfCodes(codesOf(truth.renderWorn(frame), 10)) },
    {
      ...VIDEO_CODES,
      fileName: sampleFileName(truth, frame),
      date: '2026:01:01:12:00:00:UTC',
      creator: 'Reelmend sample reel',
      project: 'Reelmend samples, after a NASA portrait',
      source: sampleFileName(truth, frame),
      copyright: 'Public domain',
      inputDevice: 'Reelmend synthetic scanner',
      edgeCode: { maker: '02', type: '91', offset: '00', prefix: '123456', count: String(frame).padStart(4, '0') },
      slate: `${shot?.kind ?? ''} take 1`,
      position: frame,
      length: truth.frames,
      rate,
      timecode: advanceTimecode('01:00:00:00', frame, rate) ?? undefined,
    },
  );
}

async function main(args: readonly string[]): Promise<void> {
  const [folder, only, length] = args;
  if (!folder) {
    console.error(`Usage: make-reel <folder> [${DEMO_SHOTS.join('|')}] [frames]`);
    process.exitCode = 2;
    return;
  }
  const truth = await makeReel(folder, {
    ...(only ? { only: only as ShotKind } : { shots: DEMO_SHOTS }),
    ...(length ? { length: Number(length) } : {}),
  });
  const shots = truth.shots.map((shot) => `${shot.kind} ${shot.in}–${shot.out - 1}`).join(', ');
  console.log(`${basename(folder)}: ${truth.frames} frames of ${truth.width}×${truth.height} (${shots}).`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(process.argv.slice(2));

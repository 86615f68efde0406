import { lstat, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { plateColourOf } from '../film/plate-colour.ts';
import { parseRational } from '../film/rational.ts';
import type { Reel } from '../film/reel.ts';
import { ReelError } from '../film/reel-error.ts';
import { pictureBytes } from '../film/sample-format.ts';
import type { Ffmpeg } from '../media/ffmpeg/ffmpeg.ts';
import { plates } from '../media/read/decode.ts';
import { probeReel } from '../media/read/probe-reel.ts';
import { mattes } from '../pipeline/handover/mattes.ts';
import { type PlateShower, plateShower } from '../render/shown-plates.ts';
import { framePool } from '../stream/frame-pool.ts';
import type { ReadReport } from './report-folder.ts';

/** A reel as it is looked at. */
export interface ShownReel {
  readonly reel: Reel;
  /** Frame of the reel that is frame `n` of the review. */
  readonly indexOf: (frame: number) => number;
}

/** The plate and the output that a report names, opened. */
export interface ReelPictures {
  readonly plate: ShownReel;
  readonly output: ShownReel;
  /** Folder of mattes; null where none were written. */
  readonly mattes: string | null;
}

/**
 * Opens what a report names, and nothing else.
 *
 * @throws ReelError where it is gone, or a frame of it is a link that leads out of its folder
 */
export async function openPictures(
  { report, request, in: from }: ReadReport,
  ffmpeg: Ffmpeg,
  signal: AbortSignal,
): Promise<ReelPictures> {
  const output = report.outputs[0];
  if (!output) throw new ReelError(`The report of "${report.reel.path}" names no output. Restore the reel anew.`);
  const { transfer = 'auto', layer } = request ?? {};
  const rate = parseRational(report.reel.rate);
  const plate = await probeReel(report.reel.path, { transfer, allowGaps: true, rate, layer }, ffmpeg, signal);
  // The output has the plate's code values: it is shown by the same curve.
  const restored = await probeReel(
    output.path,
    { transfer: plate.transfer, allowGaps: true, rate, ...(request?.as === undefined ? { layer } : {}) },
    ffmpeg,
    signal,
  );
  await assertContained(plate);
  await assertContained(restored);
  // A folder without its first frames begins later than the range does.
  const shift = restored.kind === 'folder' && request?.as === undefined ? restored.first - plate.first : from;
  const matteFolder = report.beside?.find(({ kind }) => kind === 'mattes')?.folder ?? null;
  return {
    plate: { reel: plate, indexOf: (frame) => frame },
    output: { reel: restored, indexOf: (frame) => frame - shift },
    mattes: matteFolder,
  };
}

/** Refuses a frame folder in which a link leads out of it. */
async function assertContained(reel: Reel): Promise<void> {
  if (reel.kind !== 'folder') return;
  const [first] = reel.files.filter((file) => file !== null);
  if (!first) return;
  const folder = await realpath(join(first, '..'));
  for (const file of reel.files) {
    if (file === null || !(await lstat(file)).isSymbolicLink()) continue;
    const target = await realpath(file);
    if (!target.startsWith(folder + sep)) {
      throw new ReelError(
        `"${file}" is a link that leads out of its folder, and is not shown. Put the frame itself there.`,
      );
    }
  }
}

/** Where the matte of a frame lies, if a face was restored in it. */
export function matteFile({ plate, mattes: folder }: ReelPictures, frame: number): string | null {
  return folder === null ? null : join(folder, mattes(folder).nameOf(plate.reel, frame));
}

/** Shows plates of a reel at their own pixels. */
export function ownPixels(reel: Reel): PlateShower {
  return plateShower(reel, plateColourOf(reel), 1);
}

/** Buffers of a decoder whose frames are shown as they come. */
const LENT = 2;

/**
 * The frames of a range as display-referred RGB, interleaved, 8-bit, in order, without those that are damaged. Each has its own memory.
 *
 * @param from in the reel's own counting
 */
export async function* shownFrames(
  reel: Reel,
  range: { readonly in: number; readonly out: number },
  ffmpeg: Ffmpeg,
  signal: AbortSignal,
): AsyncGenerator<{ readonly frame: number; readonly rgb: Uint8Array }> {
  const shower = ownPixels(reel);
  const pool = framePool(LENT, pictureBytes(reel.format, reel.width, reel.height));
  for await (const { plate, loan } of plates(reel, range, { pool, ffmpeg, signal })) {
    let rgb: Uint8Array;
    try {
      rgb = new Uint8Array(3 * shower.width * shower.height);
      shower.show(plate, rgb);
    } finally {
      loan.release();
    }
    yield { frame: plate.frame, rgb };
  }
}

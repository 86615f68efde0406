import type { Command } from 'commander';
import { z } from 'zod';
import { FRAME_FORMAT_NAMES } from '../media/write/frames/frame-format.ts';
import { CODEC_NAMES } from '../media/write/movie-codec.ts';
import { DEFAULTS, type RestoreRequest } from '../pipeline/request/request.ts';
import { UsageError } from '../settings/usage-error.ts';
import { addFaceOptions, faceOptionsSchema, faceRequest } from './face-options.ts';
import { addReelOptions, collect } from './reel-options.ts';

/** Adds what `restore` and `submit` both take: a reel, whose faces in it are restored and how, and where all goes that is written. */
export function addRestoreOptions(command: Command): Command {
  command
    .argument('<reel>', 'a movie, a folder of numbered stills, or a pattern (scan.%04d.dpx, scan.####.dpx)')
    .requiredOption('--out <path>', 'where the restored reel goes: a folder, or a .mkv, .mov or .mp4 file')
    .option(
      '--reference <[name=]stills>',
      'stills of the face to take detail from: a file, a folder, frames of the reel (reel:1043,1077), or its best ones (reel:auto); again for more. Without any, faces are repaired',
      collect,
    );
  return addFaceOptions(addReelOptions(command))
    .option(
      '--codec <name>',
      `codec of a movie: ${CODEC_NAMES.join(', ')}; default the reel's own ProRes, DNxHR, FFV1 or Motion JPEG where .mov (or .mkv from .mkv) holds it: frames without a restored face are then its own packets; else by the kind of --out`,
    )
    .option(
      '--as <kind>',
      `convert the frames of a folder to ${FRAME_FORMAT_NAMES.join(', ')}; default the source's own kind`,
    )
    .option('--start-number <number>', "with --as: number of the first frame written; default the reel's own")
    .option(
      '--declare',
      "altered frames and movies declare IPTC's digital source type where their kind has an empty place for it; samples stay the same",
    )
    .option('--mattes <folder>', 'also write the mattes, 16-bit grey PNGs')
    .option(
      '--patches <folder>',
      'also write the restored faces of each frame on transparency, EXR files to lay over the plate in a compositor',
    )
    .option(
      '--patch-alpha <kind>',
      "premultiplied: the patches' colour is multiplied by their alpha, as EXR is by convention; straight: it is not",
      DEFAULTS.patchAlpha,
    )
    .option(
      '--tracks <folder>',
      'also write the restored faces’ tracks: Nuke scripts (Tracker, CornerPin), After Effects keyframe data as mocha exports it',
    )
    .option('--report <folder>', 'where the report goes; default <out>.report')
    .option(
      '--master <preset>',
      'also make this master of the finished reel (see "reelmend master --list"); again for more',
      collect,
    )
    .option('--masters <folder>', 'where the masters go; default <out>.masters')
    .option('--keep-work', 'keep <out>.work, the finished takes, when all is done: a change costs little then (--redo)')
    .option(
      '--redo',
      'where --out is of an earlier run with --keep-work: render only the takes that change, then replace it at once',
    )
    .option(
      '--max-isolated <percent>',
      'share of frames that may be damaged before the exit code is 3',
      String(100 * DEFAULTS.maxIsolated),
    );
}

const text = z.exactOptional(z.string());

/** Commander's result, each flag as it was typed. */
export const restoreOptionsSchema = faceOptionsSchema.extend({
  out: z.string(),
  codec: text,
  as: text,
  startNumber: text,
  declare: z.boolean().default(false),
  mattes: text,
  patches: text,
  patchAlpha: z.string(),
  tracks: text,
  report: text,
  master: z.array(z.string()).default([]),
  masters: text,
  keepWork: z.boolean().default(false),
  redo: z.boolean().default(false),
  maxIsolated: z.string(),
});

/** What was typed, as a request. @throws UsageError for a share that is none. */
export function restoreRequest(
  reel: string,
  options: z.output<typeof restoreOptionsSchema>,
): Omit<RestoreRequest, 'each'> {
  const { maxIsolated, out, mattes, patches, tracks, report, keepWork, redo } = options;
  return {
    ...faceRequest(reel, options),
    out,
    codec: options.codec,
    as: options.as,
    startNumber: options.startNumber === undefined ? undefined : parseNumber('--start-number', options.startNumber),
    declare: options.declare,
    mattes,
    patches,
    patchAlpha: options.patchAlpha as RestoreRequest['patchAlpha'],
    tracks,
    report,
    masters: options.master,
    mastersFolder: options.masters,
    keepWork,
    redo,
    maxIsolated: parsePercent('--max-isolated', maxIsolated) / 100,
  };
}

function parseNumber(flag: string, text: string): number {
  if (/^\s*\d{1,9}\s*$/.test(text)) return Number(text);
  throw new UsageError(`${flag} "${text}" is not a number of a frame. Write it as digits, such as 1001.`);
}

function parsePercent(flag: string, text: string): number {
  const match = /^\s*(\d+(?:\.\d+)?)\s*%?\s*$/.exec(text);
  const percent = match ? Number(match[1]) : Number.NaN;
  if (percent <= 100) return percent;
  throw new UsageError(`${flag} "${text}" is not a share. Write it in percent, from 0 to 100, such as 0.3.`);
}

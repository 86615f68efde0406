import type { Command } from 'commander';
import { z } from 'zod';
import { DEFAULTS, type InspectRequest } from '../pipeline/request/request.ts';
import { parseChange } from '../settings/setting-changes.ts';
import { parseChoice } from './choice.ts';

/** Adds what `inspect` and `restore` both take. */
export function addReelOptions(command: Command): Command {
  return command
    .option(
      '--find <[name=]stills>',
      'stills of the person to find in the reel: a file, a folder, or frames of the reel (reel:1043); again for more',
      collect,
    )
    .option(
      '--range <first-last>',
      'only these frames, both included: numbered as the reel is (1001-1100), or by its timecode (01:00:10:00-01:00:14:12; drop-frame 01:00:10;00-…)',
    )
    .option(
      '--shots <file>',
      'a shot list: .csv with the columns name,in,out (both included) and, if wanted, restorer,preset,cast,handles; .edl; .otio. Only its shots are looked at and restored, the rest is passed through',
    )
    .option(
      '--preset <name|file>',
      'how to track, cast and restore: restore, artistic, strict, or a file of yours',
      DEFAULTS.preset,
    )
    .option(
      '--set <room.setting=value>',
      'a setting of the preset that this run has otherwise, such as detail.strength=0.8; again for more',
      collect,
    )
    .option('--reuse <on|off>', 'off: run every network on every frame, to compare', 'on')
    .option('--overrides <file>', 'JSON of your own decisions: casting, pins, holdouts')
    .option(
      '--transfer <kind>',
      'how code values are shown to the networks: auto, log, linear, pq, rec709',
      DEFAULTS.transfer,
    )
    .option('--rate <rate>', 'frames a second of a folder that does not state it, such as 24 or 24000/1001')
    .option(
      '--layer <name>',
      'the layer of EXR stills to work on, or one channel; by default the one that is the picture',
    )
    .option('--allow-gaps', 'a folder may lack numbers; they stay missing')
    .option('--verify-reel', 'hash the whole reel, not a sample, to recognise it in later runs')
    .option('--no-cache', 'neither use nor keep tracks of earlier runs')
    .option('--detector <id|file>', 'another network to find faces (see "reelmend models list")')
    .option(
      '--landmarker <id|file>',
      'another network to place landmarks; a heavy one runs in some frames and corrects the light one',
    )
    .option('--recogniser <id|file>', 'another network to tell who a face is')
    .option(
      '--accept-licence <id>',
      'accept the licence of a network that is not free, once for all runs (see "reelmend models list"); again for more',
      collect,
    )
    .option(
      '--device <which>',
      `what faces are rendered on: auto (the faster of both), cpu, gpu, or gpu:<part of an adapter's name>; or what networks run on: cpu, cuda, tensorrt, dml (with a number for one of several: cuda:1), coreml, webgpu; or both: gpu,cuda:1. Where networks have none, the first accelerator that answers a tiny network right. See "reelmend doctor"`,
      DEFAULTS.device,
    )
    .option('--ffmpeg <file>', 'the ffmpeg to use; default FFMPEG_PATH, then the one on PATH')
    .option('--quiet', 'no progress');
}

/** Collects the values of a flag that may be given several times. */
export function collect(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}

const text = z.exactOptional(z.string());

/** Commander's result, each flag as it was typed. */
export const reelOptionsSchema = z.object({
  find: z.array(z.string()).default([]),
  range: text,
  shots: text,
  preset: z.string(),
  set: z.array(z.string()).default([]),
  reuse: z.string(),
  overrides: text,
  transfer: z.string(),
  rate: text,
  layer: text,
  allowGaps: z.boolean().default(false),
  verifyReel: z.boolean().default(false),
  cache: z.boolean(),
  detector: text,
  landmarker: text,
  recogniser: text,
  acceptLicence: z.array(z.string()).default([]),
  device: z.string(),
  ffmpeg: text,
  quiet: z.boolean().default(false),
});

/** The request that `inspect` and `restore` share. @throws UsageError for `--reuse` that is neither on nor off. */
export function inspectRequest(reel: string, given: z.output<typeof reelOptionsSchema>): InspectRequest {
  // Without what the command asks for beside it.
  const { quiet: _, reuse, set, detector, landmarker, recogniser, ...same } = reelOptionsSchema.parse(given);
  return {
    ...same,
    reel,
    // What was typed; the request is parsed where programs' are.
    transfer: same.transfer as InspectRequest['transfer'],
    device: same.device as InspectRequest['device'],
    settings: Object.fromEntries(set.map((text) => parseChange(text, '--set'))),
    reuse: parseChoice('--reuse', reuse, ['on', 'off']) === 'on',
    models: { detector, landmarker, recogniser },
  };
}

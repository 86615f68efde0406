import type { Command } from 'commander';
import { z } from 'zod';
import { DEFAULTS, type PreviewRequest, type RestoreRequest } from '../pipeline/request/request.ts';
import { RESTORERS } from '../restore/restorers.ts';
import { collect, inspectRequest, reelOptionsSchema } from './reel-options.ts';

/** Adds what `preview` and `restore` both take beside `addReelOptions`: whose faces are restored, and how. */
export function addFaceOptions(command: Command): Command {
  return command
    .option(
      '--restorer <name>',
      `what restores the face: ${RESTORERS.map(({ name }) => name).join(', ')}; default the preset's`,
    )
    .option('--model <id|file>', 'the network of the restorer that --restorer names (see "reelmend models list")')
    .option(
      '--enhancer <id|file>',
      'the network that makes faces finer: with --restorer enhance, or behind that of --restorer swap',
    )
    .option(
      '--masker <id,id|file>',
      'networks that tell a face from what is before it, so that this stays as it is; where there are several, the face is what all see',
      collect,
    )
    .option(
      '--authorisation <file>',
      'for restorers that put one person’s face in another’s place: JSON that says who is shown, who is put in, who allowed it, for what, until when',
    )
    .option(
      '--faces <which>',
      'cast: only the people given; all: every face (default where nobody is given, and for anonymise)',
    )
    .option(
      '--except',
      'with --restorer anonymise: the faces of the people of --find stay as they are; in doubt they are hidden',
    )
    .option('--grain <kind>', "own: the frame's own grain is put back; none: the face has none", DEFAULTS.grain);
}

const text = z.exactOptional(z.string());

/** Commander's result, each flag as it was typed, those of `reelOptionsSchema` among them. */
export const faceOptionsSchema = reelOptionsSchema.extend({
  reference: z.array(z.string()).default([]),
  restorer: text,
  model: text,
  enhancer: text,
  masker: z.array(z.string()).default([]),
  authorisation: text,
  faces: text,
  except: z.boolean().default(false),
  grain: z.string(),
});

/** The request that `preview` and `restore` share. @throws UsageError as `inspectRequest` */
export function faceRequest(
  reel: string,
  options: z.output<typeof faceOptionsSchema>,
): Omit<PreviewRequest, 'out' | 'shot' | 'every' | 'vary'> {
  const { reference, restorer, model, enhancer, masker, authorisation, faces, except, grain } = options;
  return {
    ...inspectRequest(reel, options),
    ...{ references: reference, restorer, model, enhancer, masker, authorisation, except },
    // What was typed; the request is parsed where programs' are.
    faces: faces as RestoreRequest['faces'],
    grain: grain as RestoreRequest['grain'],
  };
}

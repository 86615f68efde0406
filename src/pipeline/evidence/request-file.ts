import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import type { RestoreJob } from '../job.ts';
import type { RestoreRequest } from '../request/request.ts';
import { restoreSchema } from '../request/request-schemas.ts';

const REQUEST_FORMAT = 'reelmend-request/1';

/** `request.json`: what a run was asked for, with every path absolute, so that it can be asked for again with other decisions. */
const requestFileSchema = z.strictObject({ format: z.literal(REQUEST_FORMAT), request: restoreSchema });

/** The text of `request.json`. It has paths, and nothing of what they lead to. */
export function requestFileText(job: RestoreJob): string {
  const request: RestoreRequest = {
    reel: job.reel,
    out: job.out,
    range: job.range,
    shots: job.shots,
    transfer: job.transfer,
    rate: job.rate,
    layer: job.layer,
    allowGaps: job.allowGaps,
    verifyReel: job.verifyReel,
    ffmpeg: job.ffmpeg,
    preset: absoluteFile(job.preset),
    // Networks that flags named are among them.
    settings: job.settings,
    references: job.references,
    find: job.find,
    reuse: job.reuse,
    cache: job.cache,
    device: job.device,
    models: Object.fromEntries(Object.entries(job.models).map(([role, id]) => [role, absoluteFile(id)])),
    overrides: job.overrides,
    restorer: job.restorer,
    authorisation: job.authorisation && resolve(job.authorisation.file),
    faces: job.faces,
    except: job.except,
    grain: job.grain,
    codec: job.codec,
    as: job.as,
    startNumber: job.startNumber,
    declare: job.declare,
    mattes: job.mattes,
    patches: job.patches,
    patchAlpha: job.patchAlpha,
    tracks: job.tracks,
    report: job.report,
    keepWork: job.keepWork || job.redo,
    maxIsolated: job.maxIsolated,
  };
  return `${JSON.stringify({ format: REQUEST_FORMAT, request }, null, 2)}\n`;
}

/** The request in the text of `request.json`; null where it is none of this version's. */
export function parseRequestFile(text: string): RestoreRequest | null {
  try {
    const { request } = requestFileSchema.parse(JSON.parse(text));
    return request;
  } catch {
    return null;
  }
}

/** Presets and contracts have a name, or a file. */
function absoluteFile(nameOrPath: string): string {
  return /[\\/]|\.json$/.test(nameOrPath) && existsSync(nameOrPath) ? resolve(nameOrPath) : nameOrPath;
}

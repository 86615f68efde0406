import { z } from 'zod';
import type { FrameRange } from '../film/range.ts';
import type { Reel } from '../film/reel.ts';
import { hashOf } from './canonical-json.ts';
import { PresetError } from './preset-error.ts';
import { parseSettings, readSettings } from './settings-file.ts';

/** A face that a person means: a track by its id, or whichever face covers a point of a frame. */
export type FaceRef =
  | { readonly track: string }
  /** `frame` counts from 0; `point` is x, y in plate pixels. */
  | { readonly frame: number; readonly point: readonly [number, number] };

/** What a person decided against the machine. Frames count from the reel's first, from 0. */
export interface Overrides {
  readonly cast: readonly { readonly face: FaceRef; readonly as: string | null }[];
  readonly pins: readonly { readonly frame: number; readonly five: readonly number[]; readonly track?: string }[];
  /** Frames in which nothing is restored, or nothing inside `box` (x, y, width, height in plate pixels). */
  readonly holdouts: readonly (FrameRange & { readonly box?: readonly [number, number, number, number] })[];
  /** SHA-256 of the decisions' canonical JSON, lower-case hex. */
  readonly hash: string;
}

export const OVERRIDES_FORMAT = 'reelmend-overrides/1';

const track = z.string({ error: 'a track’s id, such as "f1043"' });
const pixel = z.number({ error: 'a number of pixels' });
const frame = z.int({ error: 'a frame’s number in the reel’s own numbering' });
const extent = z.number({ error: 'more than 0 pixels' }).positive({ error: 'more than 0 pixels' });

const castSchema = z
  .strictObject(
    {
      track: z.exactOptional(track),
      frame: z.exactOptional(frame),
      point: z.exactOptional(z.tuple([pixel, pixel], { error: 'x and y in pixels of the picture' })),
      as: z.union([z.string(), z.null()], { error: 'a person’s name, or null for nobody' }),
    },
    {
      error: (issue) =>
        issue.code === 'invalid_type' ? 'a decision such as { "track": "f1043", "as": null }' : undefined,
    },
  )
  .refine((cast) => (cast.track === undefined) === (cast.frame !== undefined && cast.point !== undefined), {
    error: 'a decision with either "track", or "frame" and "point"',
  });

const pinSchema = z.strictObject({
  frame,
  five: z.array(pixel, { error: 'the ten numbers x0, y0 … x4, y4' }).length(10, {
    error:
      'ten numbers: x, y of the image-left eye, image-right eye, nose tip, image-left and image-right mouth corner',
  }),
  track: z.exactOptional(track),
});

const holdoutSchema = z.strictObject({
  in: frame,
  out: frame,
  box: z.exactOptional(
    z.tuple([pixel, pixel, extent, extent], { error: 'x, y, width and height in pixels of the picture' }),
  ),
});

/** An overrides file. Its frames carry the reel's own numbers; `in` … `out` of a holdout are both held out, as in `--range`. */
export const overridesSchema = z.strictObject({
  format: z.literal(OVERRIDES_FORMAT, { error: `"${OVERRIDES_FORMAT}"` }),
  cast: z.array(castSchema, { error: 'a list of decisions' }).default([]),
  pins: z.array(pinSchema, { error: 'a list of pins' }).default([]),
  holdouts: z.array(holdoutSchema, { error: 'a list of holdouts' }).default([]),
});

/** Nobody decided anything. */
export const NO_OVERRIDES: Overrides = decided({ cast: [], pins: [], holdouts: [] });

/**
 * Reads an overrides file for a reel.
 *
 * @throws PresetError that names the entry, what was expected and what was found; also for a frame that the reel does not have.
 */
export async function parseOverrides(file: string, reel: Reel): Promise<Overrides> {
  const written = parseSettings('Overrides', file, overridesSchema, await readSettings('Overrides', file));
  const indexOf = (number: number, key: string): number => frameIndex(number, key, file, reel);
  return decided({
    cast: written.cast.map(({ track, frame, point, as }, k) =>
      frame !== undefined && point !== undefined
        ? { face: { frame: indexOf(frame, `cast.${k}.frame`), point }, as }
        : { face: { track: track ?? '' }, as },
    ),
    pins: written.pins.map((pin, k) => ({ ...pin, frame: indexOf(pin.frame, `pins.${k}.frame`) })),
    holdouts: written.holdouts.map((holdout, k) => {
      const range = { in: indexOf(holdout.in, `holdouts.${k}.in`), out: indexOf(holdout.out, `holdouts.${k}.out`) + 1 };
      if (range.out <= range.in) {
        throw unfit(file, `holdouts.${k}.out`, `${holdout.in} or more (the last frame held out)`, String(holdout.out));
      }
      return { ...holdout, ...range };
    }),
  });
}

function decided(decisions: Omit<Overrides, 'hash'>): Overrides {
  return { ...decisions, hash: hashOf(decisions) };
}

function frameIndex(number: number, key: string, file: string, reel: Reel): number {
  const index = number - reel.first;
  if (index >= 0 && index < reel.frames) return index;
  const last = reel.first + reel.frames - 1;
  throw unfit(file, key, `a frame of this reel, ${reel.first} to ${last}`, String(number));
}

function unfit(file: string, key: string, expected: string, got: string): PresetError {
  return new PresetError(`Overrides "${file}": "${key}" should be ${expected}, but is ${got}. Correct it there.`, {
    file,
    key,
    expected,
    got,
  });
}

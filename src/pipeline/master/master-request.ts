import { resolve } from 'node:path';
import { z } from 'zod';
import type { Transfer } from '../../film/colour.ts';
import { isTimecode } from '../../film/timecode.ts';
import { BURN_INS, type BurnIn } from '../../media/master/master-form.ts';
import { UsageError } from '../../settings/usage-error.ts';
import type { InspectJob } from '../job.ts';
import { asField, type FieldName } from '../request/field-name.ts';
import { parsed } from '../request/parse-fields.ts';
import { reelOf } from '../request/parse-request.ts';
import type { InspectRequest } from '../request/request.ts';
import { reelFieldsSchema } from '../request/request-schemas.ts';

/** What `masterReel` is asked for: `{ reel, presets: ['prores-422-hq'], out }` is enough. */
export interface MasterRequest extends Pick<InspectRequest, 'reel' | 'range' | 'rate' | 'layer' | 'ffmpeg'> {
  /** Names of master presets, or paths of files. */
  readonly presets: readonly string[];
  /** The folder of the masters. */
  readonly out: string;
  /** Frames beside the range on each side, as far as the reel has them. Default 0. */
  readonly handles?: number | undefined;
  /** How code values are shown in copies to look at. Default `auto`. */
  readonly transfer?: 'auto' | Transfer | undefined;
  /** `copy`: the reel's own; `none`; or a file whose sound begins with the first frame that is written. Default `copy`. */
  readonly sound?: string | undefined;
  /** Timecode of the reel's first frame, in place of its own: `HH:MM:SS:FF`, `HH:MM:SS;FF` with dropped numbers. */
  readonly timecode?: string | undefined;
  /** Name of the reel for timecode tracks. Default: the movie's own. */
  readonly reelName?: string | undefined;
  /** Copies to look at: what is written into the picture. */
  readonly burnIn?: readonly BurnIn[] | undefined;
  /** Copies to look at: the size to fit into, `1280x720`, `1280x` or `x720`. */
  readonly scale?: string | undefined;
  /** Copies to look at: bars fill what the picture leaves of `scale`. */
  readonly pad?: boolean | undefined;
  /** Copies to look at: a .cube file for the reel's code values, in place of the usual way to show them. */
  readonly lut?: string | undefined;
  /** Another encoder for the masters of its codec, such as `h264_nvenc`. */
  readonly encoder?: string | undefined;
  /** What says the hashes of all files: an ASC MHL, a `sha256sum` file, or nothing. Default `mhl`. */
  readonly manifest?: 'mhl' | 'sha256sum' | 'none' | undefined;
}

/** A request with every default filled in and every path absolute. */
export interface MasterJob extends Pick<InspectJob, 'reel' | 'range' | 'transfer' | 'rate' | 'layer' | 'ffmpeg'> {
  readonly presets: readonly string[];
  readonly out: string;
  readonly handles: number;
  readonly sound:
    | { readonly kind: 'copy' }
    | { readonly kind: 'none' }
    | { readonly kind: 'file'; readonly path: string };
  readonly timecode?: string | undefined;
  readonly reelName?: string | undefined;
  readonly burnIn: readonly BurnIn[];
  readonly scale: { readonly width?: number | undefined; readonly height?: number | undefined } | undefined;
  readonly pad: boolean;
  readonly lut: string | undefined;
  readonly encoder?: string | undefined;
  readonly manifest: 'mhl' | 'sha256sum' | 'none';
  /** How errors name fields. */
  readonly name: FieldName;
}

const path = z.string({ error: 'a path' }).min(1, { error: 'a path' });
const presets = z
  .array(z.string({ error: 'the name of a master preset, or the path of a file' }), {
    error: 'a list of master presets',
  })
  .min(1, { error: 'one master preset at least' });

const masterSchema = reelFieldsSchema.omit({ shots: true }).extend({
  presets,
  out: path,
  handles: z.int({ error: 'a number of frames' }).min(0, { error: 'a number of frames' }).default(0),
  sound: z.string({ error: 'copy, none, or a file' }).min(1, { error: 'copy, none, or a file' }).default('copy'),
  timecode: z.string({ error: 'a timecode' }).optional(),
  reelName: z
    .string({ error: 'a name' })
    .regex(/^[^\r\n]{1,31}$/, { error: 'a name of 1 to 31 letters' })
    .optional(),
  burnIn: z.array(z.enum(BURN_INS), { error: `a list of ${BURN_INS.join(', ')}` }).default([]),
  scale: z.string({ error: 'a size such as "1280x720"' }).optional(),
  pad: z.boolean({ error: 'true or false' }).default(false),
  lut: path.optional(),
  encoder: z.string({ error: 'the name of an encoder' }).min(1, { error: 'the name of an encoder' }).optional(),
  manifest: z.enum(['mhl', 'sha256sum', 'none']).default('mhl'),
  ffmpeg: path.optional(),
});

/** @throws UsageError for an unknown field, or a value that means nothing */
export function parseMaster(request: MasterRequest, name: FieldName = asField): MasterJob {
  const values = parsed(masterSchema, request, name);
  const { out, range, sound, timecode, scale, pad, lut, handles } = values;
  if (timecode !== undefined && !isTimecode(timecode)) {
    throw new UsageError(`${name('timecode')} "${timecode}" is not a timecode. Write it as HH:MM:SS:FF.`);
  }
  if (pad && !/^\d+x\d+$/.test(scale ?? '')) {
    throw new UsageError(`${name('pad')} needs the size to fill. Add ${name('scale')} 1920x1080, or leave it out.`);
  }
  if (handles > 0 && range === undefined) {
    throw new UsageError(
      `${name('handles')} ${handles} needs a range to lie beside. Add ${name('range')}, or leave it out.`,
    );
  }
  const doubled = values.presets.find((preset, k) => values.presets.indexOf(preset) < k);
  if (doubled !== undefined) throw new UsageError(`${name('presets')} "${doubled}" is given twice. Leave one out.`);
  return {
    ...values,
    ...reelOf(values, name),
    out: resolve(out),
    sound: sound === 'copy' || sound === 'none' ? { kind: sound } : { kind: 'file', path: resolve(sound) },
    scale: scale === undefined ? undefined : parseScale(scale, name('scale')),
    lut: lut === undefined ? undefined : resolve(lut),
    name,
  };
}

/** @throws UsageError also for odd sides, which 4:2:0 cannot have */
function parseScale(text: string, name: string): { width?: number; height?: number } {
  const match = /^(\d*)x(\d*)$/.exec(text);
  const [width, height] = [match?.[1], match?.[2]].map((side) => (side ? Number(side) : undefined));
  const sides = [width, height].filter((side) => side !== undefined);
  if (!match || sides.length === 0 || sides.some((side) => side < 16 || side > 16384 || side % 2 === 1)) {
    throw new UsageError(
      `${name} "${text}" is not a size. Write it as 1280x720, 1280x or x720, with even numbers from 16 to 16384.`,
    );
  }
  return { ...(width === undefined ? {} : { width }), ...(height === undefined ? {} : { height }) };
}

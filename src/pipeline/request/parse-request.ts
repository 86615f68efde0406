import { resolve } from 'node:path';
import { z } from 'zod';
import { PATCH_ALPHAS } from '../../film/patch-alpha.ts';
import { parseRational, type Rational } from '../../film/rational.ts';
import { FRAME_FORMAT_NAMES } from '../../media/write/frames/frame-format.ts';
import { CODEC_NAMES } from '../../media/write/movie-codec.ts';
import type { DeviceWish } from '../../render/rendering-device.ts';
import { RESTORERS } from '../../restore/restorers.ts';
import { closestName } from '../../settings/closest-name.ts';
import { settingsSchema } from '../../settings/preset-schema.ts';
import { checkChanges } from '../../settings/setting-changes.ts';
import { UsageError } from '../../settings/usage-error.ts';
import type { InspectJob, PreviewJob, RenderJob, RestoreJob } from '../job.ts';
import { checkPeople } from './check-people.ts';
import { asField, type FieldName } from './field-name.ts';
import { checkedRange, parseRange } from './parse-range.ts';
import { parsePeople } from './person-stills.ts';
import { checkShown, previewFolder, versionsOf } from './preview-versions.ts';
import {
  DEFAULTS,
  type InspectRequest,
  type PreviewRequest,
  type RestoreFacesRequest,
  type RestoreRequest,
} from './request.ts';

const path = z.string({ error: 'a path' }).min(1, { error: 'a path' });
const flag = z.boolean({ error: 'true or false' });
const modelId = z.string({ error: 'the id of a model, or the path of a contract’s .json file' });

const person = z.strictObject({
  name: z.string({ error: 'a name' }).min(1, { error: 'a name' }),
  paths: z.array(path, { error: 'a list of paths' }),
  frames: z.union([z.array(z.int()), z.literal('auto')], { error: 'a list of frames, or "auto"' }).exactOptional(),
});
const stills = z.array(z.union([path, person], { error: 'a path, "name=path", or { name, paths }' }), {
  error: 'a list of stills',
});

const models = z.strictObject({
  detector: modelId.optional(),
  landmarker: modelId.optional(),
  recogniser: modelId.optional(),
});

const device = z.custom<DeviceWish>((given) => typeof given === 'string' && /^(auto|cpu|gpu|gpu:.*\S.*)$/.test(given), {
  error: 'auto, cpu, gpu, or gpu: and a part of an adapter’s name, such as gpu:radeon',
});

const frameAddress = z.union([z.int(), z.string()]);

/** Fields that say which reel is read, and how. */
export const reelFieldsSchema = z.strictObject({
  reel: path,
  range: z
    .union([z.string(), z.strictObject({ first: frameAddress, last: frameAddress })], {
      error: 'frames such as "1001-1100" or "01:00:10:00-01:00:14:12", or { first, last }',
    })
    .optional(),
  shots: path.optional(),
  transfer: z.enum(['auto', 'log', 'linear', 'rec709', 'pq']).default(DEFAULTS.transfer),
  rate: z
    .union([z.string(), z.strictObject({ num: z.int().positive(), den: z.int().positive() })], {
      error: 'a rate such as "24000/1001"',
    })
    .optional(),
  layer: z.string({ error: 'a layer’s name' }).min(1, { error: 'a layer’s name' }).optional(),
});

const inspectSchema = reelFieldsSchema.extend({
  allowGaps: flag.default(DEFAULTS.allowGaps),
  verifyReel: flag.default(DEFAULTS.verifyReel),
  ffmpeg: path.optional(),
  preset: z.string({ error: 'the name of a preset, or the path of a file' }).default(DEFAULTS.preset),
  settings: z
    .record(z.string(), z.unknown(), { error: 'settings by name, such as { "detail.strength": 0.8 }' })
    .default({}),
  find: stills.default([]),
  reuse: flag.default(DEFAULTS.reuse),
  cache: flag.default(DEFAULTS.cache),
  device: device.default(DEFAULTS.device),
  models: models.default({}),
  overrides: path.optional(),
});

const restoreSchema = inspectSchema.extend({
  out: path,
  references: stills.default([]),
  restorer: z.enum(RESTORERS.map((one) => one.name)).optional(),
  faces: z.enum(['cast', 'all']).optional(),
  grain: z.enum(['own', 'none']).default(DEFAULTS.grain),
  codec: z.enum(CODEC_NAMES).optional(),
  as: z.enum(FRAME_FORMAT_NAMES).optional(),
  startNumber: z.int({ error: 'a whole number from 0 on' }).min(0, { error: 'a whole number from 0 on' }).optional(),
  mattes: path.optional(),
  patches: path.optional(),
  patchAlpha: z.enum(PATCH_ALPHAS).default(DEFAULTS.patchAlpha),
  tracks: path.optional(),
  report: path.optional(),
  keepWork: flag.default(DEFAULTS.keepWork),
  redo: flag.default(DEFAULTS.redo),
  masters: z
    .array(z.string({ error: 'the name of a master preset' }), { error: 'a list of master presets' })
    .default([]),
  mastersFolder: path.optional(),
  maxIsolated: z
    .number({ error: 'a share from 0 to 1' })
    .min(0, { error: 'a share from 0 to 1' })
    .max(1, { error: 'a share from 0 to 1' })
    .default(DEFAULTS.maxIsolated),
});

const positive = z.int({ error: 'a whole number from 1' }).min(1, { error: 'a whole number from 1' }).optional();

const previewSchema = inspectSchema.extend({
  ...restoreSchema.pick({ references: true, restorer: true, faces: true, grain: true }).shape,
  out: path.optional(),
  shot: positive,
  every: positive,
  vary: z
    .record(z.string(), z.array(z.unknown()).min(1), {
      error: 'values by setting, such as { "detail.strength": [0.5, 1] }',
    })
    .default({}),
});

const restoreFacesSchema = restoreSchema.omit({
  reel: true,
  range: true,
  shots: true,
  transfer: true,
  rate: true,
  layer: true,
  allowGaps: true,
  cache: true,
  report: true,
  masters: true,
  mastersFolder: true,
  maxIsolated: true,
});

/**
 * A request to inspect with every default filled in and every path absolute.
 *
 * @param name how errors name fields: as a program's, or as the command line's
 * @throws UsageError for an unknown field, or a value that means nothing
 */
export function parseInspect(request: InspectRequest, name: FieldName = asField): InspectJob {
  const values = parsed(inspectSchema, request, name);
  return { ...values, ...reelOf(values, name), ...peopleOf({ ...values, references: [] }, name) };
}

/** The same for a request to restore. @throws UsageError also where the people given contradict each other. */
export function parseRestore(request: RestoreRequest, name: FieldName = asField): RestoreJob {
  const values = parsed(restoreSchema, request, name);
  const report = absolute(values.report);
  const job: RestoreJob = {
    ...values,
    ...reelOf(values, name),
    ...peopleOf(values, name),
    ...placesOf(values),
    report,
    mastersFolder: absolute(values.mastersFolder),
  };
  checkPeople(job, name);
  return job;
}

/** The same for a request to show what restoring would do. @throws UsageError also where it asks for too much at once. */
export function parsePreview(request: PreviewRequest, name: FieldName = asField): PreviewJob {
  const { vary, out, ...values } = parsed(previewSchema, request, name);
  checkShown(values, name);
  const reel = reelOf(values, name);
  const job: PreviewJob = {
    ...values,
    ...reel,
    ...peopleOf(values, name),
    out: resolve(out ?? previewFolder(reel.reel)),
    versions: versionsOf(vary, name),
  };
  for (const { restorer = job.restorer } of job.versions.length > 0 ? job.versions : [{}]) {
    checkPeople({ ...job, restorer }, name);
  }
  return job;
}

/** The same for a request to restore faces that are tracked already. */
export function parseRestoreFaces(request: RestoreFacesRequest): RenderJob {
  const values = parsed(restoreFacesSchema, request, asField);
  const job: RenderJob = { ...values, ...peopleOf(values, asField), ...placesOf(values) };
  checkPeople(job, asField);
  return job;
}

type Values = z.output<typeof restoreSchema>;

/** The reel's place, range, rate and list of shots, each parsed. */
export function reelOf(
  { reel, range, rate, shots }: Pick<Values, 'reel' | 'range' | 'rate'> & Partial<Pick<Values, 'shots'>>,
  name: FieldName,
) {
  return {
    reel: resolve(reel),
    shots: absolute(shots),
    range: typeof range === 'string' ? parseRange(range, name('range')) : range && checkedRange(range, name('range')),
    rate: typeof rate === 'string' ? parseRate(rate, name('rate')) : rate,
  };
}

function peopleOf(
  {
    references,
    find,
    models,
    overrides,
    settings,
  }: Pick<Values, 'references' | 'find' | 'models' | 'overrides' | 'settings'>,
  name: FieldName,
) {
  checkChanges(settings, settingsSchema(RESTORERS), name('settings'));
  return {
    references: parsePeople(name('references'), references, 'restore'),
    find: parsePeople(name('find'), find, 'find'),
    models: Object.fromEntries(Object.entries(models).filter(([, id]) => id !== undefined)),
    overrides: absolute(overrides),
  };
}

function placesOf({ out, mattes, patches, tracks }: Pick<Values, 'out' | 'mattes' | 'patches' | 'tracks'>) {
  return { out: resolve(out), mattes: absolute(mattes), patches: absolute(patches), tracks: absolute(tracks) };
}

function absolute(given: string | undefined): string | undefined {
  return given === undefined ? undefined : resolve(given);
}

/** @throws UsageError that names the first fault */
export function parsed<Schema extends z.ZodObject>(
  schema: Schema,
  request: unknown,
  name: FieldName,
): z.output<Schema> {
  const result = schema.safeParse(request);
  if (result.success) return result.data;
  throw refusal(result.error.issues[0] as z.core.$ZodIssue, request, Object.keys(schema.shape), name);
}

/** The first fault as a sentence, with the name that was likely meant. */
function refusal(issue: z.core.$ZodIssue, request: unknown, fields: readonly string[], name: FieldName): UsageError {
  const [field = '', ...within] = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') {
    const key = issue.keys[0] ?? '';
    const known = field === 'models' ? Object.keys(models.shape) : fields;
    const meant = closestName(key, known);
    const advice = meant ? `Did you mean "${meant}"?` : `Known are: ${known.join(', ')}.`;
    return new UsageError(
      `"${[field, ...within, key].filter(Boolean).join('.')}" is not a field of a request. ${advice}`,
    );
  }
  const got = valueAt(request, issue.path);
  if (issue.code === 'invalid_value' && got !== undefined) {
    const choices = issue.values.map(String);
    const meant = typeof got === 'string' ? closestName(got, choices) : undefined;
    const advice = meant ? ` Did you mean "${meant}"?` : '';
    return new UsageError(`${name(field)} ${JSON.stringify(got)} is not one of ${choices.join(', ')}.${advice}`);
  }
  const where = [name(field), ...within].join('.');
  const shown = got === undefined ? 'missing' : JSON.stringify(got);
  return new UsageError(`${where} should be ${issue.message}, but is ${shown}.`);
}

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce((value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key], root);
}

function parseRate(text: string, name: string): Rational {
  try {
    const rate = parseRational(text);
    if (rate.num > 0) return rate;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  throw new UsageError(`${name} "${text}" is not a rate. Write it as 24, 24000/1001 or 23.976.`);
}

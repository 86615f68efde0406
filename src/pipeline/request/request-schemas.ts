import { z } from 'zod';
import { PATCH_ALPHAS } from '../../film/patch-alpha.ts';
import { FRAME_FORMAT_NAMES } from '../../media/write/frames/frame-format.ts';
import { CODEC_NAMES } from '../../media/write/movie-codec.ts';
import { type DeviceWish, readDeviceWish } from '../../render/rendering-device.ts';
import { RESTORERS } from '../../restore/restorers.ts';
import { DEFAULTS } from './request.ts';

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

/** Networks other than the preset’s. */
export const modelsSchema = z.strictObject({
  detector: modelId.optional(),
  landmarker: modelId.optional(),
  recogniser: modelId.optional(),
});

const device = z.custom<DeviceWish>((given) => typeof given === 'string' && readDeviceWish(given) !== null, {
  error:
    'what faces are rendered on (auto, cpu, gpu, or gpu: and a part of an adapter’s name, such as gpu:radeon), what networks run on (cpu, cuda, tensorrt or dml, which take a number as in cuda:1, coreml, webgpu), or both, such as gpu,cuda:1',
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

/** Fields of a request to inspect. */
export const inspectSchema = reelFieldsSchema.extend({
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
  models: modelsSchema.default({}),
  acceptLicence: z.array(modelId, { error: 'a list of models' }).optional(),
  overrides: path.optional(),
});

/** Fields of a request to restore. */
export const restoreSchema = inspectSchema.extend({
  out: path,
  each: flag.default(DEFAULTS.each),
  references: stills.default([]),
  restorer: z.enum(RESTORERS.map((one) => one.name)).optional(),
  authorisation: path.optional(),
  model: modelId.optional(),
  enhancer: modelId.optional(),
  masker: z.array(modelId, { error: 'a list of models' }).optional(),
  faces: z.enum(['cast', 'all']).optional(),
  except: flag.default(DEFAULTS.except),
  grain: z.enum(['own', 'none']).default(DEFAULTS.grain),
  codec: z.enum(CODEC_NAMES).optional(),
  as: z.enum(FRAME_FORMAT_NAMES).optional(),
  startNumber: z.int({ error: 'a whole number from 0 on' }).min(0, { error: 'a whole number from 0 on' }).optional(),
  declare: flag.default(DEFAULTS.declare),
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

/** Fields of a request for a preview. */
export const previewSchema = inspectSchema.extend({
  ...restoreSchema.pick({
    references: true,
    restorer: true,
    authorisation: true,
    model: true,
    enhancer: true,
    masker: true,
    faces: true,
    except: true,
    grain: true,
  }).shape,
  out: path.optional(),
  shot: positive,
  every: positive,
  vary: z
    .record(z.string(), z.array(z.unknown()).min(1), {
      error: 'values by setting, such as { "detail.strength": [0.5, 1] }',
    })
    .default({}),
});

/** Fields of a request to restore faces that are tracked already: without those that say how a reel is read, tracked and delivered. */
export const restoreFacesSchema = restoreSchema.omit({
  reel: true,
  each: true,
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

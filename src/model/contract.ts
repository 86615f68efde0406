import { z } from 'zod';
import { ContractError } from './contract-error.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 of 64 lower-case hex digits was expected');

const shape = z.array(z.int().positive()).min(1);

/** What black and white (0 and 255) become, for all channels or one pair for each. */
const range = z.union([z.tuple([z.number(), z.number()]), z.array(z.tuple([z.number(), z.number()])).length(3)]);

/** A picture's way into a network: batch 1, float32. */
const picturePort = z.strictObject({
  name: z.string(),
  shape: shape.length(4),
  layout: z.enum(['NHWC', 'NCHW']),
  channels: z.enum(['RGB', 'BGR']),
  range,
});

const outputPort = z.strictObject({
  name: z.string(),
  shape,
  /** What the numbers are, with units and range. */
  meaning: z.string(),
});

/** Anchors of BlazeFace (Bazarevsky 2019, arXiv:1907.05047): a grid of one cell every `stride` input pixels, `anchors` a cell. */
const blazeface = z.strictObject({
  kind: z.literal('blazeface'),
  layers: z
    .array(
      z.strictObject({
        stride: z.int().positive(),
        anchors: z.int().positive(),
        boxes: z.string(),
        scores: z.string(),
      }),
    )
    .min(1),
  /** Intersection over union from which two boxes are taken for one face. */
  suppression: z.number().min(0).max(1),
});

/** 468 points in input pixels, x, y, z each, and the probability that there is a face. */
const faceMesh = z.strictObject({ kind: z.literal('face-mesh'), points: z.string(), presence: z.string() });

/** Points of a face that are fewer or others than the mesh's: the landmarks of a lighter network are moved to them. */
const facePoints = z.strictObject({
  kind: z.literal('face-points'),
  /** Numbers a point, of which the first two are x and y. */
  points: z.string(),
  /** What the input's left and right edges are in x, and its top and bottom edges in y. */
  range: z.tuple([z.number(), z.number()]),
  /** Which of the mesh's 468 landmarks each point is, in their order; null where none lies alike. */
  mesh: z.array(z.union([z.int().min(0).max(467), z.null()])).min(8),
  /** A map or a number a point: the mean over the points of the greatest in each, over `full`, tells how far to believe them. */
  confidence: z.strictObject({ output: z.string(), full: z.number().positive() }).exactOptional(),
});

const embedding = z.strictObject({ kind: z.literal('embedding'), output: z.string() });

/** A restored picture; `range` is what black and white are in it. */
const picture = z.strictObject({ kind: z.literal('picture'), output: z.string(), range });

/** A larger and finer picture of whatever was shown. */
const upscaling = z.strictObject({
  kind: z.literal('upscaling'),
  output: z.string(),
  /** What black and white are in it. */
  range,
  /** Its side over the input's. */
  factor: z.literal([2, 4, 8]),
  /** How far an input pixel reaches in the answer, input pixels: beyond, a cut-out is answered as in the whole picture. */
  reach: z.int().positive(),
});

/** A size that the network leaves open (−1), or not. */
const openShape = z.array(z.union([z.int().positive(), z.literal(-1)])).length(4);

/** How a face is laid before the network. */
const template = z.discriminatedUnion('name', [
  /** The whole picture, centred, as large as fits, black around. */
  z.strictObject({ name: z.literal('letterbox') }),
  /** A square around the face, turned with the eyes, its side `growth` times the larger side of the face's box. */
  z.strictObject({ name: z.literal('turned-square'), growth: z.number().min(1).max(3).default(1.5) }),
  /** Five points on the template of ArcFace (Deng 2019), its 112 pixels shrunk to leave `padding` of the side free on each side. */
  z.strictObject({ name: z.literal('arcface_112_v2'), padding: z.number().min(0).max(0.4).default(0) }),
  /** Five points on the alignment of FFHQ (Karras 2019). */
  z.strictObject({ name: z.literal('ffhq') }),
  /** Any part of a picture, as it is. */
  z.strictObject({ name: z.literal('any') }),
]);

const file = z.strictObject({
  /** `npm:<package>@<version>#<path>`, `https://…` or `file:<path>`, the path relative to the contract. */
  source: z
    .string()
    .regex(
      /^(npm:(@[^/@]+\/)?[^/@]+@\d[^#]*#.+|https:\/\/.+|file:.+)$/,
      'npm:<package>@<version>#<path>, https://… or file:… was expected',
    ),
  sha256,
});

const common = {
  id: z.string().regex(/^[a-z0-9][a-z0-9._-]*$/, 'lower-case letters, digits, dots and dashes were expected'),
  title: z.string(),
  format: z.enum(['onnx', 'tfjs-graph', 'tfjs-layers', 'tflite']),
  /** The weights as published. For `tfjs-graph` and `tfjs-layers` model.json first, then its shards. */
  files: z.array(file).min(1),
  /** Bytes read while the files are fetched, packages unpacked; for progress where a registry does not tell. */
  fetchBytes: z.int().positive().exactOptional(),
  /** The network as it is run. Absent only where nobody has converted it yet. */
  onnx: z.strictObject({ sha256, bytes: z.int().positive() }).exactOptional(),
  licence: z.strictObject({
    /** SPDX identifier as the publisher states it. */
    stated: z.string(),
    /** Where it is stated. */
    statedIn: z.string(),
    /** What a careful user should know that is not stated. */
    notStated: z.string(),
  }),
  /** Who made it, from what, as far as known. */
  provenance: z.string(),
  template,
  input: picturePort,
  outputs: z.array(outputPort).min(1),
  /** Score, presence or cosine from which an answer is believed by default. */
  threshold: z.number(),
  /** Milliseconds of one run on one core of an ordinary desktop CPU, roughly; for plans, not promises. */
  cost: z.number().positive(),
};

const contractSchema = z.discriminatedUnion('task', [
  z.strictObject({ ...common, task: z.literal('detect'), decoder: blazeface }),
  z.strictObject({
    ...common,
    task: z.literal('landmark'),
    decoder: z.discriminatedUnion('kind', [faceMesh, facePoints]),
  }),
  z.strictObject({ ...common, task: z.literal('recognise'), decoder: embedding }),
  z.strictObject({ ...common, task: z.literal('restore'), decoder: picture }),
  z.strictObject({
    ...common,
    task: z.literal('upscale'),
    input: picturePort.extend({ shape: openShape }),
    outputs: z.array(outputPort.extend({ shape: openShape })).length(1),
    decoder: upscaling,
  }),
]);

/** What a model is, where it comes from, and what goes in and out of it: a file in `models/`. */
export type Contract = z.infer<typeof contractSchema>;
export type Task = Contract['task'];
export type ContractOf<T extends Task> = Extract<Contract, { task: T }>;
export type PicturePort = z.infer<typeof picturePort>;

/**
 * The contract written in a JSON text; `name` is the file's, for messages.
 *
 * @throws ContractError naming every field that is wrong, what was expected and what was found.
 */
export function parseContract(text: string, name: string): Contract {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new ContractError(name, `The model contract ${name} is not JSON: ${(cause as Error).message}`, { cause });
  }
  const result = contractSchema.safeParse(json);
  if (!result.success) {
    throw new ContractError(name, `The model contract ${name} is not valid:\n${z.prettifyError(result.error)}`, {
      cause: result.error,
    });
  }
  const { data } = result;
  const missing = outputNames(data).find((output) => !data.outputs.some((port) => port.name === output));
  if (missing !== undefined) {
    throw new ContractError(
      name,
      `The model contract ${name}: its decoder reads "${missing}", which is not among its outputs.`,
    );
  }
  return data;
}

/** The contract, seen as one of a task. @throws ContractError where it is of another. */
export function expectTask<T extends Task>(contract: Contract, task: T): ContractOf<T> {
  if (contract.task !== task) {
    throw new ContractError(
      contract.id,
      `Model "${contract.id}" was asked to ${task}, but its contract says that it can ${contract.task}. Name another model.`,
    );
  }
  return contract as ContractOf<T>;
}

/** Names of the outputs that the contract's decoder reads. */
export function outputNames({ decoder }: Contract): string[] {
  switch (decoder.kind) {
    case 'blazeface':
      return decoder.layers.flatMap((layer) => [layer.boxes, layer.scores]);
    case 'face-mesh':
      return [decoder.points, decoder.presence];
    case 'face-points':
      return [decoder.points, ...(decoder.confidence ? [decoder.confidence.output] : [])];
    default:
      return [decoder.output];
  }
}

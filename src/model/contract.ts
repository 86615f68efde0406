import { z } from 'zod';
import { batchFault } from './batch-fault.ts';
import { ContractError } from './contract-error.ts';
import type { AnyDecoder, DecoderSettings } from './decoder.ts';
import { DECODERS } from './decoders.ts';
import { inputSchema, outputSchema, type PicturePort } from './port.ts';
import { fivePointsOfTemplate, templateSchema } from './template.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 of 64 lower-case hex digits was expected');

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

/** What a model may be called. */
export const MODEL_ID = /^[a-z0-9][a-z0-9._-]*$/;

/** What is told of a network, wherever its file is. */
const descriptionSchema = z.strictObject({
  id: z.string().regex(MODEL_ID, 'lower-case letters, digits, dots, dashes and underscores were expected'),
  title: z.string(),
  licence: z.strictObject({
    /** SPDX identifier as the publisher states it. */
    stated: z.string(),
    /** Where it is stated. */
    statedIn: z.string(),
    /** What the licence leaves open, for a careful user. */
    notStated: z.string(),
    /** What it lets a user do; absent: as its identifier says. */
    use: z.enum(['free', 'non-commercial', 'copyleft', 'unknown']).exactOptional(),
  }),
  /** Who made it, from what, as far as known. */
  provenance: z.string(),
  /** How a face is aligned for it. */
  template: templateSchema,
  inputs: z.array(inputSchema).min(1),
  outputs: z.array(outputSchema).min(1),
  /** Default threshold of score, presence or cosine. */
  threshold: z.number(),
  /** Milliseconds of one run on one core of an ordinary desktop CPU, roughly; for plans, not promises. */
  cost: z.number().positive(),
});

const commonSchema = descriptionSchema.extend({
  format: z.enum(['onnx', 'tfjs-graph', 'tfjs-layers', 'tflite']),
  /** The weights as published. For `tfjs-graph` and `tfjs-layers` model.json first, then its shards. */
  files: z.array(file).min(1),
  /** Bytes read while the files are fetched, packages unpacked; for progress where a registry does not tell. */
  fetchBytes: z.int().positive().exactOptional(),
  /** The network as it is run. Absent where it was not converted yet. */
  onnx: z.strictObject({ sha256, bytes: z.int().positive() }).exactOptional(),
});

/** How a network is told from others by its file, beside its ports. */
const knownSchema = descriptionSchema.extend({
  known: z.strictObject({
    /** What its file is commonly called, without the extension; letters' case and punctuation say nothing. */
    names: z.array(z.string().regex(/[a-z0-9]/i)).min(1),
    /** True where other networks have the same ports: it is recognised only by one of its names. */
    named: z.boolean().default(false),
    /** Operators that its graph has. */
    operators: z.array(z.string()).default([]),
    /** Operators that its graph has not. */
    lacks: z.array(z.string()).default([]),
    /** Side of its picture, pixels, where the file leaves that open; absent where none does. */
    side: z.int().positive().exactOptional(),
    /** What of this could be verified, and by what; what could not. */
    verified: z.string(),
  }),
});

type Registered = (typeof DECODERS)[number];

/** What a network is for. */
export type Task = Registered['task'];

/** A contract of a network for one task. */
export type ContractOf<T extends Task> = z.output<typeof commonSchema> & {
  task: T;
  decoder: z.output<Extract<Registered, { task: T }>['schema']>;
};

/** What a model is, where it comes from, and what goes in and out of it: a file in `models/`. */
export type Contract = { [T in Task]: ContractOf<T> }[Task];

/**
 * A network that is recognised by its file: a contract without the file's place and hash. The names of its ports are what its decoder
 * calls them; a file may call them otherwise.
 */
export type KnownNetwork = {
  [T in Task]: z.output<typeof knownSchema> & Pick<ContractOf<T>, 'task' | 'decoder'>;
}[Task];

/** One task's contract after another's, each with the decoders that it may have. */
function taskSchema(common: typeof commonSchema | typeof knownSchema, decoders: readonly AnyDecoder[]) {
  const kinds = (task: string) => decoders.filter((decoder) => decoder.task === task).map(({ schema }) => schema);
  const tasks = [...new Set(decoders.map(({ task }) => task))].map((task) =>
    z.strictObject({
      ...common.shape,
      task: z.literal(task),
      decoder: z.discriminatedUnion('kind', kinds(task) as [z.ZodObject, ...z.ZodObject[]]),
    }),
  );
  return z.discriminatedUnion('task', tasks as [(typeof tasks)[number], ...typeof tasks]);
}

/**
 * The contract written in a JSON text; `name` is the file's, for messages.
 *
 * @param decoders those that it may name
 * @throws ContractError naming every field that is wrong, what was expected and what was found.
 */
export function parseContract(text: string, name: string, decoders: readonly AnyDecoder[] = DECODERS): Contract {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new ContractError(name, `The model contract ${name} is not JSON: ${(cause as Error).message}`, { cause });
  }
  if (isOfOneInput(json)) {
    throw new ContractError(
      name,
      `The model contract ${name} has "input", which is now "inputs": a list. Write "inputs": [{ "kind": "picture", … }], with what stood in "input" after the kind.`,
    );
  }
  return checked(json, name, { common: commonSchema, decoders }) as Contract;
}

/** The network that a JSON text describes; `name` is the file's, for messages. @throws ContractError as `parseContract` does. */
export function parseKnownNetwork(text: string, name: string): KnownNetwork {
  return checked(JSON.parse(text), name, { common: knownSchema, decoders: DECODERS }) as KnownNetwork;
}

function checked(
  json: unknown,
  name: string,
  { common, decoders }: { common: typeof commonSchema | typeof knownSchema; decoders: readonly AnyDecoder[] },
): Contract | KnownNetwork {
  const result = taskSchema(common, decoders).safeParse(json);
  if (!result.success) {
    throw new ContractError(name, `The model contract ${name} is not valid:\n${z.prettifyError(result.error)}`, {
      cause: result.error,
    });
  }
  const contract = result.data as Contract | KnownNetwork;
  const fault = faultOf(contract, decoders);
  if (fault) throw new ContractError(contract.id, `Model "${contract.id}": ${fault}. Correct the contract ${name}.`);
  return contract;
}

/** A contract from before networks could have several inputs. */
function isOfOneInput(json: unknown): boolean {
  return typeof json === 'object' && json !== null && 'input' in json && !('inputs' in json);
}

/** How networks of some tasks are shown faces, as the beginning of a sentence. */
const BY_FIVE_POINTS: Partial<Readonly<Record<Task, string>>> = {
  recognise: 'a recogniser aligns faces to five points, such as "arcface_112_v2" or "ffhq"',
  restore: 'a network that restores faces is shown them by five points, such as "ffhq" or "arcface_128"',
  mask: 'a masker is shown faces by five points, such as "ffhq"',
  swap: 'a swapper aligns faces to five points, such as "arcface_128" or "ffhq"',
};

/** What is wrong with how faces are laid for a network; null where nothing is. */
function templateFault({ task, template, inputs }: Contract | KnownNetwork): string | null {
  const expected = BY_FIVE_POINTS[task];
  if (expected === undefined) return null;
  // A swapper may have two pictures, each laid in its own way.
  const own = inputs.flatMap((port) => (port.kind === 'picture' ? [port.template ?? template] : []));
  const other = (task === 'swap' ? own : [template]).find((one) => fivePointsOfTemplate(one, 1) === null);
  return other ? `${expected}, but its contract says "${other.name}"` : null;
}

/** What is wrong between a contract's ports and its decoder, as a sentence without its full stop. */
function faultOf(contract: Contract | KnownNetwork, decoders: readonly AnyDecoder[]): string | null {
  const { inputs, outputs } = contract;
  const settings: DecoderSettings = contract.decoder;
  const decoder = decoderNamed(settings.kind, decoders);
  const missing = decoder.outputs(settings).find((name) => !outputs.some((port) => port.name === name));
  if (missing !== undefined) return `its decoder reads "${missing}", which is not among its outputs`;
  const pictures = inputs.filter(({ kind }) => kind === 'picture').map((port) => port.name);
  const named = decoder.inputs?.(settings);
  if (!named && pictures.length !== 1) {
    return `its inputs should have one picture among them, but have ${pictures.length}`;
  }
  const fed = named ?? pictures;
  const absent = fed.find((name) => !inputs.some((port) => port.name === name));
  if (absent !== undefined) return `its decoder feeds "${absent}", which is not among its inputs`;
  const fault =
    batchFault(contract.task, contract) ?? decoder.fault?.(settings, contract) ?? templateFault(contract) ?? null;
  if (fault !== null) return fault;
  const unfed = inputs.find((port) => !fed.includes(port.name) && !('value' in port));
  return unfed ? `nothing feeds its input "${unfed.name}": it should be a scalar with a "value"` : null;
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
export function outputNames({ decoder }: Contract): readonly string[] {
  const settings: DecoderSettings = decoder;
  return decoderNamed(settings.kind, DECODERS).outputs(settings);
}

/** Ids of the networks that a contract's decoder asks beside it. */
export function neededBy({ decoder }: Contract): readonly string[] {
  const settings: DecoderSettings = decoder;
  return decoderNamed(settings.kind, DECODERS).networks?.(settings) ?? [];
}

/** The decoder that a contract names. */
export function decoderOf<T extends Task>({ decoder }: ContractOf<T>): Extract<AnyDecoder, { task: T }> {
  return decoderNamed(decoder.kind, DECODERS) as Extract<AnyDecoder, { task: T }>;
}

/** The picture that a network of one picture is shown. */
export function pictureOf({ inputs }: Contract): PicturePort {
  const picture = inputs.find((port) => port.kind === 'picture');
  if (!picture) throw new TypeError('Unreachable: a contract was checked to have a picture.');
  return picture;
}

/** The picture of a name among a contract's inputs, which its decoder was checked to have. */
export function pictureNamed({ inputs }: Contract, name: string): PicturePort {
  const port = inputs.find((input) => input.name === name);
  if (port?.kind !== 'picture') throw new TypeError('Unreachable: a contract was checked to have a picture there.');
  return port;
}

function decoderNamed(kind: string, decoders: readonly AnyDecoder[]): AnyDecoder {
  const decoder = decoders.find((one) => one.kind === kind);
  if (!decoder) throw new TypeError(`Unreachable: the decoder "${kind}" was checked to be known.`);
  return decoder;
}

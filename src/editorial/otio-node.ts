import { z } from 'zod';
import { ShotListError } from './shot-list-error.ts';

/** An object of an OpenTimelineIO file: its schema's name, and where it lies in the file. */
export interface OtioNode {
  readonly schema: string;
  readonly where: string;
  readonly value: Readonly<Record<string, unknown>>;
}

/** Versions of each schema that are read. */
const KNOWN: Readonly<Record<string, readonly number[]>> = {
  Timeline: [1],
  Stack: [1],
  Track: [1],
  Clip: [1, 2],
  Gap: [1],
  Transition: [1],
  ExternalReference: [1],
  ImageSequenceReference: [1],
  GeneratorReference: [1],
  MissingReference: [1],
  LinearTimeWarp: [1],
  FreezeFrame: [1],
  TimeEffect: [1],
  Effect: [1],
  RationalTime: [1],
  TimeRange: [1],
};

const nodeSchema = z.looseObject({ OTIO_SCHEMA: z.string() });

/** @throws ShotListError for what is no object of a known schema and version, and is none of `expected` */
export function otioNode(value: unknown, where: string, file: string, expected: readonly string[]): OtioNode {
  const place = { file, where };
  const read = nodeSchema.safeParse(value);
  if (!read.success) {
    throw new ShotListError(
      place,
      `an object with OTIO_SCHEMA was expected, ${expected.join(' or ')}, but ${shown(value)} was found.`,
    );
  }
  const written = read.data.OTIO_SCHEMA;
  const [, schema = '', version = ''] = /^(\w+)\.(\d+)$/.exec(written) ?? [];
  if (!expected.includes(schema)) {
    throw new ShotListError(place, `${expected.join(' or ')} was expected, but "${written}" was found.`);
  }
  const versions = KNOWN[schema] ?? [];
  if (!versions.includes(Number(version))) {
    throw new ShotListError(
      place,
      `"${written}" is of a version that is not known; known are: ${versions.map((one) => `${schema}.${one}`).join(', ')}. Write the file for an older version.`,
    );
  }
  return { schema, where, value: read.data };
}

/** A field of an object as `schema` understands it. @throws ShotListError that names it */
export function otioField<T>(node: OtioNode, name: string, schema: z.ZodType<T>, file: string): T {
  const read = schema.safeParse(node.value[name]);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new ShotListError(
    { file, where: node.where },
    `"${[name, ...(issue?.path ?? [])].join('.')}" should be ${issue?.message ?? 'otherwise'}, but is ${shown(node.value[name])}.`,
  );
}

function shown(value: unknown): string {
  if (value === undefined) return 'missing';
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

import { z } from 'zod';

/** A number between two bounds, both allowed. `meaning` ends in the unit. */
export function number(from: number, to: number, meaning: string) {
  const error = `a number from ${from} to ${to}`;
  return z.number({ error }).min(from, { error }).max(to, { error }).describe(meaning);
}

/** A whole number between two bounds, both allowed. `meaning` ends in the unit. */
export function count(from: number, to: number, meaning: string) {
  const error = `a whole number from ${from} to ${to}`;
  return z.int({ error }).min(from, { error }).max(to, { error }).describe(meaning);
}

/** True or false. */
export function flag(meaning: string) {
  return z.boolean({ error: 'true or false' }).describe(meaning);
}

/** One of a few names. */
export function choice<const Names extends readonly [string, ...string[]]>(names: Names, meaning: string) {
  const quoted = names.map((name) => `"${name}"`);
  const last = quoted.pop() as string;
  const error = quoted.length === 0 ? last : `${quoted.join(', ')} or ${last}`;
  return z.enum(names, { error }).describe(meaning);
}

/** A network: an id of the model library, or the path of a contract. */
export function modelId(meaning: string) {
  const error = 'the id of a model (see "reelmend models list"), or the path of a contract’s .json file';
  return z.string({ error }).min(1, { error }).describe(meaning);
}

/** Settings that belong together: an object of a preset. */
export function group<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  return z.strictObject(shape, {
    error: (issue) => (issue.code === 'invalid_type' ? 'an object of settings' : undefined),
  });
}

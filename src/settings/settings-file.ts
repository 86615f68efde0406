import { readFile } from 'node:fs/promises';
import type { z } from 'zod';
import { PresetError } from './preset-error.ts';

/**
 * The JSON in `file`. `kind` names it to people: `Preset`, `Overrides`.
 *
 * @throws PresetError when it cannot be read or is not JSON.
 */
export async function readSettings(kind: string, file: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    const got = (cause as NodeJS.ErrnoException).code === 'ENOENT' ? 'no such file' : (cause as Error).message;
    throw new PresetError(
      `${kind} "${file}" cannot be read: ${got}. Check the path.`,
      { file, expected: 'a readable file', got },
      { cause },
    );
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    const got = (cause as Error).message;
    throw new PresetError(
      `${kind} "${file}" is not valid JSON: ${got}. Correct it there.`,
      { file, expected: 'JSON', got },
      { cause },
    );
  }
}

/**
 * `value` as `schema` understands it.
 *
 * @throws PresetError that names the first setting that does not fit, what was expected there and what was found.
 */
export function parseSettings<Schema extends z.ZodType>(
  kind: string,
  file: string,
  schema: Schema,
  value: unknown,
): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw refusal(kind, file, firstIssue(result.error), value);
}

function firstIssue(error: z.ZodError): z.core.$ZodIssue {
  const [issue] = error.issues;
  if (!issue) throw new Error('Unreachable: a failed parse without an issue.');
  return issue;
}

function refusal(kind: string, file: string, issue: z.core.$ZodIssue, root: unknown): PresetError {
  if (issue.code === 'unrecognized_keys') {
    const key = [...issue.path, issue.keys[0]].join('.');
    return new PresetError(`${kind} "${file}": "${key}" is not a setting. Remove it, or correct its spelling.`, {
      file,
      key,
      expected: 'a known setting',
      got: key,
    });
  }
  const key = issue.path.join('.');
  const got = describe(valueAt(root, issue.path));
  const expected = issue.message;
  const subject = key ? `"${key}"` : 'the file';
  return new PresetError(`${kind} "${file}": ${subject} should be ${expected}, but is ${got}. Correct it there.`, {
    file,
    key: key || undefined,
    expected,
    got,
  });
}

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  let value = root;
  for (const key of path) value = (value as Record<PropertyKey, unknown> | undefined)?.[key];
  return value;
}

const SHOWN = 60;

function describe(value: unknown): string {
  if (value === undefined) return 'missing';
  const text = JSON.stringify(value);
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}

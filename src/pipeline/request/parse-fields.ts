import type { z } from 'zod';
import { closestName } from '../../settings/closest-name.ts';
import { UsageError } from '../../settings/usage-error.ts';
import type { FieldName } from './field-name.ts';
import { modelsSchema } from './request-schemas.ts';

/** A request as its schema understands it. @throws UsageError that names the first fault */
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
    const known = field === 'models' ? Object.keys(modelsSchema.shape) : fields;
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

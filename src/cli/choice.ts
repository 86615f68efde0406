import { closestName } from '../settings/closest-name.ts';
import { UsageError } from '../settings/usage-error.ts';

/**
 * The value of a flag that has a few.
 *
 * @throws UsageError that lists them, with the one that was likely meant.
 */
export function parseChoice<Choice extends string>(flag: string, value: string, choices: readonly Choice[]): Choice {
  const chosen = choices.find((choice) => choice === value);
  if (chosen !== undefined) return chosen;
  const meant = closestName(value, choices);
  const advice = meant ? ` Did you mean "${meant}"?` : '';
  throw new UsageError(`${flag} "${value}" is not one of ${choices.join(', ')}.${advice}`);
}

import { restorerNamed } from '../../restore/restorer-choice.ts';
import type { RestorerDefinition } from '../../restore/restorer-definition.ts';
import { RESTORERS } from '../../restore/restorers.ts';
import type { SettingChanges } from '../../settings/setting-changes.ts';
import { UsageError } from '../../settings/usage-error.ts';
import type { FieldName } from './field-name.ts';

/** Fields of a request that name networks which are settings of a preset: shorter than those. */
export interface NetworkFlags {
  readonly restorer?: string | undefined;
  readonly model?: string | undefined;
  readonly enhancer?: string | undefined;
  readonly masker?: readonly string[] | undefined;
}

/**
 * The settings that a request's networks stand for: `model` is the chosen restorer's own network, `enhancer` the one that makes a face
 * finer, `masker` those that see what is before a face.
 *
 * @throws UsageError where the restorer is not named, or has no such network
 */
export function networkSettings({ restorer, model, enhancer, masker }: NetworkFlags, name: FieldName): SettingChanges {
  const changes: Record<string, unknown> = {};
  for (const [field, id] of [['model', model] as const, ['enhancer', enhancer] as const]) {
    if (id !== undefined) changes[settingOf(field, restorer, `${name(field)} ${id}`, name)] = id;
  }
  if (masker && masker.length > 0)
    changes['masking.models'] = masker.flatMap((text) => text.split(',').map((id) => id.trim()));
  return changes;
}

function settingOf(
  field: 'model' | 'enhancer',
  restorer: string | undefined,
  written: string,
  name: FieldName,
): string {
  const takers = RESTORERS.flatMap((one) => settingIn(one, field) ?? []).map((setting) => setting.split('.')[0]);
  if (restorer === undefined) {
    throw new UsageError(
      `${written}: it is a network of a restorer. Name the restorer too, such as ${name('restorer')} ${takers[0]}.`,
    );
  }
  const setting = settingIn(restorerNamed(RESTORERS, restorer), field);
  if (setting !== null) return setting;
  throw new UsageError(
    `${written}: the restorer "${restorer}" takes no such network. ${name('restorer')} ${takers.join(' or ')} does; or leave it out.`,
  );
}

/** The setting of a restorer that a field stands for; null where it has none. */
function settingIn({ name, settings }: RestorerDefinition, field: 'model' | 'enhancer'): string | null {
  // What the restorer "enhance" is for is its own network.
  const own = field === 'enhancer' && name === 'enhance' ? 'model' : field;
  return own in settings.shape ? `${name}.${own}` : null;
}

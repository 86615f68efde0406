import type { z } from 'zod';
import { restorerNamed } from '../../restore/restorer-choice.ts';
import type { RestorerDefinition } from '../../restore/restorer-definition.ts';
import { RESTORERS } from '../../restore/restorers.ts';
import { UsageError } from '../../settings/usage-error.ts';
import type { FieldName } from './field-name.ts';
import { DEFAULTS } from './request.ts';
import type { restoreSchema } from './request-schemas.ts';

/** Fields that say something of frames that follow each other, of one output, or of what is written beside it. */
const OF_REELS = [
  ...(['range', 'shots', 'rate', 'allowGaps', 'overrides', 'codec', 'as', 'startNumber', 'declare'] as const),
  ...(['mattes', 'patches', 'tracks', 'masters', 'mastersFolder', 'keepWork'] as const),
] as const;

/** Refuses what means nothing where every picture is restored by itself. @throws UsageError */
export function checkEach(values: z.output<typeof restoreSchema>, name: FieldName): void {
  const defaults: Readonly<Record<string, unknown>> = DEFAULTS;
  const given = OF_REELS.find((field) => {
    const value = values[field];
    return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== defaults[field];
  });
  if (given) {
    throw new UsageError(
      `${name(given)} is for reels: with ${name('each')} every picture is restored by itself, in its own kind and under its own name. Leave one of the two out.`,
    );
  }
  for (const [field, people] of [
    ['references', values.references],
    ['find', values.find],
  ] as const) {
    const ofReel = people.find((one) => (typeof one === 'string' ? /^([^=\\/]*=)?reel:/.test(one) : one.frames));
    if (ofReel) {
      throw new UsageError(
        `${name(field)} ${typeof ofReel === 'string' ? ofReel : `of "${ofReel.name}"`}: pictures of ${name('each')} have no frame numbers. Give files or folders of stills.`,
      );
    }
  }
  if (values.restorer !== undefined) assertAlone(values.restorer, values.references.length > 0, name);
}

/** @throws UsageError where a restorer does nothing to pictures without neighbours, or not without stills */
export function assertAlone(asked: string, hasStills: boolean, name: FieldName): void {
  const restorer = restorerNamed(RESTORERS, asked);
  const names = (of: (one: RestorerDefinition) => boolean) => {
    const all = RESTORERS.filter((one: RestorerDefinition) => one.alone && !one.hides && of(one)).map(
      (one) => one.name,
    );
    return all.length > 1 ? `${all.slice(0, -1).join(', ')} or ${all.at(-1)}` : all.join('');
  };
  if (!restorer.alone) {
    throw new UsageError(
      `${name('restorer')} ${asked} restores a face from the frames before and behind it, and pictures of ${name('each')} have none. Take ${name('restorer')} ${names(() => true)}.`,
    );
  }
  if (hasStills || restorer.needs.stills === 'none') return;
  throw new UsageError(
    `${name('each')} with ${name('restorer')} ${asked} needs the faces to restore with: a picture by itself has nothing else. Add ${name('references')} and a still, or a folder of stills, of each person; or take ${name('restorer')} ${names((one) => one.needs.stills === 'none' && !one.hides)}, which needs none.`,
  );
}

import { resolve } from 'node:path';
import type { z } from 'zod';
import { parseRational, type Rational } from '../../film/rational.ts';
import { restorerNamed } from '../../restore/restorer-choice.ts';
import { RESTORERS } from '../../restore/restorers.ts';
import { readAuthorisation } from '../../settings/authorisation.ts';
import { settingsSchema } from '../../settings/preset-schema.ts';
import { checkChanges } from '../../settings/setting-changes.ts';
import { UsageError } from '../../settings/usage-error.ts';
import type { InspectJob, PreviewJob, RenderJob, RestoreJob } from '../job.ts';
import { assertAuthorised } from './check-authorised.ts';
import { checkEach } from './check-each.ts';
import { checkNeeded } from './check-needed.ts';
import { checkPeople } from './check-people.ts';
import { asField, type FieldName } from './field-name.ts';
import { type NetworkFlags, networkSettings } from './network-flags.ts';
import { parsed } from './parse-fields.ts';
import { checkedRange, parseRange } from './parse-range.ts';
import { parsePeople } from './person-stills.ts';
import { checkShown, previewFolder, versionsOf } from './preview-versions.ts';
import type { InspectRequest, PreviewRequest, RestoreFacesRequest, RestoreRequest } from './request.ts';
import { inspectSchema, previewSchema, restoreFacesSchema, restoreSchema } from './request-schemas.ts';

/**
 * A request to inspect with every default filled in and every path absolute.
 *
 * @param name how errors name fields: as a program's, or as the command line's
 * @throws UsageError for an unknown field, or a value that means nothing
 */
export function parseInspect(request: InspectRequest, name: FieldName = asField): InspectJob {
  const values = parsed(inspectSchema, request, name);
  return { ...values, ...reelOf(values, name), ...peopleOf({ ...values, references: [] }, name) };
}

/** The same for a request to restore. @throws UsageError also where the people given contradict each other, or a field would do nothing. */
export function parseRestore(request: RestoreRequest, name: FieldName = asField): RestoreJob {
  const values = parsed(restoreSchema, request, name);
  checkNeeded(values, name);
  if (values.each) checkEach(values, name);
  const job: RestoreJob = {
    ...values,
    ...reelOf(values, name),
    ...peopleOf(values, name),
    ...placesOf(values),
    authorisation: authorisationOf(values, name),
    report: absolute(values.report),
    mastersFolder: absolute(values.mastersFolder),
  };
  checkRestorer(job, name);
  return job;
}

/** The same for a request to show what restoring would do. @throws UsageError also where it asks for too much at once. */
export function parsePreview(request: PreviewRequest, name: FieldName = asField): PreviewJob {
  const { vary, out, ...values } = parsed(previewSchema, request, name);
  checkShown(values, name);
  const reel = reelOf(values, name);
  const job: PreviewJob = {
    ...values,
    ...reel,
    ...peopleOf(values, name),
    authorisation: authorisationOf(values, name),
    out: resolve(out ?? previewFolder(reel.reel)),
    versions: versionsOf(vary, name),
  };
  for (const { restorer = job.restorer } of job.versions.length > 0 ? job.versions : [{}]) {
    checkRestorer({ ...job, restorer }, name);
  }
  return job;
}

/** The same for a request to restore faces that are tracked already. */
export function parseRestoreFaces(request: RestoreFacesRequest): RenderJob {
  const values = parsed(restoreFacesSchema, request, asField);
  checkNeeded(values, asField);
  const authorisation = authorisationOf(values, asField);
  const job: RenderJob = { ...values, ...peopleOf(values, asField), ...placesOf(values), authorisation };
  checkRestorer(job, asField);
  return job;
}

type Values = z.output<typeof restoreSchema>;

/** The reel's place, range, rate and list of shots, each parsed. */
export function reelOf(
  { reel, range, rate, shots }: Pick<Values, 'reel' | 'range' | 'rate'> & Partial<Pick<Values, 'shots'>>,
  name: FieldName,
) {
  return {
    reel: resolve(reel),
    shots: absolute(shots),
    range: typeof range === 'string' ? parseRange(range, name('range')) : range && checkedRange(range, name('range')),
    rate: typeof rate === 'string' ? parseRate(rate, name('rate')) : rate,
  };
}

function peopleOf(
  {
    references,
    find,
    models,
    overrides,
    settings: changed,
    ...networks
  }: Pick<Values, 'references' | 'find' | 'models' | 'overrides' | 'settings'> & NetworkFlags,
  name: FieldName,
) {
  const settings = { ...changed, ...networkSettings(networks, name) };
  checkChanges(settings, settingsSchema(RESTORERS), name('settings'));
  return {
    settings,
    references: parsePeople(name('references'), references, 'restore'),
    find: parsePeople(name('find'), find, 'find'),
    models: Object.fromEntries(Object.entries(models).filter(([, id]) => id !== undefined)),
    overrides: absolute(overrides),
  };
}

/** Refuses a restorer that lacks what it needs: stills, or a record that allows it. */
function checkRestorer(
  job: Pick<RestoreJob, 'references' | 'find' | 'restorer' | 'faces' | 'except' | 'authorisation'>,
  name: FieldName,
) {
  checkPeople(job, name);
  if (job.restorer !== undefined) assertAuthorised([restorerNamed(RESTORERS, job.restorer)], job, { name });
}

function authorisationOf({ authorisation }: Pick<Values, 'authorisation'>, name: FieldName) {
  return authorisation === undefined ? undefined : readAuthorisation(resolve(authorisation), name('authorisation'));
}

function placesOf({ out, mattes, patches, tracks }: Pick<Values, 'out' | 'mattes' | 'patches' | 'tracks'>) {
  return { out: resolve(out), mattes: absolute(mattes), patches: absolute(patches), tracks: absolute(tracks) };
}

function absolute(given: string | undefined): string | undefined {
  return given === undefined ? undefined : resolve(given);
}

function parseRate(text: string, name: string): Rational {
  try {
    const rate = parseRational(text);
    if (rate.num > 0) return rate;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  throw new UsageError(`${name} "${text}" is not a rate. Write it as 24, 24000/1001 or 23.976.`);
}

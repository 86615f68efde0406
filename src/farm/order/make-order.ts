import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, isAbsolute, relative } from 'node:path';
import { makeFolder } from '../../disk/durable.ts';
import { lengthOf } from '../../film/range.ts';
import { fillStore } from '../../model/fill-store.ts';
import { acceptedOn } from '../../model/licence/accepted-licences.ts';
import { licenceUse } from '../../model/licence/licence-use.ts';
import { withNeeded } from '../../model/needed-networks.ts';
import { openAnalysisResources } from '../../pipeline/analysis/analysis-resources.ts';
import { type BegunAnalysis, beginAnalysis } from '../../pipeline/analysis/begin-analysis.ts';
import { pullModels } from '../../pipeline/analysis/pull-models.ts';
import { joinedRanges } from '../../pipeline/analysis/range-plan.ts';
import { readPeople } from '../../pipeline/analysis/read-people.ts';
import { spansOf } from '../../pipeline/analysis/track-spans.ts';
import type { RestoreJob } from '../../pipeline/job.ts';
import { assertMasters } from '../../pipeline/master/masters-of-run.ts';
import { assertRunAuthorised } from '../../pipeline/render/authorised-run.ts';
import { paintingsOf, restorerNetworks } from '../../pipeline/render/choose-restorer.ts';
import { assertNetworks } from '../../pipeline/render/networks-of-run.ts';
import type { RunOptions } from '../../pipeline/run-options.ts';
import { assertPublishable } from '../../pipeline/work/output-life.ts';
import { assertTargetFits, openTarget, placeOf } from '../../pipeline/work/run-target.ts';
import { RESTORERS } from '../../restore/restorers.ts';
import { hashOf } from '../../settings/canonical-json.ts';
import { loadPreset } from '../../settings/preset.ts';
import { UsageError } from '../../settings/usage-error.ts';
import { giveFiles } from './given-files.ts';
import { writeToken } from './mount-token.ts';
import {
  type Order,
  type OrderPlace,
  type OrderSpan,
  orderFiles,
  ownVersions,
  readOrder,
  writeOrder,
} from './order.ts';
import { endedWhole, type OrderEnd, readOrderEnd } from './order-end.ts';

/** An order that was made, or was there. */
export interface MadeOrder {
  readonly order: Order;
  readonly place: OrderPlace;
  /** True where the same had been submitted before. */
  readonly known: boolean;
  /** How it has ended; null where it has not. */
  readonly end: OrderEnd | null;
  /** Ids of the networks that its steps may open. */
  readonly networks: readonly string[];
}

/** Frames of a span: as many that a reel of any length is shared by several machines, and not so few that reading their ends costs much. */
const SPAN = { least: 240, most: 1500, count: 64 } as const;

/**
 * Plans how several machines restore a reel, and writes the order beside its output. All that can be refused is refused now.
 *
 * @param span frames of a span; default: by the reel's length
 * @throws what `restoreReel` does before its first frame
 */
export async function makeOrder(asked: RestoreJob, options: RunOptions, span?: number): Promise<MadeOrder> {
  if (asked.each) {
    throw new UsageError(
      'submit: --each is for one machine, which restores every picture by itself. Use "reelmend restore … --each".',
    );
  }
  using resources = await openAnalysisResources(asked, options);
  await assertMasters(asked);
  // What is wrong is told of the file that was given, not of its copy.
  await loadPreset(asked.preset, RESTORERS, asked.settings);
  const place = placeOf(asked);
  const { work } = place;
  const isNew = !existsSync(work);
  await makeFolder(orderFiles(work).folder);
  const job = await giveFiles(asked, orderFiles(work).given);
  await using begun = await beginAnalysis(job, resources, options, async (opened) => {
    assertRunAuthorised(job, opened);
    await assertNetworks(job, opened, resources.library);
    await assertTargetFits(job, opened.reel);
  });
  const { reel, preset, chosen, asked: range } = begun;
  await readPeople(job, begun.settled, begun.networks, resources.pictures);
  const painting = restorerNetworks(RESTORERS, paintingsOf({ preset, request: job }, chosen));
  await pullModels(resources.library, painting, options);
  const networks = await withNeeded(resources.library, [...Object.keys(begun.networks.facts.models), ...painting]);

  const accepted: string[] = [];
  for (const id of networks) {
    const contract = await resources.library.contract(id);
    if (licenceUse(contract) !== 'free' && (await acceptedOn(contract)) !== null) accepted.push(id);
  }
  const called = await fillStore(resources.library, networks, orderFiles(work).store);
  const { ffmpeg: _, ...portable } = { ...withNames(job, called), acceptLicence: accepted };
  const facts = {
    print: begun.known.print,
    versions: ownVersions(resources.ffmpeg.version),
    frames: lengthOf(range),
    spans: orderSpans(begun, span),
  };
  const id = hashOf({ ...facts, job: withoutPlace(portable, dirname(job.out)) });
  const end = await readOrderEnd(place, { id });
  const before = await readOrder(work).catch(() => null);
  if (before?.id === id) return { order: before, place, known: true, end, networks };
  const target = await openTarget(job, { reel, range }, { ...place, untouched: false }, resources.ffmpeg);
  if (end === null) await assertPublishable(place, target);
  const order: Order = {
    ...{ id, ...facts, job: portable },
    token: await writeToken(orderFiles(work).folder),
    submitted: new Date().toISOString(),
    by: hostname(),
  };
  // There is nothing to do, and nothing is to be left that says otherwise.
  if (end && endedWhole(end) && isNew && !existsSync(orderFiles(work).order))
    await rm(work, { recursive: true, force: true });
  else await writeOrder(work, order, reel);
  return { order, place, known: false, end, networks };
}

/** The parts of a reel whose tracks an order needs, in spans. */
function orderSpans({ reel, asked, wanted }: BegunAnalysis, span?: number): OrderSpan[] {
  const length = span ?? Math.min(SPAN.most, Math.max(SPAN.least, Math.ceil(lengthOf(asked) / SPAN.count)));
  return joinedRanges(wanted(asked), []).flatMap((range) =>
    spansOf(reel, range, length).map((own) => ({ range, own })),
  );
}

/** A job whose networks are called as machines of the farm know them, where it names the file of a contract. */
function withNames(job: RestoreJob, called: ReadonlyMap<string, string>): RestoreJob {
  const name = (value: unknown): unknown =>
    Array.isArray(value) ? value.map(name) : typeof value === 'string' ? (called.get(value) ?? value) : value;
  const renamed = <T extends object>(values: T): T =>
    Object.fromEntries(Object.entries(values).map(([key, value]) => [key, name(value)])) as T;
  return { ...job, models: renamed(job.models), settings: renamed(job.settings) };
}

/** A job as it is known, wherever its storage is mounted: its paths seen from the folder of its output. */
function withoutPlace(value: unknown, folder: string): unknown {
  if (typeof value === 'string') return isAbsolute(value) ? relative(folder, value) : value;
  if (Array.isArray(value)) return value.map((one) => withoutPlace(one, folder));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withoutPlace(one, folder)]));
}

import { join } from 'node:path';
import { cacheFolder } from '../../disk/cache-folder.ts';
import type { FrameRange } from '../../film/range.ts';
import type { InspectJob } from '../job.ts';
import type { RunOptions } from '../run-options.ts';
import { damageEvents, trackedEvent } from './analysis-events.ts';
import type { AnalysisResources } from './analysis-resources.ts';
import { type BegunAnalysis, beginAnalysis, type OpenedReel } from './begin-analysis.ts';
import { castTracked } from './cast-tracked.ts';
import { withDamage } from './decoded-damage.ts';
import { readPeople } from './read-people.ts';
import type { ReelAnalysis } from './reel-analysis.ts';
import { openTrackCache } from './track-cache.ts';
import { keepsTracks, trackRange } from './track-range.ts';
import type { TrackedReel } from './tracked-reel.ts';

/** The tracks of a range, and sentences for the person who asked. */
export interface FoundTracks {
  readonly range: FrameRange;
  readonly tracked: TrackedReel;
  readonly notes: readonly string[];
}

/**
 * Opens the reel, tracks its faces or reads kept tracks, and casts them.
 *
 * @param request.widens where the tracks of the whole reel are kept, it is analysed whole, whichever frames were asked for
 * @param isUsable called once the reel is open and its shots are chosen, before anything costs time; may throw
 */
export async function analyse(
  request: InspectJob & { readonly widens?: boolean },
  resources: AnalysisResources,
  options: RunOptions,
  isUsable?: (opened: OpenedReel) => Promise<void>,
): Promise<ReelAnalysis> {
  await using begun = await beginAnalysis(request, resources, options, isUsable);
  return await castBegun(request, begun, { ...resources, ...options }, () => tracksOf(request, begun, options));
}

/** Casts the tracks of a begun analysis. @param find finds them, after the people's stills were read */
export async function castBegun(
  request: InspectJob,
  { reel: opened, preset, chosen, settled, known, networks, notes }: BegunAnalysis,
  { pictures, onEvent }: Pick<AnalysisResources, 'pictures'> & Pick<RunOptions, 'onEvent'>,
  find: () => Promise<FoundTracks>,
): Promise<ReelAnalysis> {
  const people = await readPeople(request, settled, networks, pictures);
  const found = await find();
  const reel = withDamage(opened, found.range, found.tracked.damaged);
  for (const event of damageEvents(reel, found.range)) onEvent(event);
  onEvent(trackedEvent(found.tracked, found.range));
  return castTracked(
    request,
    { preset, networks: networks.facts, people },
    {
      ...{ ...known, reel, range: found.range, chosen, tracked: found.tracked },
      notes: [...notes, ...people.notes, ...found.notes],
    },
  );
}

async function tracksOf(
  request: InspectJob & { readonly widens?: boolean },
  { asked, whole, wanted, trackKey, tracking }: BegunAnalysis,
  options: RunOptions,
): Promise<FoundTracks> {
  const cache = request.cache ? openTrackCache(join(cacheFolder(), 'tracks'), trackKey) : null;
  const range = request.widens && cache && (await keepsTracks(whole, cache)) ? whole : asked;
  return { range, ...(await trackRange(range, { cache, wanted: wanted(range) }, tracking, options)) };
}

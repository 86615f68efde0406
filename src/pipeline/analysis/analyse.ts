import { join } from 'node:path';
import { cacheFolder } from '../../disk/cache-folder.ts';
import { isStoredUpright, type Reel } from '../../film/reel.ts';
import type { Ffmpeg } from '../../media/ffmpeg/ffmpeg.ts';
import { probeReel } from '../../media/read/probe-reel.ts';
import { assertAccepted } from '../../model/licence/accepted-licences.ts';
import { RESTORERS } from '../../restore/restorers.ts';
import { loadPreset } from '../../settings/preset.ts';
import { settledPreset } from '../../settings/settled-preset.ts';
import type { InspectJob } from '../job.ts';
import type { RunOptions } from '../run-options.ts';
import type { AnalysisResources } from './analysis-resources.ts';
import { castTracked, knownReel } from './cast-tracked.ts';
import { chooseModels, modelIds } from './choose-models.ts';
import { askedList, chosenShots, framesToTrack } from './chosen-shots.ts';
import { withDamage } from './decoded-damage.ts';
import { framesAsked } from './frame-range.ts';
import { openNetworks } from './open-networks.ts';
import { readPeople, trackingOrigin } from './read-people.ts';
import type { ReelAnalysis } from './reel-analysis.ts';
import { openTrackCache } from './track-cache.ts';
import { keepsTracks, trackRange } from './track-range.ts';

/**
 * Opens the reel, tracks its faces or reads kept tracks, and casts them.
 *
 * @param request.widens where the tracks of the whole reel are kept, it is analysed whole, whichever frames were asked for
 * @param isUsable called once the reel is open and its shots are chosen, before anything costs time; may throw
 */
export async function analyse(
  request: InspectJob & { readonly widens?: boolean },
  { ffmpeg, library, pictures }: AnalysisResources,
  options: RunOptions,
  isUsable: (opened: OpenedReel) => Promise<void> = async () => {},
): Promise<ReelAnalysis> {
  const { signal } = options;
  const preset = await loadPreset(request.preset, RESTORERS, request.settings);
  const list = await askedList(request);
  const opened = await openedReel(request, ffmpeg, options);
  const asked = framesAsked(opened, request.range);
  const { chosen, notes: listed } = await chosenShots(list, request, { reel: opened, range: asked, preset });
  await isUsable({ reel: opened, preset, chosen });
  await assertAccepted(library, modelIds(await chooseModels(library, { ...preset.models, ...request.models }, 'cpu')));
  const known = await knownReel(request, opened, signal);

  await using networks = await openNetworks(request, preset, library, options);
  const settled = settledPreset(preset, networks.facts);
  const people = await readPeople(request, settled, networks, pictures);

  const cache = request.cache
    ? openTrackCache(join(cacheFolder(), 'tracks'), {
        ...trackingOrigin(networks.facts),
        print: known.print,
        ffmpeg: ffmpeg.version,
        transfer: opened.transfer,
        ...(isStoredUpright(opened) ? {} : { stored: opened.stored }),
        ...(request.layer === undefined ? {} : { layer: request.layer }),
        settings: {
          proxy: preset.proxy,
          tracking: settled.tracking,
          carrying: preset.carrying,
          smoothing: preset.smoothing,
        },
        reuse: request.reuse,
      })
    : null;
  const whole = framesAsked(opened, undefined);
  const range = request.widens && cache && (await keepsTracks(whole, cache)) ? whole : asked;
  const input = { reel: opened, preset: settled, reuse: request.reuse, ffmpeg, networks, signal };
  const { tracked, notes } = await trackRange(range, { cache, wanted: framesToTrack(chosen, range) }, input, options);
  const reel = withDamage(opened, range, tracked.damaged);
  return castTracked(
    request,
    { preset, networks: networks.facts, people },
    {
      ...known,
      reel,
      range,
      chosen,
      tracked,
      notes: [...(opened.notes ?? []), ...listed, ...people.notes, ...notes],
    },
  );
}

/** What is known before anything costs time. */
export interface OpenedReel extends Pick<ReelAnalysis, 'reel' | 'preset' | 'chosen'> {}

async function openedReel(
  { reel, transfer, allowGaps, rate, layer }: InspectJob,
  ffmpeg: Ffmpeg,
  { onProgress, signal }: RunOptions,
): Promise<Reel> {
  onProgress({ stage: 'reading', done: 0, total: 0, unit: 'frames' });
  const onRead = (done: number, total: number) => onProgress({ stage: 'reading', done, total, unit: 'frames' });
  return probeReel(reel, { transfer, allowGaps, rate, layer, onRead }, ffmpeg, signal);
}

import { join } from 'node:path';
import { TRACKING_VERSION } from '../../carry/track/tracking-version.ts';
import { cacheFolder } from '../../disk/cache-folder.ts';
import { contains, type FrameRange, lengthOf } from '../../film/range.ts';
import type { Reel } from '../../film/reel.ts';
import { ReelError } from '../../film/reel-error.ts';
import type { Ffmpeg } from '../../media/ffmpeg/ffmpeg.ts';
import { probeReel } from '../../media/read/probe-reel.ts';
import { RESTORERS } from '../../restore/restorers.ts';
import { hashOf } from '../../settings/canonical-json.ts';
import { NO_OVERRIDES, parseOverrides } from '../../settings/overrides.ts';
import { loadPreset } from '../../settings/preset.ts';
import { openRemote } from '../../workers/rpc.ts';
import type { TrackingService } from '../../workers/tracking-service.ts';
import type { InspectJob } from '../job.ts';
import type { RunOptions } from '../run-options.ts';
import { type PersonReferences, stillReader } from '../stills/people.ts';
import { openStillFaceCache } from '../stills/still-face-cache.ts';
import type { AnalysisResources } from './analysis-resources.ts';
import { limitNotes } from './audit-report.ts';
import { castOverrides } from './cast-overrides.ts';
import { castReel } from './cast-reel.ts';
import { chooseModels, modelIds } from './choose-models.ts';
import { framesAsked } from './frame-range.ts';
import { pinnedTracks } from './pinned-tracks.ts';
import { pullModels } from './pull-models.ts';
import type { ReelAnalysis } from './reel-analysis.ts';
import { reelPrint } from './reel-print.ts';
import { openTrackCache } from './track-cache.ts';
import { trackRange } from './track-range.ts';

/**
 * Opens the reel, finds its faces (or remembers them) and decides whom they play.
 *
 * @param isUsable called once the reel is open, before anything costs time; may throw
 */
export async function analyse(
  request: InspectJob,
  { ffmpeg, library, pictures }: AnalysisResources,
  options: RunOptions,
  isUsable: (reel: Reel) => Promise<void> = async () => {},
): Promise<ReelAnalysis> {
  const { signal } = options;
  const preset = await loadPreset(request.preset, RESTORERS);
  const opened = await openedReel(request, ffmpeg, options);
  const notes = [...(opened.notes ?? [])];
  await isUsable(opened);
  const range = framesAsked(opened, request.range);
  const overrides = request.overrides ? await parseOverrides(request.overrides, opened) : NO_OVERRIDES;
  const print = await reelPrint(opened, { verify: request.verifyReel, signal });

  const choice = await chooseModels(library, { ...preset.models, ...request.models }, request.device);
  const models = await pullModels(library, modelIds(choice), options);
  await using tracking = openRemote<TrackingService>('tracking-worker');
  const networks = await tracking.call('open', choice);
  notes.push(...networks.notes);
  const { runtime, device } = networks;
  const made = { version: TRACKING_VERSION, runtime, device, models };

  // A reference that cannot be used is worth knowing before an hour of looking.
  const threshold = preset.tracking.detectorThreshold;
  const faces = openStillFaceCache(join(cacheFolder(), 'stills'), hashOf({ ...made, threshold }));
  const reader = stillReader(pictures, tracking, faces, threshold);
  const references: PersonReferences[] = [];
  for (const person of request.references) references.push(await reader.read(person, '--reference'));
  const finds: PersonReferences[] = [];
  for (const person of request.find) finds.push(await reader.read(person, '--find'));
  notes.push(...reader.notes);

  const cache = request.cache
    ? openTrackCache(join(cacheFolder(), 'tracks'), {
        ...made,
        print,
        ffmpeg: ffmpeg.version,
        transfer: opened.transfer,
        settings: {
          proxy: preset.proxy,
          tracking: preset.tracking,
          carrying: preset.carrying,
          smoothing: preset.smoothing,
        },
        reuse: request.reuse,
      })
    : null;
  const input = { reel: opened, preset, reuse: request.reuse, ffmpeg, tracking, signal };
  const found = await trackRange(range, cache, input, options);
  const reel = withDamage(opened, range, found.tracked.damaged);
  const tracked = { ...found.tracked, tracks: pinnedTracks(found.tracked.tracks, overrides) };
  notes.push(...found.notes, ...limitNotes(tracked));

  const cast = castReel(
    request,
    { references, finds },
    { reel, range, tracks: tracked.tracks },
    {
      ...preset.casting,
      threshold: (preset.casting.threshold ?? networks.recogniserThreshold) + preset.casting.thresholdShift,
      overrides: castOverrides(overrides, tracked.tracks),
    },
  );
  return {
    reel,
    print,
    range,
    preset,
    overrides,
    models,
    device,
    tracked,
    ...cast,
    references,
    notes,
  };
}

async function openedReel(
  { reel, transfer, allowGaps, rate }: InspectJob,
  ffmpeg: Ffmpeg,
  { onProgress, signal }: RunOptions,
): Promise<Reel> {
  onProgress({ stage: 'reading', done: 0, total: 0, unit: 'frames' });
  const onRead = (done: number, total: number) => onProgress({ stage: 'reading', done, total, unit: 'frames' });
  return probeReel(reel, { transfer, allowGaps, rate, onRead }, ffmpeg, signal);
}

/** The reel with what decoding alone could tell to be damaged. @throws ReelError where nothing of the range can be decoded. */
function withDamage(reel: Reel, range: FrameRange, found: ReadonlyMap<number, string>): Reel {
  const damaged = new Map([...found, ...reel.damaged]);
  const bad = [...damaged].filter(([frame]) => contains(range, frame));
  if (bad.length >= lengthOf(range)) {
    throw new ReelError(
      `"${reel.path}": none of the ${lengthOf(range)} frames asked for can be decoded. The first: ${bad[0]?.[1]}. Check that the files are whole and of the kind that their names say.`,
    );
  }
  return { ...reel, damaged };
}

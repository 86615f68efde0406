import type { FrameRange } from '../../film/range.ts';
import { isStoredUpright, type Reel } from '../../film/reel.ts';
import type { Ffmpeg } from '../../media/ffmpeg/ffmpeg.ts';
import { probeReel } from '../../media/read/probe-reel.ts';
import { assertAccepted } from '../../model/licence/accepted-licences.ts';
import { RESTORERS } from '../../restore/restorers.ts';
import { loadPreset } from '../../settings/preset.ts';
import { type SettledPreset, settledPreset } from '../../settings/settled-preset.ts';
import type { InspectJob } from '../job.ts';
import type { RunOptions } from '../run-options.ts';
import type { AnalysisResources } from './analysis-resources.ts';
import { type KnownReel, knownReel } from './cast-tracked.ts';
import { chooseModels, modelIds } from './choose-models.ts';
import { askedList, chosenShots, framesToTrack } from './chosen-shots.ts';
import { framesAsked } from './frame-range.ts';
import { type OpenNetworks, openNetworks } from './open-networks.ts';
import { trackingOrigin } from './read-people.ts';
import type { ReelAnalysis } from './reel-analysis.ts';
import type { TrackKey } from './track-cache.ts';
import type { TrackingInput } from './track-frames.ts';

/** What is known before anything costs time. */
export interface OpenedReel extends Pick<ReelAnalysis, 'reel' | 'preset' | 'chosen'> {}

/** An analysis before its first frame: what is looked at, for what, and by which networks. */
export interface BegunAnalysis extends OpenedReel, AsyncDisposable {
  /** Of the reel, whatever was asked for. */
  readonly whole: FrameRange;
  readonly asked: FrameRange;
  readonly settled: SettledPreset;
  readonly known: KnownReel;
  readonly networks: OpenNetworks;
  /** What the tracks depend on. */
  readonly trackKey: TrackKey;
  readonly tracking: TrackingInput;
  /** Parts of a range whose tracks are needed. */
  wanted(range: FrameRange): FrameRange[];
  readonly notes: readonly string[];
}

/**
 * Opens a reel and the networks that look at it, and chooses its shots.
 *
 * @param isUsable called once the reel is open and its shots are chosen, before anything costs time; may throw
 * @param opened the reel, where it was opened before
 */
export async function beginAnalysis(
  request: InspectJob,
  { ffmpeg, library }: Pick<AnalysisResources, 'ffmpeg' | 'library'>,
  options: RunOptions,
  isUsable: (opened: OpenedReel) => Promise<void> = async () => {},
  opened?: Reel,
): Promise<BegunAnalysis> {
  const { signal } = options;
  const preset = await loadPreset(request.preset, RESTORERS, request.settings);
  const list = await askedList(request);
  const reel = opened ?? (await openedReel(request, ffmpeg, options));
  const asked = framesAsked(reel, request.range);
  const { chosen, notes } = await chosenShots(list, request, { reel, range: asked, preset });
  await isUsable({ reel, preset, chosen });
  await assertAccepted(library, modelIds(await chooseModels(library, { ...preset.models, ...request.models }, 'cpu')));
  const known = await knownReel(request, reel, signal);

  const networks = await openNetworks(request, preset, library, options);
  const settled = settledPreset(preset, networks.facts);
  return {
    ...{ reel, preset, chosen, asked, settled, known, networks },
    whole: framesAsked(reel, undefined),
    trackKey: {
      ...trackingOrigin(networks.facts),
      print: known.print,
      ffmpeg: ffmpeg.version,
      transfer: reel.transfer,
      ...(isStoredUpright(reel) ? {} : { stored: reel.stored }),
      ...(request.layer === undefined ? {} : { layer: request.layer }),
      settings: {
        proxy: preset.proxy,
        tracking: settled.tracking,
        carrying: preset.carrying,
        smoothing: preset.smoothing,
      },
      reuse: request.reuse,
    },
    tracking: { reel, preset: settled, reuse: request.reuse, ffmpeg, networks, signal },
    wanted: (range) => framesToTrack(chosen, range),
    notes: [...(reel.notes ?? []), ...notes],
    [Symbol.asyncDispose]: () => networks[Symbol.asyncDispose](),
  };
}

async function openedReel(
  { reel, transfer, allowGaps, rate, layer }: InspectJob,
  ffmpeg: Ffmpeg,
  { onProgress, signal }: RunOptions,
): Promise<Reel> {
  onProgress({ stage: 'reading', done: 0, total: 0, unit: 'frames' });
  const onRead = (done: number, total: number) => onProgress({ stage: 'reading', done, total, unit: 'frames' });
  return probeReel(reel, { transfer, allowGaps, rate, layer, onRead }, ffmpeg, signal);
}

import type { Ffmpeg } from '../../media/ffmpeg/ffmpeg.ts';
import type { Target } from '../../media/write/target.ts';
import { CPU, type RenderingDevice } from '../../render/rendering-device.ts';
import { RESTORERS } from '../../restore/restorers.ts';
import type { AnalysisResources } from '../analysis/analysis-resources.ts';
import { pullModels } from '../analysis/pull-models.ts';
import type { ReelAnalysis } from '../analysis/reel-analysis.ts';
import type { RenderJob, RestoreJob } from '../job.ts';
import { type CastTrack, castTracksToRender } from '../render/cast-track.ts';
import { paintingsOf, restorerNetworks } from '../render/choose-restorer.ts';
import { deviceEvent } from '../render/device-event.ts';
import { type HidingFacts, hidingFacts } from '../render/hiding-facts.ts';
import type { RunDevice } from '../render/run-device.ts';
import type { RunOptions } from '../run-options.ts';
import type { OutputPlace } from './output-life.ts';
import { planTakes, runKey } from './plan-takes.ts';
import { openTarget, placeOf } from './run-target.ts';
import type { KeyedTake } from './take-folders.ts';
import { originOf, type TakeOrigin } from './take-origin.ts';

/** A run before its first take: what it renders, and where to. */
export interface RunPlan {
  readonly analysis: ReelAnalysis;
  readonly place: OutputPlace;
  readonly target: Target;
  readonly ffmpeg: Ffmpeg;
  /** The faces that are restored. */
  readonly tracks: readonly CastTrack[];
  /** All of the output, in order. */
  readonly takes: readonly KeyedTake[];
  readonly origin: TakeOrigin;
  /** What its faces are to be rendered on, and why, as a sentence. */
  readonly device: RenderingDevice;
  readonly deviceReason: string;
  /** Null where no faces are to be hidden. */
  readonly hiding: HidingFacts | null;
  /** See `runKey`. */
  readonly key: string;
  /** The network by which faces are compared for the report: its id, and its hash. */
  readonly recogniser: { readonly id: string; readonly hash: string };
}

/**
 * Plans how an analysed reel is restored: gives the cast tracks their restorers and stills, opens the target, and cuts the reel into
 * takes.
 *
 * @param options.device chooses what faces are rendered on; not asked where there are none
 * @param options.renderVersion which pixels the program makes: takes are known by it
 */
export async function planRun(
  job: RenderJob & Pick<Partial<RestoreJob>, 'report'>,
  analysis: ReelAnalysis,
  resources: AnalysisResources,
  {
    device: runDevice,
    renderVersion,
    ...options
  }: RunOptions & { readonly device: Pick<RunDevice, 'choose'>; readonly renderVersion?: number },
): Promise<RunPlan> {
  const { ffmpeg, library } = resources;
  const { preset, chosen } = analysis;
  const paintings = paintingsOf({ preset, request: job }, chosen);
  const networks = await pullModels(library, restorerNetworks(RESTORERS, paintings), options);
  const tracks = await castTracksToRender(analysis, resources, job, options.signal);
  const { device, reason: deviceReason } = tracks.length > 0 ? await runDevice.choose() : NO_FACES;
  options.onEvent(deviceEvent({ device, reason: deviceReason }));
  const place = placeOf(job);
  const target = await openTarget(job, analysis, { ...place, untouched: tracks.length === 0 }, ffmpeg);
  const origin = originOf(analysis, ffmpeg, networks, renderVersion);
  const takes = planTakes(analysis, tracks, target, { ...origin, device });
  const key = runKey(takes, target, place.sides);
  const id = job.models.recogniser ?? preset.models.recogniser;
  const recogniser = { id, hash: analysis.models[id] ?? '' };
  const hiding = hidingFacts(analysis, tracks, job);
  return { analysis, place, target, ffmpeg, tracks, takes, origin, device, deviceReason, hiding, key, recogniser };
}

const NO_FACES = { device: CPU, reason: 'No face was to be restored.' };
